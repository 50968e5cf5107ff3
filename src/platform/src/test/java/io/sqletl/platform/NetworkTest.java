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
    Synthesis.Resource choice = stack.resource("Custom::Zones");
    assertThat(stack.resources("AWS::EC2::Subnet")).hasSize(4);
    assertThat(stack.resources("AWS::EC2::Subnet"))
        .extracting(subnet -> subnet.properties().path("AvailabilityZone").toString())
        .doesNotContain("")
        .containsOnly(
            "{\"Fn::GetAtt\":[\"%s\",\"Zone1\"]}".formatted(choice.id()),
            "{\"Fn::GetAtt\":[\"%s\",\"Zone2\"]}".formatted(choice.id()));
    assertThat(stack.template().toString()).as("zones by their order").doesNotContain("Fn::GetAZs");
    assertThat(stack.resources("AWS::EC2::NatGateway")).hasSize(1);
  }

  @Test
  void isInTheZonesAndAddressesThatSomebodySets() {
    Synthesis set = Synthesis.with("zones=use1-az1,use1-az2", "vpcCidr=10.64.0.0/20");
    assertThat(set.resource("Custom::Zones").properties().path("zones").toString())
        .isEqualTo("[\"use1-az1\",\"use1-az2\"]");
    assertThat(set.resource("AWS::EC2::VPC").properties().path("CidrBlock").asText())
        .isEqualTo("10.64.0.0/20");
    assertThat(set.resources("AWS::EC2::Subnet"))
        .extracting(subnet -> subnet.properties().path("CidrBlock").asText())
        .containsExactlyInAnyOrder("10.64.0.0/24", "10.64.1.0/24", "10.64.4.0/22", "10.64.8.0/22");
  }

  /** Somebody else's network is used and never changed. */
  @Test
  void usesANetworkThatIsThere() {
    Synthesis own = Synthesis.with("vpcId=vpc-0a1b2c3d4e5f60718");
    for (String type :
        List.of("VPC", "Subnet", "NatGateway", "Route", "RouteTable", "InternetGateway", "EIP")) {
      assertThat(own.resources("AWS::EC2::" + type)).as(type).isEmpty();
    }
    assertThat(own.resources("Custom::VpcRestrictDefaultSG")).isEmpty();
    assertThat(own.resources("AWS::EKS::Nodegroup"))
        .extracting(group -> Rendered.text(group.properties().path("Subnets").get(0)))
        .containsExactlyInAnyOrder(
            "${ZonesChoice.Subnet1}",
            "${ZonesChoice.Subnet1}",
            "${ZonesChoice.Subnet2}",
            "${ZonesChoice.Subnet2}");
    assertThat(
            Rendered.texts(
                own.resource("AWS::EKS::Cluster").properties().at("/ResourcesVpcConfig/SubnetIds")))
        .containsExactly("${ZonesChoice.Subnet1}", "${ZonesChoice.Subnet2}");
    assertThat(
            Rendered.texts(
                own.resource("AWS::ElasticLoadBalancingV2::LoadBalancer")
                    .properties()
                    .path("Subnets")))
        .containsExactly("${ZonesChoice.Subnet1}", "${ZonesChoice.Subnet2}");
    assertThat(Rendered.text(own.at("Namespaces/Manifest/Resource/Default").properties()))
        .contains("${ZonesChoice.Cidr}");
    assertThat(own.missingContext()).isEmpty();
    assertThat(own.warnings()).noneMatch(warning -> warning.contains("subnet"));
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
