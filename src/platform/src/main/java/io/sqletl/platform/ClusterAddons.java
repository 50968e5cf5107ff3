package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.services.eks.CfnAddon;
import software.constructs.Construct;
import software.constructs.IDependable;

/**
 * What EKS itself installs in the cluster, each in the version that EKS takes by default for the
 * cluster's. It would leave them at that for ever, so a function asks again when Kubernetes or the
 * nodes have a new version.
 */
final class ClusterAddons extends Construct {

  /** The tag with the cluster's name on volumes made from inside it; leftovers.sh looks for it. */
  private static final String VOLUME_TAG = "sql-etl/cluster";

  private static final String ON_DEMAND =
      "{\"" + NodeGroups.LIFECYCLE + "\":\"" + NodeGroups.ON_DEMAND + "\"}";

  private static final List<String> NAMES =
      List.of("aws-ebs-csi-driver", "coredns", "kube-proxy", "vpc-cni");

  private final EksCluster cluster;
  private final CfnAddon network;
  private final CustomResource versions;

  ClusterAddons(
      Construct scope,
      String id,
      EksCluster cluster,
      KubernetesRelease release,
      String amiRelease) {
    super(scope, id);
    this.cluster = cluster;
    versions =
        new LookUp(
                this,
                "Versions",
                "Tells the versions of add-ons that fit the cluster's",
                "functions/addons.py",
                List.of("eks:DescribeAddonVersions"))
            .ask(
                "Choice",
                "Custom::AddonVersions",
                new TreeMap<>(
                    Map.of(
                        "kubernetesVersion", release.version(),
                        "amiRelease", amiRelease,
                        "addons", NAMES)));
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
                role("Volumes", "ebs-csi-controller-sa", "AmazonEBSCSIDriverPolicyV2").roleArn())
            .build();
    for (CfnAddon addon : List.of(dns, volumes)) {
      nodes.onDemand().forEach(addon.getNode()::addDependency);
    }
  }

  private CfnAddon.Builder addon(String name, String configuration) {
    CfnAddon.Builder addon =
        CfnAddon.Builder.create(this, name)
            .addonName(name)
            .addonVersion(versions.getAttString(name))
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
