package io.sqletl.engine.session.kubernetes;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Asks Kubernetes before Spark starts whether this process may do what Spark will do. */
final class ApiAccess {

  /** What Spark does to which resources; without the last two, pods would be left behind. */
  private static final List<Right> RIGHTS =
      List.of(
          new Right(
              "pods",
              List.of("create", "get", "list", "watch", "patch", "delete", "deletecollection")));

  private static final Right CLAIMS =
      new Right("persistentvolumeclaims", List.of("create", "list", "deletecollection"));

  private final KubernetesClient client;
  private final ClusterPlan plan;

  private record Right(String resource, List<String> verbs) {}

  ApiAccess(KubernetesClient client, ClusterPlan plan) {
    this.client = client;
    this.plan = plan;
  }

  /** Everything that Spark has to do in the namespace, as {@code verb resource}. */
  static List<String> rights(ClusterPlan plan) {
    return Stream.concat(RIGHTS.stream(), plan.scratch().stream().map(size -> CLAIMS))
        .flatMap(right -> right.verbs().stream().map(verb -> verb + " " + right.resource()))
        .toList();
  }

  /**
   * @throws ClusterException if the API cannot be reached, or does not allow it
   */
  void require() {
    List<String> missing = new ArrayList<>();
    try {
      for (String right : rights(plan)) {
        String[] words = right.split(" ");
        if (!isAllowed(words[0], words[1])) {
          missing.add(right);
        }
      }
      requireDriverPod();
    } catch (KubernetesClientException e) {
      throw unusable(e);
    }
    if (!missing.isEmpty()) {
      throw ClusterException.of(
          "The service account of this process may not "
              + String.join(", ", missing)
              + " in the namespace "
              + plan.namespace(),
          "run the driver with a service account that may, such as arcjob of the namespace spark,"
              + " or add a role binding");
    }
  }

  private boolean isAllowed(String verb, String resource) {
    SelfSubjectAccessReview review =
        client
            .authorization()
            .v1()
            .selfSubjectAccessReview()
            .create(
                new SelfSubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withNewResourceAttributes()
                    .withNamespace(plan.namespace())
                    .withVerb(verb)
                    .withResource(resource)
                    .endResourceAttributes()
                    .endSpec()
                    .build());
    return review.getStatus() != null && Boolean.TRUE.equals(review.getStatus().getAllowed());
  }

  private void requireDriverPod() {
    plan.driverPod()
        .ifPresent(
            name -> {
              if (client.pods().inNamespace(plan.namespace()).withName(name).get() == null) {
                throw ClusterException.of(
                    "There is no pod "
                        + name
                        + " in the namespace "
                        + plan.namespace()
                        + ", which POD_NAME says this is",
                    "set POD_NAME and POD_NAMESPACE by the downward API, or leave both out");
              }
            });
  }

  private ClusterException unusable(KubernetesClientException e) {
    if (e.getCode() == 401) {
      return ClusterException.of(
          "The Kubernetes API at " + plan.master() + " does not know who this is",
          "in a pod, mount the token of its service account; elsewhere, log in as `aws eks"
              + " update-kubeconfig` says",
          e);
    }
    if (e.getCode() > 0) {
      return ClusterException.of(
          "The Kubernetes API at " + plan.master() + " answers: " + e.getMessage(),
          "look whether --master is the address that `kubectl cluster-info` shows",
          e);
    }
    return ClusterException.of(
        "The Kubernetes API at " + plan.master() + " cannot be reached: " + innermost(e),
        "look whether --master is the address that `kubectl cluster-info` shows, and whether this"
            + " machine or the pod's network policy lets it through",
        e);
  }

  private static String innermost(Throwable thrown) {
    String said = thrown.getMessage();
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t.getMessage() != null && !t.getMessage().isBlank()) {
        said = t.getMessage();
      }
    }
    return said.lines().findFirst().orElse(said);
  }
}
