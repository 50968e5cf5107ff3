package io.sqletl.platform;

import software.amazon.awscdk.Aws;

/**
 * The images that pods of jobs and notebooks run.
 *
 * @param job the engine with Spark; a token by default
 * @param notebook Jupyter with the engine's kernel; a token by default
 */
record ContainerImages(String job, String notebook) {

  /** The repositories in the account's own registry that deployment/pull_and_push_ecr.sh fills. */
  static final String JOB_REPOSITORY = "arc";

  static final String NOTEBOOK_REPOSITORY = "arc-jupyter";

  /**
   * Those of the settings, or else those in the registry of the account and region that the stack
   * is deployed to: an image that is pushed after the deployment is then used without another.
   */
  static ContainerImages of(PlatformSettings settings) {
    return new ContainerImages(
        settings.image().orElseGet(() -> own(JOB_REPOSITORY)),
        settings.notebookImage().orElseGet(() -> own(NOTEBOOK_REPOSITORY)));
  }

  private static String own(String repository) {
    return "%s.dkr.ecr.%s.%s/%s:latest"
        .formatted(Aws.ACCOUNT_ID, Aws.REGION, Aws.URL_SUFFIX, repository);
  }

  /** The notebook's image up to the colon before its tag or digest. */
  String notebookName() {
    return notebook.substring(0, tagColon());
  }

  /** What comes after {@link #notebookName()} and the colon. */
  String notebookTag() {
    return notebook.substring(tagColon() + 1);
  }

  private int tagColon() {
    return notebook.lastIndexOf(':');
  }
}
