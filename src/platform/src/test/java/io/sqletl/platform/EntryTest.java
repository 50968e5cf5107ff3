package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The way in: HTTPS through CloudFront to a load balancer without a public address, or none. */
class EntryTest {

  private final Synthesis stack = Synthesis.with();
  private final InCluster cluster = new InCluster(stack);

  @Test
  void tellsBrowsersToComeByHttpsAlone() {
    Synthesis stack = Synthesis.with();
    Synthesis.Resource policy = stack.resource("AWS::CloudFront::ResponseHeadersPolicy");
    assertThat(
            policy
                .properties()
                .at(
                    "/ResponseHeadersPolicyConfig/SecurityHeadersConfig/StrictTransportSecurity/AccessControlMaxAgeSec")
                .asInt())
        .isEqualTo(365 * 24 * 3600);
    assertThat(stack.resources("AWS::CloudFront::Distribution"))
        .hasSize(2)
        .allSatisfy(
            page ->
                assertThat(
                        page.properties()
                            .at(
                                "/DistributionConfig/DefaultCacheBehavior/ResponseHeadersPolicyId/Ref")
                            .asText())
                    .isEqualTo(policy.id()));
  }

  @Test
  void isOneInternalLoadBalancerDefect28And46() {
    JsonNode balancer = stack.resource("AWS::ElasticLoadBalancingV2::LoadBalancer").properties();
    assertThat(balancer.path("Scheme").asText()).isEqualTo("internal");
    assertThat(Rendered.texts(balancer.path("Subnets"))).allMatch(id -> id.contains("Private"));
    assertThat(attributes(balancer, "LoadBalancerAttributes"))
        .containsEntry("routing.http.drop_invalid_header_fields.enabled", "true")
        .hasEntrySatisfying(
            "idle_timeout.timeout_seconds",
            seconds -> assertThat(Integer.parseInt(seconds)).isGreaterThanOrEqualTo(300));
  }

  @Test
  void letsNothingButCloudFrontInDefect28() {
    assertThat(stack.at("Entry/BalancerGroup").properties().has("SecurityGroupIngress")).isFalse();
    List<JsonNode> rules =
        stack.resources("AWS::EC2::SecurityGroupIngress").stream()
            .map(Synthesis.Resource::properties)
            .filter(rule -> Rendered.text(rule.path("GroupId")).contains("EntryBalancerGroup"))
            .toList();
    // A list counts with all its addresses against the number of rules, so there is room for one
    // only
    assertThat(rules).hasSize(1);
    JsonNode rule = rules.get(0);
    assertThat(Rendered.text(rule.path("SourcePrefixListId")))
        .isEqualTo("${EntryPrefixListLookup.PrefixLists.0.PrefixListId}");
    assertThat(rule.has("CidrIp")).isFalse();
    assertThat(
            Rendered.text(
                stack.at("Entry/PrefixList/Lookup/Resource/Default").properties().path("Update")))
        .contains("com.amazonaws.global.cloudfront.origin-facing", "describeManagedPrefixLists");
  }

  @Test
  void asksForTheListAlsoWhenItIsUpdatedDefect54() {
    JsonNode lookup = stack.at("Entry/PrefixList/Lookup/Resource/Default").properties();
    assertThat(lookup.has("Create") && lookup.has("Update")).isTrue();
    assertThat(lookup.has("Delete")).isFalse();
  }

  @Test
  void reachesThePodsOfThePagesAndNothingElse() {
    assertThat(
            stack.resources("AWS::EC2::SecurityGroupEgress").stream()
                .filter(rule -> rule.path().startsWith("Entry/BalancerGroup"))
                .map(rule -> rule.properties().path("FromPort").asInt()))
        .containsExactlyInAnyOrder(2746, 8000);
    assertThat(
            stack.resources("AWS::EC2::SecurityGroupIngress").stream()
                .map(Synthesis.Resource::properties)
                .filter(
                    rule -> Rendered.text(rule.path("SourceSecurityGroupId")).contains("Balancer"))
                .map(rule -> rule.path("FromPort").asInt()))
        .containsExactlyInAnyOrder(2746, 8000);
  }

  @Test
  void sharesAListenerBetweenThePagesByAHeaderOfCloudFrontsDefect46() {
    JsonNode listener = stack.resource("AWS::ElasticLoadBalancingV2::Listener").properties();
    assertThat(listener.at("/DefaultActions/0/FixedResponseConfig/StatusCode").asText())
        .isEqualTo("404");
    List<String> pages =
        stack.resources("AWS::ElasticLoadBalancingV2::ListenerRule").stream()
            .map(rule -> rule.properties().at("/Conditions/0/HttpHeaderConfig/Values/0").asText())
            .toList();
    assertThat(pages).containsExactlyInAnyOrder("Argo", "Jupyter");
    assertThat(
            stack.resources("AWS::CloudFront::Distribution").stream()
                .map(
                    d ->
                        d.properties()
                            .at("/DistributionConfig/Origins/0/OriginCustomHeaders/0/HeaderValue")
                            .asText()))
        .containsExactlyInAnyOrderElementsOf(pages);
  }

  @Test
  void isHttpsForTheBrowserAndStaysInTheNetworkBehindItDefect28() {
    assertThat(stack.resources("AWS::CloudFront::Distribution")).hasSize(2);
    for (Synthesis.Resource distribution : stack.resources("AWS::CloudFront::Distribution")) {
      JsonNode config = distribution.properties().path("DistributionConfig");
      assertThat(config.at("/DefaultCacheBehavior/ViewerProtocolPolicy").asText())
          .isEqualTo("redirect-to-https");
      assertThat(config.at("/DefaultCacheBehavior/AllowedMethods")).hasSize(7);
      JsonNode origin = config.at("/Origins/0/VpcOriginConfig");
      assertThat(Rendered.text(origin.path("VpcOriginId"))).isEqualTo("${EntryOrigin.Id}");
      assertThat(origin.path("OriginReadTimeout").asInt()).isEqualTo(60);
    }
  }

  @Test
  void bindsServicesOfTheChartsToTargetGroupsOfTheStackDefect49() {
    JsonNode argo = cluster.object("TargetGroupBinding", "argo", "argo").path("spec");
    JsonNode jupyter = cluster.object("TargetGroupBinding", "jupyter", "jupyter").path("spec");
    assertThat(argo.path("targetGroupARN").asText()).isEqualTo("${EntryArgoPods}");
    assertThat(jupyter.path("targetGroupARN").asText()).isEqualTo("${EntryJupyterPods}");
    assertThat(stack.at("Entry/ArgoPods").properties().path("TargetType").asText()).isEqualTo("ip");
    assertThat(stack.at("Entry/JupyterPods").properties().path("HealthCheckPath").asText())
        .isEqualTo("/hub/health");
  }

  @Test
  void tellsTheAddresses() {
    for (String output : List.of("ARGOURL", "JUPYTERURL")) {
      assertThat(Rendered.text(stack.template().at("/Outputs/" + output + "/Value")))
          .startsWith("https://${Entry");
    }
  }

  @Test
  void isLeftOutWhenNobodyWantsIt() {
    Synthesis without = Synthesis.with("entry=none");
    assertThat(without.resources("AWS::ElasticLoadBalancingV2::LoadBalancer")).isEmpty();
    assertThat(without.resources("AWS::CloudFront::Distribution")).isEmpty();
    assertThat(new InCluster(without).charts())
        .hasSize(Charts.pins().size() - 1)
        .noneMatch(chart -> chart.path().contains("load-balancer"));
    assertThat(without.template().path("Outputs").properties())
        .extracting(Map.Entry::getKey)
        .doesNotContain("ARGOURL", "JUPYTERURL");
  }

  private static Map<String, String> attributes(JsonNode resource, String list) {
    return InCluster.elements(resource.path(list))
        .collect(
            java.util.stream.Collectors.toMap(
                attribute -> attribute.path("Key").asText(),
                attribute -> attribute.path("Value").asText()));
  }
}
