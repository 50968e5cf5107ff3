package io.sqletl.platform;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a node leaves to pods, reckoned from its instance type a little below what it is: EKS keeps
 * some CPU and memory for the system, and of memory the kernel does not show all.
 *
 * @param cpus vCPUs
 * @param memoryGiB memory of the instance
 * @param diskGiB root volume
 */
record NodeCapacity(int cpus, int memoryGiB, int diskGiB) {

  private static final String TAG = "k8s.io/cluster-autoscaler/node-template/resources/";

  /**
   * The capacity of a type.
   *
   * @param type xlarge or a multiple of it, such as r6i.2xlarge
   */
  static NodeCapacity of(String type, int diskGiB) {
    int cpus = cpus(type);
    return new NodeCapacity(cpus, cpus * gibOfCpu(type), diskGiB);
  }

  /** Four for each "x": 4 of xlarge, 32 of 8xlarge. */
  static int cpus(String type) {
    String times = type.replaceAll("^[^.]*\\.|xlarge$", "");
    return 4 * (times.isEmpty() ? 1 : Integer.parseInt(times));
  }

  /** By the class of the type; of one that is not known, as little as there is. */
  private static int gibOfCpu(String type) {
    return switch (type.charAt(0)) {
      case 'm' -> 4;
      case 'r', 'i' -> 8;
      case 'x', 'u' -> 16;
      default -> 2;
    };
  }

  /** CPU for pods, in thousandths: EKS keeps 6 % of the first, 1 %, twice 0.5 %, then 0.25 %. */
  int milliCpus() {
    int kept = 60 + 10 + 5 + 5 + (int) Math.ceil((cpus - 4) * 2.5);
    return cpus * 1000 - kept;
  }

  /** Memory for pods in MiB: EKS keeps 11 MiB for each pod and 255, the kubelet 100. */
  int memoryMiB() {
    return memoryGiB * 1024 * 95 / 100 - 255 - 11 * mostPods() - 100;
  }

  /** As many as the network interfaces of such an instance have addresses for, at least. */
  int pods() {
    return cpus < 16 ? 58 : 234;
  }

  /** As many as such an instance may have, which is what EKS keeps memory for. */
  private int mostPods() {
    if (cpus >= 64) {
      return 737;
    }
    return pods();
  }

  /** Disk for what pods write, in GiB: the kubelet evicts before the last tenth is used. */
  int storageGiB() {
    return diskGiB * 85 / 100;
  }

  /**
   * What the autoscaler has to know of a group that has no node to look at: else it reckons with
   * all that the instance has, and buys nodes for pods that then fit on none.
   */
  Map<String, String> tags() {
    return new TreeMap<>(
        Map.of(
            TAG + "cpu", milliCpus() + "m",
            TAG + "memory", memoryMiB() + "Mi",
            TAG + "pods", String.valueOf(pods()),
            TAG + "ephemeral-storage", storageGiB() + "Gi"));
  }
}
