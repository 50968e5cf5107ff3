package io.sqletl.engine.session.kubernetes;

/**
 * A setting of Spark's on a cluster.
 *
 * @param topic what it is part of
 * @param name Spark's name for it
 * @param value what it is set to
 * @param reason why, in a sentence
 */
public record Setting(Topic topic, String name, String value, String reason) {

  /** What settings are about, in the order in which they are told. */
  public enum Topic {
    DRIVER("Driver and executors find each other"),
    PODS("What is asked of Kubernetes"),
    SIZE("How much"),
    SPOT("When nodes go"),
    SCALE("When the number of executors follows the work"),
    SCRATCH("When shuffle files have volumes of their own"),
    SAFETY("Nobody listens in"),
    WORK("How the work is cut");

    private final String title;

    Topic(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }
}
