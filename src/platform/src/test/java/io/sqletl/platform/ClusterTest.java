package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The control plane, its add-ons, and who administers it. */
class ClusterTest {

  private static final String DEPLOY_ROLE =
      "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/cdk-hnb659fds-deploy-role-${AWS::AccountId}-${AWS::Region}";

  private final Synthesis stack = Synthesis.with();

  private static JsonNode cluster(Synthesis stack) {
    return stack.resource("AWS::EKS::Cluster").properties();
  }

  private static List<String> administrators(Synthesis stack) {
    return stack.resources("AWS::EKS::AccessEntry").stream()
        .map(entry -> Rendered.text(entry.properties().path("PrincipalArn")))
        .toList();
  }

  private static String connect(Synthesis stack) {
    return Rendered.text(stack.template().at("/Outputs/CONFIGCOMMAND/Value"));
  }

  @Test
  void isOfTheDefaultVersionWithStandardSupport() {
    assertThat(cluster(stack).path("Version").asText()).isEqualTo("1.36");
    assertThat(cluster(stack).at("/UpgradePolicy/SupportType").asText()).isEqualTo("STANDARD");
  }

  @Test
  void hasANameThatCloudFormationMakes() {
    assertThat(cluster(stack).has("Name")).isFalse();
  }

  @Test
  void hasNodeGroupsAndNoAutoMode() {
    assertThat(cluster(stack).at("/ComputeConfig/Enabled").asBoolean(true)).isFalse();
    assertThat(
            cluster(stack)
                .at("/KubernetesNetworkConfig/ElasticLoadBalancing/Enabled")
                .asBoolean(true))
        .isFalse();
    assertThat(cluster(stack).at("/StorageConfig/BlockStorage/Enabled").asBoolean(false)).isFalse();
  }

  @Test
  void encryptsItsSecretsWithAKeyThatRotates() {
    assertThat(cluster(stack).at("/EncryptionConfig/0/Resources").toString())
        .isEqualTo("[\"secrets\"]");
    assertThat(Rendered.text(cluster(stack).at("/EncryptionConfig/0/Provider/KeyArn")))
        .isEqualTo("${EksKey.Arn}");
    assertThat(stack.at("Eks/Key").properties().path("EnableKeyRotation").asBoolean()).isTrue();
  }

  @Test
  void logsWhoDidWhatForAMonth() {
    assertThat(cluster(stack).at("/Logging/ClusterLogging/EnabledTypes").findValuesAsText("Type"))
        .containsExactlyInAnyOrder("audit", "authenticator");
    assertThat(
            cluster(Synthesis.with("controlPlaneLogs=api,audit,controller-manager"))
                .at("/Logging/ClusterLogging/EnabledTypes")
                .findValuesAsText("Type"))
        .containsExactlyInAnyOrder("api", "audit", "controllerManager");
    JsonNode retention = stack.at("Eks/Logs").properties();
    assertThat(Rendered.text(retention.path("LogGroupName")))
        .isEqualTo("/aws/eks/${EksCluster}/cluster");
    assertThat(retention.path("RetentionInDays").asInt()).isEqualTo(30);
  }

  @Test
  void authenticatesByItsOwnApiAndLetsNobodyInByAccident() {
    assertThat(cluster(stack).at("/AccessConfig/AuthenticationMode").asText()).isEqualTo("API");
    assertThat(
            cluster(stack)
                .at("/AccessConfig/BootstrapClusterCreatorAdminPermissions")
                .asBoolean(true))
        .isFalse();
  }

  @Test
  void isAdministeredByThoseWhoDeployIt() {
    assertThat(administrators(stack))
        .containsExactlyInAnyOrder(
            "${EksClusterKubectlProviderHandlerServiceRole.Arn}", DEPLOY_ROLE);
    assertThat(connect(stack))
        .isEqualTo(
            "aws eks update-kubeconfig --name ${EksCluster} --region ${AWS::Region} --role-arn "
                + DEPLOY_ROLE);
  }

  @Test
  void isAdministeredByNamedPrincipalsInstead() {
    String role = "arn:aws:iam::111122223333:role/Platform";
    String user = "arn:aws:iam::111122223333:user/ops/maria";
    Synthesis named =
        Synthesis.with("adminPrincipals=" + role + "," + user, "apiCidrs=203.0.113.0/24");
    assertThat(administrators(named))
        .containsExactlyInAnyOrder(
            "${EksClusterKubectlProviderHandlerServiceRole.Arn}", role, user);
    assertThat(connect(named))
        .isEqualTo("aws eks update-kubeconfig --name ${EksCluster} --region ${AWS::Region}");
  }

  @Test
  void answersTheNamedNetworksOnly() {
    Synthesis closed =
        Synthesis.with(
            "adminPrincipals=arn:aws:iam::111122223333:role/Platform,arn:aws:iam::111122223333:user/ops/maria",
            "apiCidrs=203.0.113.0/24");
    JsonNode network = cluster(closed).path("ResourcesVpcConfig");
    assertThat(network.path("PublicAccessCidrs").toString()).isEqualTo("[\"203.0.113.0/24\"]");
    assertThat(network.path("EndpointPrivateAccess").asBoolean()).isTrue();
    assertThat(closed.warnings()).noneMatch(warning -> warning.contains("API endpoint"));
  }

  @Test
  void warnsThatItAnswersEveryAddress() {
    assertThat(stack.warnings())
        .anyMatch(
            warning ->
                warning.contains("answers every address") && warning.contains("-c apiCidrs="));
  }

  @Test
  void issuesTokensThroughANativeProvider() {
    assertThat(
            stack.resource("AWS::IAM::OIDCProvider").properties().path("ClientIdList").toString())
        .isEqualTo("[\"sts.amazonaws.com\"]");
    assertThat(stack.template().toString()).doesNotContain("OpenIdConnectProvider");
  }

  @Test
  void hasTheKubectlThatSomebodyChoosesWithAWarningWhenItIsFar() {
    Synthesis old = Synthesis.with("kubectlLayer=29");
    assertThat(old.at("Eks/KubectlLayer").properties().path("Content").toString())
        .isNotEqualTo(stack.at("Eks/KubectlLayer").properties().path("Content").toString());
    assertThat(old.warnings())
        .anyMatch(warning -> warning.contains("kubectl 1.29 is 7 minor versions away"));
    assertThat(stack.warnings()).noneMatch(warning -> warning.contains("kubectl"));
  }

  /** What is left behind in an old version stops working with the next one. */
  @Test
  void changesAllThatGoesWithAVersionTogether() {
    Synthesis older = Synthesis.with("kubernetesVersion=1.35");
    for (String path : List.of("Eks/Cluster", "Charts/cluster-autoscaler/Resource/Default")) {
      assertThat(older.at(path).properties()).isNotEqualTo(stack.at(path).properties());
    }
    for (Synthesis each : List.of(older, stack)) {
      String version = cluster(each).path("Version").asText();
      Synthesis.Resource versions = each.resource("Custom::AddonVersions");
      assertThat(versions.properties().path("kubernetesVersion").asText()).isEqualTo(version);
      assertThat(each.resources("AWS::EKS::Addon"))
          .allSatisfy(
              addon ->
                  assertThat(Rendered.text(addon.properties().path("AddonVersion")))
                      .isEqualTo(
                          "${AddonsVersionsChoice."
                              + addon.properties().path("AddonName").asText()
                              + "}"));
      // A parameter that kept its name would keep the old image
      String image = "nodeimage" + version.substring(2) + "x86";
      assertThat(each.template().at("/Parameters/" + image + "/Default").asText())
          .isEqualTo(
              "/aws/service/eks/optimized-ami/"
                  + version
                  + "/amazon-linux-2023/x86_64/standard/recommended/release_version");
      assertThat(each.template().at("/Parameters/" + image + "/Type").asText())
          .isEqualTo("AWS::SSM::Parameter::Value<String>");
      assertThat(each.resources("AWS::EKS::Nodegroup"))
          .allSatisfy(
              group -> {
                assertThat(group.properties().at("/ReleaseVersion/Ref").asText()).isEqualTo(image);
                assertThat(group.properties().path("ForceUpdateEnabled").asBoolean(true)).isFalse();
              });
      assertThat(versions.properties().at("/amiRelease/Ref").asText()).isEqualTo(image);
    }
  }

  @Test
  void staysAtAnImageThatSomebodyPins() {
    Synthesis pinned = Synthesis.with("amiRelease=1.36.1-20261120");
    assertThat(pinned.resources("AWS::EKS::Nodegroup"))
        .extracting(group -> group.properties().path("ReleaseVersion").asText())
        .containsOnly("1.36.1-20261120");
    assertThat(pinned.template().path("Parameters").toString()).doesNotContain("optimized-ami");
  }

  /** A node is not drained under a driver; whoever has no scale is protected by a number only. */
  @Test
  void drainsNoNodeUnderADriver() {
    InCluster objects = new InCluster(stack);
    assertThat(objects.objects("PodDisruptionBudget"))
        .hasSize(2)
        .allSatisfy(
            budget -> {
              assertThat(budget.at("/metadata/namespace").asText()).isEqualTo("spark");
              assertThat(budget.at("/spec/minAvailable").asInt()).isGreaterThan(1000);
            });
  }

  @Test
  void hasKubectlOfItsOwnVersion() {
    assertThat(stack.at("Eks/KubectlLayer").properties().path("Description").asText())
        .contains("kubectl 1.35");
  }

  @Test
  void hasAddonsWithNetworkPolicyBeforeTheFirstNode() {
    assertThat(stack.resources("AWS::EKS::Addon"))
        .extracting(addon -> addon.properties().path("AddonName").asText())
        .containsExactlyInAnyOrder("vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver");
    Synthesis.Resource network = stack.at("Addons/vpc-cni");
    assertThat(network.properties().path("ConfigurationValues").asText())
        .isEqualTo("{\"enableNetworkPolicy\":\"true\"}");
    for (Synthesis.Resource group : stack.resources("AWS::EKS::Nodegroup")) {
      assertThat(group.json().path("DependsOn").toString()).contains(network.id());
    }
  }

  @Test
  void startsDnsAndVolumesOnceThereAreNodes() {
    for (String addon : List.of("Addons/coredns", "Addons/aws-ebs-csi-driver")) {
      assertThat(stack.at(addon).json().path("DependsOn").toString())
          .contains(stack.at("Nodes/OnDemand1").id());
      assertThat(Rendered.text(stack.at(addon).properties().path("ConfigurationValues")))
          .contains("\"nodeSelector\":{\"lifecycle\":\"OnDemand\"}");
    }
  }

  @Test
  void tagsVolumesWithItsNameForTheScriptThatDeletes() {
    assertThat(
            Rendered.text(
                stack.at("Addons/aws-ebs-csi-driver").properties().path("ConfigurationValues")))
        .contains("\"extraVolumeTags\":{\"sql-etl/cluster\":\"${EksCluster}\"}");
    assertThat(Sources.text("deployment/leftovers.sh")).contains("tagged sql-etl/cluster");
  }
}
