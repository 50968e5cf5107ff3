package io.sqletl.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.constructs.Construct;

/**
 * The namespaces of the cluster with their limits, who talks to whom in them, and the class of
 * their volumes.
 */
final class Namespaces extends Construct {

  static final String ARGO = "argo";
  static final String SPARK_OPERATOR = "spark-operator";
  static final String EXTERNAL_SECRETS = "external-secrets";

  /**
   * @param vpcCidr the network of the nodes, the control plane and the load balancer
   * @param nodes what the largest set of nodes can hold
   */
  Namespaces(Construct scope, String id, EksCluster cluster, String vpcCidr, NodeSettings nodes) {
    super(scope, id);
    List<Map<String, Object>> manifests =
        new ArrayList<>(
            ManifestReader.manifests(
                "manifests/namespaces.yaml",
                Map.of(
                    "sparkCpus", String.valueOf(nodes.cpus()),
                    "sparkMemory", nodes.memoryGiB() + "Gi",
                    // Some three on each CPU, and never too few for a busy day
                    "sparkPods", String.valueOf(Math.max(400, 3 * nodes.cpus())),
                    // A pod that fits on no node is refused, where it would wait for ever
                    "largestCpu",
                        Math.max(nodes.onDemand().milliCpus(), nodes.spot().milliCpus()) + "m",
                    "largestMemory",
                        Math.max(nodes.onDemand().memoryMiB(), nodes.spot().memoryMiB()) + "Mi",
                    "jupyterCpus", String.valueOf(nodes.onDemandCpus() / 2),
                    "jupyterMemory", nodes.onDemandMemoryGiB() / 2 + "Gi")));
    for (String controllers : List.of(ARGO, SPARK_OPERATOR, EXTERNAL_SECRETS)) {
      manifests.addAll(
          ManifestReader.manifests(
              "manifests/network-policies-controllers.yaml", Map.of("namespace", controllers)));
    }
    manifests.addAll(
        ManifestReader.manifests("manifests/network-policies.yaml", Map.of("vpcCidr", vpcCidr)));
    Manifests.apply(this, "Manifest", cluster, manifests);
  }
}
