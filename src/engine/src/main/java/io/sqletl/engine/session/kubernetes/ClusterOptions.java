package io.sqletl.engine.session.kubernetes;

import java.util.List;
import java.util.Optional;

/**
 * What a command line asks of a cluster, as it was typed; what is empty is taken from the pod's
 * environment or from the size.
 *
 * @param master Spark's master: {@code k8s} for the cluster that this process is in, or {@code
 *     k8s://https://HOST:PORT}
 * @param size how many executors of which size, where the three after it do not say
 * @param executors {@code 2}, or {@code 1..20} to let the number follow the work
 * @param cores tasks that one executor runs at a time
 * @param memory the heap of one executor, as the JVM writes it
 * @param image the image of the executors
 * @param pullPolicy when a node fetches the image
 * @param namespace where the executors' pods are made
 * @param serviceAccount the service account of the executors
 * @param placement the nodes that executors may run on
 * @param labels further labels of the executors, {@code name=value}
 * @param scratch the size of a volume for each executor's shuffle files, as Kubernetes writes it
 * @param patienceMinutes how long a run waits for its first executor
 */
public record ClusterOptions(
    String master,
    JobSize size,
    Optional<String> executors,
    Optional<String> cores,
    Optional<String> memory,
    Optional<String> image,
    Optional<String> pullPolicy,
    Optional<String> namespace,
    Optional<String> serviceAccount,
    Placement placement,
    List<String> labels,
    Optional<String> scratch,
    int patienceMinutes) {

  /** The prefix of Spark's masters on Kubernetes. */
  private static final String SCHEME = "k8s://";

  /** The shorthand for the cluster that this process is in. */
  private static final String HERE = "k8s";

  public ClusterOptions {
    labels = List.copyOf(labels);
  }

  /** Whether a master is a cluster's. */
  public static boolean isKubernetes(String master) {
    return master.equals(HERE) || master.startsWith(SCHEME);
  }

  /** The master with the API's address spelled out. */
  String address() {
    return master.equals(HERE) ? SCHEME + "https://kubernetes.default.svc:443" : master;
  }
}
