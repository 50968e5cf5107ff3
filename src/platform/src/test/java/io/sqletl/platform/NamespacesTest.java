package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pods may be in a namespace, how much they may use, and whom they may talk to. */
class NamespacesTest {

  private final Synthesis stack = Synthesis.with();
  private final InCluster cluster = new InCluster(stack);

  @ParameterizedTest
  @CsvSource({
    "spark, baseline",
    "jupyter, baseline",
    "argo, restricted",
    "spark-operator, restricted",
    "external-secrets, restricted"
  })
  void enforceAStandardForPodsDefect29And30(String namespace, String level) {
    JsonNode labels = cluster.object("Namespace", "", namespace).at("/metadata/labels");
    assertThat(labels.path("pod-security.kubernetes.io/enforce").asText()).isEqualTo(level);
    assertThat(labels.path("name").asText()).as("not that of another").isEqualTo(namespace);
  }

  @Test
  void limitWhatJobsUseToWhatTheNodesHaveDefect30() {
    int nodes =
        stack.resources("AWS::EKS::Nodegroup").stream()
            .mapToInt(group -> group.properties().at("/ScalingConfig/MaxSize").asInt())
            .sum();
    JsonNode hard = cluster.object("ResourceQuota", "spark", "spark").at("/spec/hard");
    // Four CPUs each
    assertThat(hard.path("requests.cpu").asInt()).isEqualTo(nodes * 4);
    for (String namespace : List.of("spark", "jupyter")) {
      JsonNode quota = cluster.object("ResourceQuota", namespace, namespace).at("/spec/hard");
      assertThat(quota.path("services.loadbalancers").asText()).isEqualTo("0");
      assertThat(quota.path("services.nodeports").asText()).isEqualTo("0");
      JsonNode limits = cluster.object("LimitRange", namespace, "requests").at("/spec/limits/0");
      // A container that says nothing would not pass the quota
      assertThat(limits.path("defaultRequest").properties())
          .extracting(Map.Entry::getKey)
          .contains("cpu", "memory");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"spark", "jupyter", "argo", "spark-operator", "external-secrets"})
  void letNothingInAtFirstDefect30(String namespace) {
    JsonNode policy = cluster.object("NetworkPolicy", namespace, "default-deny").path("spec");
    assertThat(policy.path("podSelector")).isEmpty();
    assertThat(policy.path("policyTypes").toString()).isEqualTo("[\"Ingress\",\"Egress\"]");
    assertThat(policy.has("ingress") || policy.has("egress")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"spark, reach-data", "argo, reach-api", "external-secrets, reach-api"})
  void letPodsReachNamesAndHttpsButNoMetadata(String namespace, String name) {
    JsonNode egress = cluster.object("NetworkPolicy", namespace, name).at("/spec/egress");
    assertThat(egress.get(0).toString()).contains("kube-dns", "\"port\":53", "UDP", "TCP");
    assertThat(egress.get(1).path("ports").toString())
        .isEqualTo("[{\"protocol\":\"TCP\",\"port\":443}]");
    assertThat(egress.get(1).at("/to/0/ipBlock/except").toString()).contains("169.254.0.0/16");
  }

  @Test
  void letExecutorsReachTheDriverAndEachOther() {
    JsonNode driver = cluster.object("NetworkPolicy", "spark", "spark-driver").path("spec");
    assertThat(driver.at("/ingress/0/ports").findValues("port"))
        .extracting(JsonNode::asInt)
        .containsExactly(7078, 7079);
    JsonNode executor = cluster.object("NetworkPolicy", "spark", "spark-executor").path("spec");
    assertThat(executor.at("/podSelector/matchLabels/spark-role").asText()).isEqualTo("executor");
    for (JsonNode policy : List.of(driver, executor)) {
      assertThat(policy.at("/ingress/0/from").toString())
          .contains("\"app\":\"spark\"", "spark-role", "driver", "executor");
    }
  }

  @Test
  void labelDriversOfTheTemplatesAsThePoliciesExpect() {
    JsonNode templates =
        cluster.object("ClusterWorkflowTemplate", "", "spark-template").at("/spec/templates");
    assertThat(templates.findValuesAsText("name"))
        .contains("smallJob", "mediumJob", "largeJob", "sparkLocal");
    for (JsonNode template : templates) {
      assertThat(template.at("/metadata/labels/app").asText()).isEqualTo("spark");
      assertThat(template.at("/nodeSelector/lifecycle").asText()).isEqualTo("OnDemand");
    }
  }

  @Test
  void letOnlyTheNetworkItselfInToPagesAndWebhooks() {
    Stream.of(
            cluster.object("NetworkPolicy", "argo", "argo-server"),
            cluster.object("NetworkPolicy", "spark-operator", "webhook"),
            cluster.object("NetworkPolicy", "external-secrets", "webhook"))
        .forEach(
            policy ->
                assertThat(policy.at("/spec/ingress/0/from").toString())
                    .isEqualTo("[{\"ipBlock\":{\"cidr\":\"${NetworkVpc.CidrBlock}\"}}]"));
  }

  @Test
  void tellJobsWhereTheirDataIsDefect50() {
    JsonNode map = cluster.object("ConfigMap", "spark", "sql-etl");
    assertThat(map.path("data").properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            "codeBucket", "datalakeBucket", "athenaWorkgroup", "image", "region");
    assertThat(map.at("/data/athenaWorkgroup").asText()).isEqualTo("${AWS::StackName}");
    assertThat(map.at("/data/codeBucket").asText()).isEqualTo("${CodeBucket}");
    assertThat(map.at("/data/datalakeBucket").asText())
        .isEqualTo("${if DataLakeIsCodeBucket ${CodeBucket} else ${datalakebucket}}");
    assertThat(map.at("/data/image").asText())
        .isEqualTo("${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/arc:latest");
    // Argo finds no other maps
    assertThat(map.at("/metadata/labels").path("workflows.argoproj.io/configmap-type").asText())
        .isEqualTo("Parameter");
  }

  @Test
  void showRunsThatAreOverToThoseWhoForwardAPort() {
    JsonNode pod =
        cluster.object("Deployment", "spark", "spark-history-server").at("/spec/template/spec");
    JsonNode container = pod.at("/containers/0");
    assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    assertThat(pod.at("/nodeSelector/lifecycle").asText()).isEqualTo("OnDemand");
    assertThat(
            cluster
                .object("ConfigMap", "spark", "spark-history-server")
                .at("/data/spark-defaults.conf")
                .asText())
        .contains("s3a://${CodeBucket}/" + CodeBucket.EVENT_LOGS + "/")
        .contains("WebIdentityTokenFileCredentialsProvider");
    assertThat(cluster.object("Service", "spark", "spark-history-server").at("/spec/type").asText())
        .isEmpty();
  }
}
