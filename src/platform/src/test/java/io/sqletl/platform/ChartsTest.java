package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The charts: which, where from, in what order, and the values that a security team asks about. */
class ChartsTest {

  private final Synthesis stack = Synthesis.with();
  private final InCluster cluster = new InCluster(stack);

  @Test
  void areAllInstalledInTheirPinnedVersionsDefect36() {
    assertThat(cluster.charts()).hasSameSizeAs(Charts.pins());
    for (Charts.Pin pin : Charts.pins()) {
      JsonNode chart = cluster.chart(pin.chart()).properties();
      assertThat(chart.path("Version").asText()).matches("\\d+\\.\\d+\\.\\d+");
      assertThat(chart.path("Version").asText()).isEqualTo(pin.version());
      assertThat(chart.path("Repository").asText()).isEqualTo(pin.repository());
      assertThat(chart.path("Namespace").asText()).isEqualTo(pin.namespace());
      assertThat(chart.path("Wait").asBoolean()).as(pin.chart()).isTrue();
    }
  }

  /** Past the function's own limit nobody hears why a chart failed. */
  @Test
  void giveUpWhileTheFunctionCanStillSayWhy() {
    int limit =
        stack.resources("AWS::Lambda::Function").stream()
            .filter(function -> function.path().startsWith("Eks/Cluster/KubectlProvider"))
            .mapToInt(function -> function.properties().path("Timeout").asInt())
            .min()
            .orElseThrow();
    for (Synthesis.Resource chart : cluster.charts()) {
      String patience = chart.properties().path("Timeout").asText();
      assertThat(patience).endsWith("s");
      // Fetching a chart, and what Helm does before and after it waits
      assertThat(Integer.parseInt(patience.replace("s", ""))).isLessThanOrEqualTo(limit - 240);
    }
    for (Synthesis.Resource lookUp : stack.resources("Custom::Zones")) {
      assertThat(lookUp.properties().path("ServiceTimeout").asInt()).isGreaterThan(120);
    }
  }

  /** "kubectl create" fails when CloudFormation asks for the same thing a second time. */
  @Test
  void areAppliedRepeatably() {
    assertThat(stack.resources("Custom::AWSCDK-EKS-KubernetesResource"))
        .isNotEmpty()
        .allSatisfy(
            manifest -> assertThat(manifest.properties().path("Overwrite").asBoolean()).isTrue());
  }

  @Test
  void goIntoNamespacesThatTheStackMakesDefect11() {
    for (Synthesis.Resource chart : cluster.charts()) {
      String namespace = chart.properties().path("Namespace").asText();
      assertThat(chart.properties().path("CreateNamespace").asBoolean()).isFalse();
      if (!namespace.equals("kube-system")) {
        assertThat(cluster.object("Namespace", "", namespace)).isNotNull();
      }
    }
  }

  @Test
  void comeAfterNodesAndAddonsAndNamespacesDefect18() {
    for (Synthesis.Resource chart : cluster.charts()) {
      assertThat(stack.before(chart.id()))
          .as(chart.path())
          .contains(stack.at("Namespaces/Manifest/Resource/Default").id())
          .containsAll(ids("AWS::EKS::Nodegroup"))
          .containsAll(ids("AWS::EKS::Addon"));
    }
  }

  @Test
  void waitForAWebhookOnlyWhereTheyMeetIt() {
    assertThat(stack.before(stack.at("Notebooks/Secret/Resource/Default").id()))
        .contains(cluster.chart("external-secrets").id());
    assertThat(stack.before(cluster.chart("jupyterhub").id()))
        .contains(stack.at("Notebooks/Secret/Resource/Default").id());
    assertThat(stack.before(stack.at("Spark/Templates/Resource/Default").id()))
        .contains(cluster.chart("argo-workflows").id());
    assertThat(stack.before(stack.at("Entry/Bindings/Resource/Default").id()))
        .contains(cluster.chart("aws-load-balancer-controller").id());
  }

  @Test
  void deploySideBySide() {
    List<String> longest = new ArrayList<>();
    for (Map.Entry<String, JsonNode> resource : stack.template().get("Resources").properties()) {
      List<String> chain = chain(resource.getKey(), new HashMap<>());
      if (chain.size() > longest.size()) {
        longest = chain;
      }
    }
    System.out.println(
        "Longest chain of Kubernetes resources: "
            + longest.size()
            + ", "
            + String.join(" -> ", longest));
    // Namespaces, the controller that copies the password, the password, the hub that reads it
    assertThat(longest).hasSizeLessThanOrEqualTo(4);
  }

  @Test
  void takeTheAutoscalerOfTheClustersVersion() {
    assertThat(cluster.values("cluster-autoscaler").at("/image/tag").asText())
        .isEqualTo(KubernetesRelease.DEFAULT.autoscalerTag());
    assertThat(
            new InCluster(Synthesis.with("kubernetesVersion=1.35"))
                .values("cluster-autoscaler")
                .at("/image/tag")
                .asText())
        .startsWith("v1.35.");
  }

  /** As docs/cluster.md promises. */
  @Test
  void letIdleNodesGoAfterTwoMinutes() {
    JsonNode arguments = cluster.values("cluster-autoscaler").path("extraArgs");
    assertThat(arguments.path("scale-down-unneeded-time").asText()).isEqualTo("2m");
    assertThat(arguments.path("scale-down-delay-after-add").asText()).isEqualTo("2m");
    assertThat(Sources.text("docs/cluster.md"))
        .contains("takes idle spot nodes away after two minutes");
  }

  @Test
  void makeNoLoadBalancerOfTheirOwnDefect28() {
    assertThat(cluster.values("jupyterhub").at("/proxy/service/type").asText())
        .isEqualTo("ClusterIP");
    assertThat(cluster.values("argo-workflows").at("/server/ingress").isMissingNode()).isTrue();
    assertThat(cluster.objects("Ingress")).isEmpty();
  }

  @Test
  void letAWebhookOfTheLoadBalancerControllerBreakNoOtherChart() {
    assertThat(
            cluster
                .values("aws-load-balancer-controller")
                .path("enableServiceMutatorWebhook")
                .asBoolean(true))
        .isFalse();
  }

  @Test
  void holdNoSecretDefect24And25And32() {
    for (Synthesis.Resource chart : cluster.charts()) {
      String values = Rendered.text(chart.properties().path("Values"));
      assertThat(values)
          .doesNotContain("resolve:secretsmanager", "secretToken", "service_tokens", "apiToken");
    }
  }

  private List<String> ids(String type) {
    List<String> ids = stack.resources(type).stream().map(Synthesis.Resource::id).toList();
    assertThat(ids).isNotEmpty();
    return ids;
  }

  private List<String> chain(String id, Map<String, List<String>> known) {
    if (known.containsKey(id)) {
      return known.get(id);
    }
    List<String> longest = List.of();
    for (String next : stack.direct(id)) {
      List<String> chain = chain(next, known);
      if (chain.size() > longest.size()) {
        longest = chain;
      }
    }
    List<String> result = new ArrayList<>(longest);
    JsonNode resource = stack.template().get("Resources").get(id);
    if (resource.path("Type").asText().startsWith("Custom::AWSCDK-EKS")) {
      result.add(
          resource
              .at("/Metadata/aws:cdk:path")
              .asText()
              .replaceAll("^" + SparkOnEksStack.ID + "/|/Resource(/Default)?$", ""));
    }
    known.put(id, result);
    return result;
  }
}
