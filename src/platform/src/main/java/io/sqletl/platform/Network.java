package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.FlowLogDestination;
import software.amazon.awscdk.services.ec2.FlowLogOptions;
import software.amazon.awscdk.services.ec2.FlowLogTrafficType;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.GatewayVpcEndpointOptions;
import software.amazon.awscdk.services.ec2.ISubnet;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpoint;
import software.amazon.awscdk.services.ec2.InterfaceVpcEndpointAwsService;
import software.amazon.awscdk.services.ec2.IpAddresses;
import software.amazon.awscdk.services.ec2.Peer;
import software.amazon.awscdk.services.ec2.Port;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetConfiguration;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * Two availability zones with one NAT gateway, or the private subnets of a network that is there
 * already. In its own, traffic to S3 goes past the NAT gateway through the gateway endpoint, which
 * is free.
 */
final class Network extends Construct {

  /** What nodes, controllers and jobs call; each costs by the hour and zone. */
  private static final Map<String, InterfaceVpcEndpointAwsService> INTERFACE_ENDPOINTS =
      Map.ofEntries(
          Map.entry("Athena", InterfaceVpcEndpointAwsService.ATHENA),
          Map.entry("Autoscaling", InterfaceVpcEndpointAwsService.AUTOSCALING),
          Map.entry("Ec2", InterfaceVpcEndpointAwsService.EC2),
          Map.entry("EcrApi", InterfaceVpcEndpointAwsService.ECR),
          Map.entry("EcrDocker", InterfaceVpcEndpointAwsService.ECR_DOCKER),
          Map.entry("Eks", InterfaceVpcEndpointAwsService.EKS),
          Map.entry("Glue", InterfaceVpcEndpointAwsService.GLUE),
          Map.entry("Kms", InterfaceVpcEndpointAwsService.KMS),
          Map.entry("LoadBalancing", InterfaceVpcEndpointAwsService.ELASTIC_LOAD_BALANCING),
          Map.entry("Logs", InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS),
          Map.entry("SecretsManager", InterfaceVpcEndpointAwsService.SECRETS_MANAGER),
          Map.entry("Sts", InterfaceVpcEndpointAwsService.STS));

  private final IVpc vpc;
  private final Zones zones;
  private final NetworkSettings settings;

  Network(Construct scope, String id, PlatformSettings settings, Zones zones) {
    super(scope, id);
    this.zones = zones;
    this.settings = settings.network();
    vpc = this.settings.vpcId().map(this::existing).orElseGet(this::make);
    if (settings.interfaceEndpoints()) {
      addInterfaceEndpoints();
    }
  }

  IVpc vpc() {
    return vpc;
  }

  /** Where nodes and load balancer are: one private subnet in each zone. */
  List<ISubnet> privateSubnets() {
    return vpc.getPrivateSubnets();
  }

  /** A network of somebody else's: nothing in it is changed but what this stack adds. */
  private IVpc existing(String vpcId) {
    // No route is added, and no load balancer made from inside the cluster that looks for tags
    for (String warning :
        List.of(
            "@aws-cdk/aws-ec2:noSubnetRouteTableId",
            "@aws-cdk/aws-eks:clusterMustManuallyTagSubnet")) {
      Annotations.of(Stack.of(this)).acknowledgeWarning(warning);
    }
    return Vpc.fromVpcAttributes(
        this,
        "Vpc",
        VpcAttributes.builder()
            .vpcId(vpcId)
            .vpcCidrBlock(zones.cidr())
            .availabilityZones(zones.names())
            .privateSubnetIds(zones.subnetIds())
            .build());
  }

  private Vpc make() {
    LogGroup rejected =
        LogGroup.Builder.create(this, "RejectedTraffic").retention(RetentionDays.ONE_MONTH).build();
    return Vpc.Builder.create(this, "Vpc")
        .ipAddresses(IpAddresses.cidr(settings.cidr()))
        .availabilityZones(zones.names())
        .natGateways(1)
        .restrictDefaultSecurityGroup(true)
        .subnetConfiguration(
            List.of(
                SubnetConfiguration.builder()
                    .name("Public")
                    .subnetType(SubnetType.PUBLIC)
                    .cidrMask(24)
                    .mapPublicIpOnLaunch(false)
                    .build(),
                // Each pod has an address of its own
                SubnetConfiguration.builder()
                    .name("Private")
                    .subnetType(SubnetType.PRIVATE_WITH_EGRESS)
                    .cidrMask(settings.prefix() + 2)
                    .build()))
        .gatewayEndpoints(
            Map.of(
                "S3",
                GatewayVpcEndpointOptions.builder()
                    .service(GatewayVpcEndpointAwsService.S3)
                    .build()))
        .flowLogs(
            Map.of(
                "Rejected",
                FlowLogOptions.builder()
                    .destination(FlowLogDestination.toCloudWatchLogs(rejected))
                    .trafficType(FlowLogTrafficType.REJECT)
                    .build()))
        .build();
  }

  private void addInterfaceEndpoints() {
    SecurityGroup endpoints =
        SecurityGroup.Builder.create(this, "Endpoints")
            .vpc(vpc)
            .description("HTTPS from inside the network to the endpoints of AWS services")
            .allowAllOutbound(false)
            .build();
    endpoints.addIngressRule(
        Peer.ipv4(settings.vpcId().isPresent() ? zones.cidr() : settings.cidr()),
        Port.tcp(443),
        "The network itself");
    INTERFACE_ENDPOINTS.keySet().stream()
        .sorted()
        .forEach(
            name ->
                InterfaceVpcEndpoint.Builder.create(this, name)
                    .vpc(vpc)
                    .service(INTERFACE_ENDPOINTS.get(name))
                    .securityGroups(List.of(endpoints))
                    .open(false)
                    .build());
  }
}
