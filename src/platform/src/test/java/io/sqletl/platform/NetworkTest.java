package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Zones, ways out, and who may reach what. */
class NetworkTest {

  private final Synthesis stack = Synthesis.with();

  @Test
  void hasTwoZonesWithOneWayOut() {
    assertThat(stack.resources("AWS::EC2::Subnet")).hasSize(4);
    assertThat(stack.resources("AWS::EC2::Subnet"))
        .extracting(subnet -> subnet.properties().path("AvailabilityZone").toString())
        .doesNotContain("")
        .containsOnly(
            "{\"Fn::Select\":[0,{\"Fn::GetAZs\":\"\"}]}",
            "{\"Fn::Select\":[1,{\"Fn::GetAZs\":\"\"}]}");
    assertThat(stack.resources("AWS::EC2::NatGateway")).hasSize(1);
  }

  @Test
  void givesNothingAPublicAddressByItself() {
    assertThat(stack.resources("AWS::EC2::Subnet"))
        .noneMatch(subnet -> subnet.properties().path("MapPublicIpOnLaunch").asBoolean());
  }

  @Test
  void reachesS3PastTheNatGateway() {
    assertThat(stack.resources("AWS::EC2::VPCEndpoint"))
        .singleElement()
        .satisfies(
            endpoint -> {
              assertThat(endpoint.properties().path("VpcEndpointType").asText())
                  .isEqualTo("Gateway");
              assertThat(Rendered.text(endpoint.properties().path("ServiceName")))
                  .isEqualTo("com.amazonaws.${AWS::Region}.s3");
              assertThat(endpoint.properties().path("RouteTableIds")).hasSize(4);
            });
  }

  @Test
  void hasInterfaceEndpointsWhenAskedFor() {
    Synthesis with = Synthesis.with("interfaceEndpoints=true");
    assertThat(with.resources("AWS::EC2::VPCEndpoint"))
        .filteredOn(
            endpoint -> endpoint.properties().path("VpcEndpointType").asText().equals("Interface"))
        .hasSize(12)
        .allSatisfy(
            endpoint ->
                assertThat(endpoint.properties().path("PrivateDnsEnabled").asBoolean()).isTrue());
  }

  @Test
  void opensNoSecurityGroupToTheWorld() {
    for (Synthesis each : List.of(stack, Synthesis.with("interfaceEndpoints=true"))) {
      List<JsonNode> rules =
          Stream.concat(
                  each.resources("AWS::EC2::SecurityGroup").stream()
                      .map(group -> group.properties().path("SecurityGroupIngress")),
                  each.resources("AWS::EC2::SecurityGroupIngress").stream()
                      .map(Synthesis.Resource::properties))
              .toList();
      assertThat(rules).isNotEmpty();
      assertThat(rules)
          .allSatisfy(rule -> assertThat(rule.toString()).doesNotContain("0.0.0.0/0", "::/0"));
    }
  }

  @Test
  void leavesTheDefaultSecurityGroupEmpty() {
    assertThat(stack.resources("Custom::VpcRestrictDefaultSG")).hasSize(1);
  }

  @Test
  void logsWhatItRejectsForAMonth() {
    assertThat(stack.resource("AWS::EC2::FlowLog").properties().path("TrafficType").asText())
        .isEqualTo("REJECT");
    assertThat(stack.at("Network/RejectedTraffic").properties().path("RetentionInDays").asInt())
        .isEqualTo(30);
  }
}
