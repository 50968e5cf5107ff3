package io.sqletl.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.ec2.BlockDevice;
import software.amazon.awscdk.services.ec2.BlockDeviceVolume;
import software.amazon.awscdk.services.ec2.EbsDeviceOptions;
import software.amazon.awscdk.services.ec2.EbsDeviceVolumeType;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.LaunchTemplate;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.UserData;
import software.amazon.awscdk.services.eks.CfnNodegroup;
import software.amazon.awscdk.services.eks_v2.CapacityType;
import software.amazon.awscdk.services.eks_v2.LaunchTemplateSpec;
import software.amazon.awscdk.services.eks_v2.Nodegroup;
import software.amazon.awscdk.services.iam.ManagedPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/**
 * The nodes: on-demand for drivers, controllers and notebooks, spot for executors. A group of each
 * kind in each zone, since a volume is bound to its zone and the autoscaler grows a group as a
 * whole.
 *
 * <p>EKS itself tags the groups for the autoscaler's discovery and tells it their labels and our
 * tags, so a group grows from nothing.
 */
final class NodeGroups extends Construct {

  /** The label that says whether AWS may take the node away. */
  static final String LIFECYCLE = "lifecycle";

  static final String ON_DEMAND = "OnDemand";
  static final String SPOT = "Ec2Spot";

  /**
   * Makes one of a node's own disks, and keeps pods' storage and images there. EKS adds the rest.
   */
  private static final String LOCAL_DISKS =
      """
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary="//"

      --//
      Content-Type: application/node.eks.aws

      ---
      apiVersion: node.eks.aws/v1alpha1
      kind: NodeConfig
      spec:
        instance:
          localStorage:
            strategy: RAID0

      --//--
      """;

  private final List<Nodegroup> onDemand = new ArrayList<>();
  private final List<Nodegroup> spot = new ArrayList<>();
  private final Role nodeRole;

  NodeGroups(
      Construct scope,
      String id,
      EksCluster cluster,
      Network network,
      Zones zones,
      PlatformSettings settings,
      String amiRelease) {
    super(scope, id);
    NodeSettings nodes = settings.nodes();
    nodeRole =
        Role.Builder.create(this, "NodeRole")
            .assumedBy(new ServicePrincipal("ec2.amazonaws.com"))
            .description("Nodes: join the cluster, pull images. Pods have roles of their own")
            .managedPolicies(
                List.of(
                    ManagedPolicy.fromAwsManagedPolicyName("AmazonEKSWorkerNodePolicy"),
                    ManagedPolicy.fromAwsManagedPolicyName("AmazonEC2ContainerRegistryPullOnly")))
            .build();
    AcceptedFinding.on(
        nodeRole,
        AcceptedFinding.MANAGED_POLICY,
        "What EKS itself asks of a node: to describe what it is part of, and to pull images",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonEKSWorkerNodePolicy",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly");
    LaunchTemplate.Builder launchTemplate = LaunchTemplate.Builder.create(this, "LaunchTemplate");
    if (nodes.haveLocalDisks()) {
      launchTemplate.userData(UserData.custom(LOCAL_DISKS));
    }
    LaunchTemplate template =
        launchTemplate
            .requireImdsv2(true)
            // A pod is one hop further, so it cannot take the node's role
            .httpPutResponseHopLimit(1)
            .blockDevices(
                List.of(
                    BlockDevice.builder()
                        .deviceName("/dev/xvda")
                        .volume(
                            BlockDeviceVolume.ebs(
                                nodes.diskGiB(),
                                EbsDeviceOptions.builder()
                                    .volumeType(EbsDeviceVolumeType.GP3)
                                    .encrypted(true)
                                    .deleteOnTermination(true)
                                    .build()))
                        .build()))
            .build();
    LaunchTemplateSpec launch =
        LaunchTemplateSpec.builder()
            .id(template.getLaunchTemplateId())
            .version(template.getLatestVersionNumber())
            .build();
    List<ISubnet> subnets = network.privateSubnets();
    for (int zone = 0; zone < subnets.size(); zone++) {
      Nodegroup.Builder onDemandGroup = Nodegroup.Builder.create(this, "OnDemand" + (zone + 1));
      Nodegroup.Builder spotGroup = Nodegroup.Builder.create(this, "Spot" + (zone + 1));
      for (Nodegroup.Builder group : List.of(onDemandGroup, spotGroup)) {
        group
            .cluster(cluster.cluster())
            .amiType(settings.architecture().amiType())
            .releaseVersion(amiRelease)
            // A new image drains nodes; what a disruption budget protects is then not killed
            .forceUpdate(false)
            .nodeRole(nodeRole)
            .launchTemplateSpec(launch)
            .subnets(SubnetSelection.builder().subnets(List.of(subnets.get(zone))).build());
      }
      // One node for the controllers; the other zone gets one when something asks for it
      int fewest = zone == 0 ? nodes.onDemandMin() : 0;
      onDemand.add(
          onDemandGroup
              .capacityType(CapacityType.ON_DEMAND)
              .labels(Map.of(LIFECYCLE, ON_DEMAND))
              .tags(nodes.onDemand().tags())
              .minSize(fewest)
              .desiredSize(fewest)
              .maxSize(nodes.onDemandMax())
              .build());
      spot.add(
          spotGroup
              .capacityType(CapacityType.SPOT)
              .labels(Map.of(LIFECYCLE, SPOT))
              .tags(nodes.spot().tags())
              .minSize(0)
              .desiredSize(0)
              .maxSize(nodes.spotMax())
              .build());
      setTypes(onDemand.get(zone), zones.onDemandTypes(zone));
      setTypes(spot.get(zone), zones.spotTypes(zone));
    }
  }

  /** The construct takes types by their names, and which a zone offers is known later. */
  private static void setTypes(Nodegroup group, List<String> types) {
    ((CfnNodegroup) group.getNode().getDefaultChild()).setInstanceTypes(types);
  }

  /**
   * The groups that hold controllers, drivers and notebooks, one a zone; the first is never empty.
   */
  List<Nodegroup> onDemand() {
    return List.copyOf(onDemand);
  }

  /** The groups that hold executors, one a zone. */
  List<Nodegroup> spot() {
    return List.copyOf(spot);
  }
}
