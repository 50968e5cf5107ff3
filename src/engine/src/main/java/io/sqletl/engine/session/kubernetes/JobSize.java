package io.sqletl.engine.session.kubernetes;

/** The sizes of the templates {@code smallJob}, {@code mediumJob} and {@code largeJob}. */
public enum JobSize {
  /** One executor of one core: some hundred megabytes of data. */
  SMALL(1, 1, "1g", "1g", "2Gi"),
  /** Two executors of two cores, which fill one xlarge node of the r family. */
  MEDIUM(2, 2, "10g", "3g", "4Gi"),
  /** Three executors of two cores. */
  LARGE(3, 2, "12g", "4g", "6Gi");

  private final int executors;
  private final int cores;
  private final String memory;
  private final String driverHeap;
  private final String driverPodMemory;

  JobSize(int executors, int cores, String memory, String driverHeap, String driverPodMemory) {
    this.executors = executors;
    this.cores = cores;
    this.memory = memory;
    this.driverHeap = driverHeap;
    this.driverPodMemory = driverPodMemory;
  }

  /** How many executors. */
  public int executors() {
    return executors;
  }

  /** Tasks that one executor runs at a time. */
  public int cores() {
    return cores;
  }

  /** The heap of one executor, as the JVM writes it. */
  public String memory() {
    return memory;
  }

  /** The heap that the template gives to the driver, as the JVM writes it. */
  public String driverHeap() {
    return driverHeap;
  }

  /** The memory that the template requests for the driver's pod, as Kubernetes writes it. */
  public String driverPodMemory() {
    return driverPodMemory;
  }
}
