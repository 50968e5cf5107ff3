package io.sqletl.engine.session.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the driver's pod tells by its environment, by the names of {@link PodVariable}. Every name
 * can be left out where an option says the same.
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
    return variable(PodVariable.POD_NAME);
  }

  public Optional<String> podIp() {
    return variable(PodVariable.POD_IP);
  }

  /** The namespace of this pod; empty outside of a cluster. */
  public Optional<String> namespace() {
    return variable(PodVariable.POD_NAMESPACE).or(this::mountedNamespace);
  }

  public Optional<String> image() {
    return variable(PodVariable.ETL_IMAGE);
  }

  public Optional<String> pullPolicy() {
    return variable(PodVariable.ETL_IMAGE_PULL_POLICY);
  }

  public Optional<String> executorServiceAccount() {
    return variable(PodVariable.ETL_EXECUTOR_SERVICE_ACCOUNT);
  }

  public Optional<String> executorLabels() {
    return variable(PodVariable.ETL_EXECUTOR_LABELS);
  }

  public Optional<String> eventLog() {
    return variable(PodVariable.ETL_EVENT_LOG);
  }

  private Optional<String> variable(PodVariable name) {
    return Optional.ofNullable(variables.get(name.name()))
        .map(String::strip)
        .filter(v -> !v.isEmpty());
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
