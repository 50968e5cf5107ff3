package io.sqletl.engine.workflow;

/** The templates of the platform, by what they give to a job. */
public enum StepSize {
  /** All of the job in one pod. */
  LOCAL("sparkLocal"),
  /** One executor of one core. */
  SMALL("smallJob"),
  /** Two executors of two cores. */
  MEDIUM("mediumJob"),
  /** Three executors of two cores. */
  LARGE("largeJob");

  private final String template;

  StepSize(String template) {
    this.template = template;
  }

  /** The template's name. */
  public String template() {
    return template;
  }
}
