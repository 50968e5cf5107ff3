package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What went wrong when the platform that this one replaces was deployed, kept or deleted. */
class DefectsOfDeploymentTest {

  private static final Synthesis STACK = Synthesis.with();
  private static final InCluster CLUSTER = new InCluster(STACK);

  /** Properties by which CloudFormation lets a template name what AWS would name itself. */
  private static final List<String> NAMES =
      List.of(
          "RoleName",
          "PolicyName",
          "GroupName",
          "BucketName",
          "AliasName",
          "FunctionName",
          "LaunchTemplateName",
          "NodegroupName",
          "SecretName",
          "LogGroupName");

  @Test
  void anEmptyDataLakeIsDecidedByCloudFormationDefect6() {
    assertThat(STACK.template().path("Conditions").toString())
        .contains("{\"Fn::Equals\":[{\"Ref\":\"datalakebucket\"},\"\"]}");
    assertThat(STACK.template().toString()).doesNotContain("arn:aws:s3:::\"");
  }

  @Test
  void aGroupIsInOneZoneSinceVolumesAreDefect15() {
    assertThat(STACK.resources("AWS::EKS::Nodegroup"))
        .allSatisfy(group -> assertThat(group.properties().path("Subnets")).hasSize(1));
    assertThat(
            CLUSTER
                .values("cluster-autoscaler")
                .at("/extraArgs/balance-similar-node-groups")
                .asBoolean())
        .isTrue();
  }

  /** Tags of a node group do not reach its Auto Scaling group; EKS sets those itself. */
  @Test
  void discoveryRestsOnTheTagsOfEksDefect16() {
    assertThat(STACK.resources("AWS::EKS::Nodegroup"))
        .allSatisfy(
            group ->
                assertThat(group.properties().path("Tags").toString())
                    .doesNotContain("cluster-autoscaler/enabled", "cluster-autoscaler/${"));
    assertThat(CLUSTER.values("cluster-autoscaler").at("/autoDiscovery/clusterName").asText())
        .isEqualTo("${EksCluster}");
  }

  @Test
  void awsNamesWhatItMakesSoThatASecondStackFitsDefect17() {
    List<String> named = new ArrayList<>();
    for (Map.Entry<String, JsonNode> resource : STACK.template().path("Resources").properties()) {
      String type = resource.getValue().path("Type").asText();
      for (String property : NAMES) {
        JsonNode name = resource.getValue().path("Properties").path(property);
        // An inline policy's name is its role's own; a custom resource's are arguments
        if (name.isTextual() && type.startsWith("AWS::") && !type.equals("AWS::IAM::Policy")) {
          named.add(resource.getKey() + "." + property + "=" + name.asText());
        }
      }
    }
    assertThat(named).isEmpty();
    assertThat(STACK.resource("AWS::EKS::Cluster").properties().has("Name")).isFalse();
    assertThat(STACK.resources("AWS::KMS::Alias")).isEmpty();
  }

  @Test
  void secretsAreSyncedByTheOperatorThatLivesDefect35() {
    assertThat(CLUSTER.chart("external-secrets").properties().path("Repository").asText())
        .isEqualTo("https://charts.external-secrets.io");
    assertThat(
            CLUSTER
                .object("ExternalSecret", "jupyter", "jupyter-external-secret")
                .path("apiVersion")
                .asText())
        .isEqualTo("external-secrets.io/v1");
  }

  @Test
  void thereIsNoIngressToGoOutOfDateDefect37() {
    assertThat(CLUSTER.objects("Ingress")).isEmpty();
    assertThat(CLUSTER.charts())
        .allSatisfy(
            chart ->
                assertThat(chart.properties().toString())
                    .doesNotContain("kubernetes.io/ingress.class", "extensions/v1beta1"));
  }

  @Test
  void theDefaultVersionIsOneThatEksMakesDefect38() {
    assertThat(KubernetesRelease.DEFAULT.isOutOfStandardSupport(LocalDate.parse("2026-11-24")))
        .isFalse();
  }

  @Test
  void nodesRunAmazonLinux2023Defect39() {
    assertThat(STACK.resources("AWS::EKS::Nodegroup"))
        .allMatch(group -> group.properties().path("AmiType").asText().startsWith("AL2023_"));
  }

  /**
   * Logs of the control plane go to CloudWatch; those of pods are read there with an add-on of EKS.
   */
  @Test
  void nothingReadsTheSocketOfDockerDefect43() {
    assertThat(STACK.template().toString()).doesNotContain("docker.sock", "fluentd");
  }

  @Test
  void theToolkitIsPinnedAndNodeIsCurrentDefect44() {
    assertThat(Sources.text("package.json"))
        .containsPattern("\"aws-cdk\": \"2\\.\\d+\\.\\d+\"")
        .contains("\"node\": \"^22 || >=24\"");
    assertThat(Sources.text("docs/platform.md")).contains("22 or 24");
  }

  @Test
  void oneWayOutAndOneLoadBalancerArePaidForDefect46() {
    assertThat(STACK.resources("AWS::EC2::NatGateway")).hasSize(1);
    assertThat(STACK.resources("AWS::ElasticLoadBalancingV2::LoadBalancer")).hasSize(1);
    assertThat(STACK.resources("AWS::EC2::VPCEndpoint"))
        .allMatch(
            endpoint -> endpoint.properties().path("VpcEndpointType").asText().equals("Gateway"));
    assertThat(Synthesis.with("entry=none").resources("AWS::ElasticLoadBalancingV2::LoadBalancer"))
        .isEmpty();
  }

  @Test
  void theCostTableNamesWhatIsPaidForDefect47() {
    String costs = Sources.text("docs/platform.md").replaceFirst("(?s).*## What it costs", "");
    assertThat(costs)
        .contains("NAT gateway", "KMS", "secret", "logs", "gateway endpoint, which is free");
  }

  @Test
  void noSpotNodeIdlesDefect48() {
    assertThat(STACK.resources("AWS::EKS::Nodegroup"))
        .filteredOn(group -> group.properties().path("CapacityType").asText().equals("SPOT"))
        .isNotEmpty()
        .allSatisfy(
            group -> {
              assertThat(group.properties().at("/ScalingConfig/MinSize").asInt(1)).isZero();
              assertThat(group.properties().at("/ScalingConfig/DesiredSize").asInt(1)).isZero();
            });
  }

  /** What it deletes is tried against a local AWS in .ci/checks/40-scripts. */
  @Test
  void deletionSelectsByTheStacksOwnListDefect49() {
    assertThat(Sources.text("deployment/delete_all.sh") + Sources.text("deployment/leftovers.sh"))
        .doesNotContain("k8s-argo", "k8s-jupyter")
        // One that the stack names, never all of the account
        .doesNotContainPattern("describe-load-balancers(?! --load-balancer-arns)")
        .contains("list-stack-resources", "wait_for_deletion");
  }

  @Test
  void notebooksKeepTheirHomeDefect51() {
    JsonNode user = CLUSTER.values("jupyterhub").path("singleuser");
    assertThat(user.at("/storage/type").asText()).isEqualTo("dynamic");
    assertThat(user.at("/storage/dynamic/storageClass").asText()).isEqualTo("gp3");
    assertThat(CLUSTER.values("jupyterhub").at("/cull/timeout").asInt())
        .isGreaterThanOrEqualTo(3600);
  }

  @Test
  void theHubRemembersItsServersDefect52() {
    assertThat(CLUSTER.values("jupyterhub").at("/hub/db/type").asText()).isEqualTo("sqlite-pvc");
    assertThat(CLUSTER.object("StorageClass", "", "gp3").at("/parameters/encrypted").asText())
        .isEqualTo("true");
    assertThat(STACK.resources("AWS::EKS::Addon"))
        .anyMatch(
            addon -> addon.properties().path("AddonName").asText().equals("aws-ebs-csi-driver"));
  }

  @Test
  void theSecretIsNamedByItsArnDefect53() {
    assertThat(
            CLUSTER
                .object("ExternalSecret", "jupyter", "jupyter-external-secret")
                .at("/spec/data/0/remoteRef/key")
                .asText())
        .isEqualTo("${JupyterPasswordSecret}");
  }

  /** There are no metrics to invert; what is looked up while deploying is looked up each time. */
  @Test
  void aLookupIsMadeAgainOnUpdateDefect54() {
    assertThat(STACK.resources("Custom::CloudFrontPrefixList"))
        .allSatisfy(lookup -> assertThat(lookup.properties().has("Update")).isTrue());
  }
}
