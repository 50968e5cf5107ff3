package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.eks_v2.KubernetesManifest;
import software.constructs.Construct;

/** Applies manifests to the cluster, those that come and go together in one go. */
final class Manifests {

  private Manifests() {}

  static KubernetesManifest apply(
      Construct scope, String id, EksCluster cluster, List<Map<String, Object>> manifests) {
    return KubernetesManifest.Builder.create(scope, id)
        .cluster(cluster.cluster())
        .manifest(manifests)
        // Else it is "kubectl create", which fails when CloudFormation asks a second time
        .overwrite(true)
        .build();
  }
}
