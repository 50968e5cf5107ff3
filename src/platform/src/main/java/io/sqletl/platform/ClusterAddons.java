package io.sqletl.platform;

import java.util.List;
import software.amazon.awscdk.services.eks.CfnAddon;
import software.constructs.Construct;
import software.constructs.IDependable;

/**
 * What EKS itself installs and keeps in the cluster, each in the version that fits the cluster's.
 */
final class ClusterAddons extends Construct {

  /** The tag with the cluster's name on volumes made from inside it; delete_all.sh looks for it. */
  private static final String VOLUME_TAG = "sql-etl/cluster";

  private static final String ON_DEMAND =
      "{\"" + NodeGroups.LIFECYCLE + "\":\"" + NodeGroups.ON_DEMAND + "\"}";

  private final EksCluster cluster;
  private final CfnAddon network;

  ClusterAddons(Construct scope, String id, EksCluster cluster) {
    super(scope, id);
    this.cluster = cluster;
    network =
        addon("vpc-cni", "{\"enableNetworkPolicy\":\"true\"}")
            .serviceAccountRoleArn(role("Network", "aws-node", "AmazonEKS_CNI_Policy").roleArn())
            .build();
    addon("kube-proxy", null).build();
  }

  /** What has to be there before a node is ready: it gives pods their addresses. */
  IDependable network() {
    return network;
  }

  /** Those that wait for a node to run on. */
  void addOnNodes(NodeGroups nodes) {
    CfnAddon dns = addon("coredns", "{\"nodeSelector\":" + ON_DEMAND + "}").build();
    CfnAddon volumes =
        addon(
                "aws-ebs-csi-driver",
                "{\"controller\":{\"nodeSelector\":%s,\"extraVolumeTags\":{\"%s\":\"%s\"}}}"
                    .formatted(ON_DEMAND, VOLUME_TAG, cluster.cluster().getClusterName()))
            .serviceAccountRoleArn(
                role("Volumes", "ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy")
                    .roleArn())
            .build();
    for (CfnAddon addon : List.of(dns, volumes)) {
      nodes.onDemand().forEach(addon.getNode()::addDependency);
    }
  }

  private CfnAddon.Builder addon(String name, String configuration) {
    CfnAddon.Builder addon =
        CfnAddon.Builder.create(this, name)
            .addonName(name)
            .clusterName(cluster.cluster().getClusterName())
            // A new cluster comes with its own of some
            .resolveConflicts("OVERWRITE");
    return configuration == null ? addon : addon.configurationValues(configuration);
  }

  private ServiceAccountRole role(String id, String serviceAccount, String managedPolicy) {
    return ServiceAccountRole.managed(
        this,
        id,
        cluster,
        "kube-system",
        serviceAccount,
        managedPolicy,
        "AWS keeps it in step with the versions of this add-on");
  }
}
