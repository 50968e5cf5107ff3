package io.sqletl.engine.session.kubernetes;

/**
 * The environment variables by which a driver's pod tells where it is. The template sets those of
 * the downward API and of the engine; EKS sets those of AWS.
 */
public enum PodVariable {
  POD_NAME(
      "`metadata.name`, by the downward API: the owner of the executors, which Kubernetes removes"
          + " when this pod is gone."),
  POD_IP("`status.podIP`, by the downward API: where executors reach the driver."),
  POD_NAMESPACE(
      "`metadata.namespace`, by the downward API; without it, what Kubernetes mounts with the"
          + " service account's token."),
  ETL_IMAGE("The image of the executors: the driver's own."),
  ETL_IMAGE_PULL_POLICY("`Always`, `IfNotPresent` or `Never`; without it `IfNotPresent`."),
  ETL_EXECUTOR_SERVICE_ACCOUNT(
      "The service account of the executors; without it the namespace's `default`, which has no"
          + " role in AWS."),
  ETL_EXECUTOR_LABELS(
      "`name=value,name=value`: further labels of the executors, such as `workflowId`."),
  ETL_EVENT_LOG("The folder that the history server reads, such as `s3a://BUCKET/spark-events`."),
  AWS_REGION("The region of the buckets; `AWS_DEFAULT_REGION` is taken where it is not set."),
  AWS_WEB_IDENTITY_TOKEN_FILE(
      "The token of the service account's IAM role (IRSA). Where it is set, that role alone counts."),
  AWS_CONTAINER_CREDENTIALS_FULL_URI("EKS Pod Identity. Where it is set, its role alone counts.");

  private final String sentence;

  PodVariable(String sentence) {
    this.sentence = sentence;
  }

  /** What it is, in Markdown. */
  public String sentence() {
    return sentence;
  }
}
