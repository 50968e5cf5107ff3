package io.sqletl.engine.session.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the driver's pod tells by its environment. Every name can be left out where an option says
 * the same.
 *
 * <table>
 * <caption>Environment variables</caption>
 * <tr><td>{@code POD_NAME}</td><td>{@code metadata.name}, by the downward API: the owner of the
 * executors, which Kubernetes removes when this pod is gone</td></tr>
 * <tr><td>{@code POD_IP}</td><td>{@code status.podIP}, by the downward API: where executors reach
 * the driver</td></tr>
 * <tr><td>{@code POD_NAMESPACE}</td><td>{@code metadata.namespace}; without it, what Kubernetes
 * mounts with the service account's token</td></tr>
 * <tr><td>{@code ETL_IMAGE}</td><td>the image of the executors; the driver's own</td></tr>
 * <tr><td>{@code ETL_IMAGE_PULL_POLICY}</td><td>{@code Always}, {@code IfNotPresent} or {@code
 * Never}</td></tr>
 * <tr><td>{@code ETL_EXECUTOR_SERVICE_ACCOUNT}</td><td>the service account of the executors
 * </td></tr>
 * <tr><td>{@code ETL_EXECUTOR_LABELS}</td><td>{@code name=value,name=value}: further labels of the
 * executors, such as {@code workflowId}</td></tr>
 * <tr><td>{@code ETL_EVENT_LOG}</td><td>the folder of the history server</td></tr>
 * <tr><td>{@code AWS_REGION}, {@code AWS_DEFAULT_REGION}</td><td>the region of the buckets; EKS
 * sets it</td></tr>
 * <tr><td>{@code AWS_WEB_IDENTITY_TOKEN_FILE}</td><td>set by EKS where the service account has an
 * IAM role (IRSA)</td></tr>
 * <tr><td>{@code AWS_CONTAINER_CREDENTIALS_FULL_URI}</td><td>set by EKS Pod Identity</td></tr>
 * </table>
 */
public final class PodEnvironment {

  private static final Path NAMESPACE_FILE =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

  private final Map<String, String> variables;
  private final Path namespaceFile;

  private PodEnvironment(Map<String, String> variables, Path namespaceFile) {
    this.variables = Map.copyOf(variables);
    this.namespaceFile = namespaceFile;
  }

  /** The environment of this process. */
  public static PodEnvironment ofThisProcess() {
    return new PodEnvironment(System.getenv(), NAMESPACE_FILE);
  }

  /**
   * An environment of these variables.
   *
   * @param namespaceFile where the namespace stands; need not exist
   */
  public static PodEnvironment of(Map<String, String> variables, Path namespaceFile) {
    return new PodEnvironment(variables, namespaceFile);
  }

  public Optional<String> podName() {
    return variable("POD_NAME");
  }

  public Optional<String> podIp() {
    return variable("POD_IP");
  }

  /** The namespace of this pod; empty outside of a cluster. */
  public Optional<String> namespace() {
    return variable("POD_NAMESPACE").or(this::mountedNamespace);
  }

  public Optional<String> image() {
    return variable("ETL_IMAGE");
  }

  public Optional<String> pullPolicy() {
    return variable("ETL_IMAGE_PULL_POLICY");
  }

  public Optional<String> executorServiceAccount() {
    return variable("ETL_EXECUTOR_SERVICE_ACCOUNT");
  }

  public Optional<String> executorLabels() {
    return variable("ETL_EXECUTOR_LABELS");
  }

  public Optional<String> eventLog() {
    return variable("ETL_EVENT_LOG");
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private Optional<String> mountedNamespace() {
    try {
      return Files.exists(namespaceFile)
          ? Optional.of(Files.readString(namespaceFile).strip())
          : Optional.empty();
    } catch (IOException e) {
      throw ClusterException.of(
          "The namespace of this pod cannot be read from " + namespaceFile,
          "set POD_NAMESPACE, or give --namespace",
          e);
    }
  }
}
