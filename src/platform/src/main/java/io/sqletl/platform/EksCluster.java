package io.sqletl.platform;

import java.time.LocalDate;
import java.util.List;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.DefaultStackSynthesizer;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.eks.CfnCluster;
import software.amazon.awscdk.services.eks_v2.Cluster;
import software.amazon.awscdk.services.eks_v2.ClusterLoggingTypes;
import software.amazon.awscdk.services.eks_v2.DefaultCapacityType;
import software.amazon.awscdk.services.eks_v2.EndpointAccess;
import software.amazon.awscdk.services.eks_v2.KubectlProviderOptions;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.logs.LogRetention;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * The Kubernetes control plane, without nodes, and the function that applies manifests and charts
 * to it. Its name is generated.
 */
final class EksCluster extends Construct {

  private final Cluster cluster;
  private final Key key;

  EksCluster(Construct scope, String id, Network network, PlatformSettings settings) {
    super(scope, id);
    key =
        Key.Builder.create(this, "Key")
            .description(
                "Secrets of the cluster: in etcd, and the generated ones in Secrets Manager")
            .enableKeyRotation(true)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    cluster =
        Cluster.Builder.create(this, "Cluster")
            .version(settings.release().eksVersion())
            .vpc(network.vpc())
            .vpcSubnets(
                List.of(
                    SubnetSelection.builder().subnetType(SubnetType.PRIVATE_WITH_EGRESS).build()))
            // The default would be Auto Mode, which costs an eighth more for each node
            .defaultCapacityType(DefaultCapacityType.NODEGROUP)
            .defaultCapacity(0)
            .endpointAccess(endpointAccess(settings.apiCidrs()))
            .secretsEncryptionKey(key)
            .clusterLogging(
                settings.controlPlaneLogs().stream()
                    .map(log -> ClusterLoggingTypes.valueOf(log.name()))
                    .toList())
            // Only the principals below, never the role that CloudFormation happened to run with
            .bootstrapClusterCreatorAdminPermissions(false)
            .outputConfigCommand(false)
            .kubectlProviderOptions(
                KubectlProviderOptions.builder()
                    .kubectlLayer(settings.kubectlLayer().in(this))
                    .build())
            .build();
    // Extended support costs six times as much, and is what AWS takes otherwise
    ((CfnCluster) cluster.getNode().getDefaultChild())
        .addPropertyOverride("UpgradePolicy.SupportType", "STANDARD");
    // EKS makes the log group itself, and would keep it for ever
    LogRetention.Builder.create(this, "Logs")
        .logGroupName("/aws/eks/" + cluster.getClusterName() + "/cluster")
        .retention(RetentionDays.ONE_MONTH)
        .build();
    warnOfExtendedSupport(settings.release());
    warnOfDistantKubectl(settings.release(), settings.kubectlLayer());
    addAdministrators(settings.adminPrincipals());
    acceptFindings();
  }

  Cluster cluster() {
    return cluster;
  }

  /** Encrypts the secrets of the cluster, and those in Secrets Manager that are synced into it. */
  Key key() {
    return key;
  }

  private void warnOfExtendedSupport(KubernetesRelease release) {
    if (release.isOutOfStandardSupport(LocalDate.now())) {
      Annotations.of(this)
          .addWarningV2(
              "sqletl:support-ended",
              "Standard support for Kubernetes %s ended on %s, and no newer version is known here: EKS makes no new cluster of it without"
                      .formatted(release.version(), release.endOfStandardSupport())
                  + " extended support, which costs six times as much and is not what this stack asks for.");
    }
  }

  private void warnOfDistantKubectl(KubernetesRelease release, KubectlLayer layer) {
    int distance = Math.abs(release.minor() - layer.minor());
    if (distance > 1) {
      Annotations.of(this)
          .addWarningV2(
              "sqletl:kubectl-distance",
              "kubectl 1.%d is %d minor versions away from Kubernetes %s, and Kubernetes supports one. Leave"
                      .formatted(layer.minor(), distance, release.version())
                  + " kubectlLayer out to get the one that fits.");
    }
  }

  private void acceptFindings() {
    AcceptedFinding.on(
        cluster.getNode().getDefaultChild(),
        "AwsSolutions-EKS1",
        "kubectl and argo are used from people's own machines; IAM decides who gets in, and the setting"
            + " apiCidrs from where");
    AcceptedFinding.on(
        cluster.getNode().getDefaultChild(),
        "AwsSolutions-EKS2",
        "Who did what and who came in is logged; what only the makers of Kubernetes read is paid for by"
            + " the gigabyte, and one setting away: controlPlaneLogs");
    AcceptedFinding.on(
        cluster.getRole(),
        AcceptedFinding.MANAGED_POLICY,
        "What EKS itself asks for, and keeps up with its own needs",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonEKSClusterPolicy");
    Stack.of(this).getNode().getChildren().stream()
        .filter(child -> child.getNode().getId().startsWith("LogRetention"))
        .forEach(EksCluster::acceptLogRetention);
    IConstruct kubectl = cluster.getNode().findChild("KubectlProvider");
    AcceptedFinding.on(
        kubectl, "AwsSolutions-L1", "The CDK chooses the runtime that its own code is tested with");
    AcceptedFinding.on(
        kubectl,
        AcceptedFinding.MANAGED_POLICY,
        "The CDK's own functions: they write their logs, stand in the network, and read charts",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
        "/AmazonElasticContainerRegistryPublicReadOnly/");
    AcceptedFinding.on(
        kubectl,
        AcceptedFinding.WILDCARD,
        "Any version of the one function that it calls",
        "/^Resource::<EksClusterKubectlProviderHandler[0-9A-F]+\\.Arn>:\\*$/");
  }

  /** The function that sets how long logs are kept is the CDK's own, one for the whole stack. */
  private static void acceptLogRetention(IConstruct function) {
    AcceptedFinding.on(
        function,
        AcceptedFinding.MANAGED_POLICY,
        "It writes the function's own log",
        "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole");
    AcceptedFinding.on(
        function,
        AcceptedFinding.WILDCARD,
        "It sets how long logs are kept, and nothing else; the CDK gives it no narrower right",
        "Resource::*");
  }

  private EndpointAccess endpointAccess(List<String> cidrs) {
    if (cidrs.isEmpty()) {
      Annotations.of(this)
          .addWarningV2(
              "sqletl:api-open",
              "The cluster's API endpoint answers every address, and asks for AWS credentials. Name your"
                  + " networks: -c apiCidrs=203.0.113.0/24");
      return EndpointAccess.PUBLIC_AND_PRIVATE;
    }
    return EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom(cidrs.toArray(String[]::new));
  }

  /**
   * Who may deploy the stack can do with the cluster what they like already, so without names it is
   * they who administer it, through the role that the toolkit deploys with.
   */
  private void addAdministrators(List<String> principals) {
    String connect =
        "aws eks update-kubeconfig --name " + cluster.getClusterName() + " --region " + Aws.REGION;
    if (principals.isEmpty()) {
      String deployRole = deployRoleArn();
      cluster.grantClusterAdmin("Administrator", deployRole);
      connect += " --role-arn " + deployRole;
    }
    for (int i = 0; i < principals.size(); i++) {
      cluster.grantClusterAdmin("Administrator" + (i + 1), principals.get(i));
    }
    CfnOutput.Builder.create(Stack.of(this), "CONFIGCOMMAND")
        .description("Connects kubectl to the cluster")
        .value(connect)
        .build();
  }

  private String deployRoleArn() {
    String qualifier = Stack.of(this).getSynthesizer().getBootstrapQualifier();
    if (qualifier == null) {
      qualifier = DefaultStackSynthesizer.DEFAULT_QUALIFIER;
    }
    return Fn.sub(
        "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-"
            + qualifier
            + "-deploy-role-${AWS::AccountId}-${AWS::Region}");
  }
}
