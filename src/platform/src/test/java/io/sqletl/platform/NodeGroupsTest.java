package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The nodes: which, how many, and what a pod on one cannot do. */
class NodeGroupsTest {

  private static List<JsonNode> groups(Synthesis stack, String capacity) {
    return stack.resources("AWS::EKS::Nodegroup").stream()
        .map(Synthesis.Resource::properties)
        .filter(group -> group.path("CapacityType").asText().equals(capacity))
        .toList();
  }

  @Test
  void isOneOfEachKindInEachZone() {
    for (String capacity : List.of("ON_DEMAND", "SPOT")) {
      assertThat(groups(Synthesis.with(), capacity))
          .hasSize(Zones.COUNT)
          .allSatisfy(group -> assertThat(group.path("Subnets")).hasSize(1))
          .extracting(group -> group.path("Subnets").toString())
          .doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @CsvSource({"ON_DEMAND, OnDemand", "SPOT, Ec2Spot"})
  void saysWhetherANodeMayGo(String capacity, String lifecycle) {
    assertThat(groups(Synthesis.with(), capacity))
        .allSatisfy(
            group ->
                assertThat(group.path("Labels").toString())
                    .isEqualTo("{\"lifecycle\":\"" + lifecycle + "\"}"));
  }

  @Test
  void startsWithOneNodeAndGrowsSpotFromNone() {
    assertThat(groups(Synthesis.with(), "ON_DEMAND"))
        .extracting(group -> group.path("ScalingConfig").toString())
        .containsExactly(
            "{\"DesiredSize\":1,\"MaxSize\":3,\"MinSize\":1}",
            "{\"DesiredSize\":0,\"MaxSize\":3,\"MinSize\":0}");
    assertThat(groups(Synthesis.with(), "SPOT"))
        .extracting(group -> group.path("ScalingConfig").toString())
        .containsOnly("{\"DesiredSize\":0,\"MaxSize\":15,\"MinSize\":0}");
  }

  @ParameterizedTest
  @CsvSource({"x86, AL2023_x86_64_STANDARD", "arm64, AL2023_ARM_64_STANDARD"})
  void isOfOneArchitectureAndOfTheTypesThatItsZoneOffers(String architecture, String image) {
    Synthesis stack = Synthesis.with("arch=" + architecture);
    assertThat(stack.resources("AWS::EKS::Nodegroup"))
        .allSatisfy(
            group -> assertThat(group.properties().path("AmiType").asText()).isEqualTo(image))
        .extracting(group -> Rendered.text(group.properties().path("InstanceTypes")))
        .containsExactlyInAnyOrder(
            "${ZonesChoice.OnDemandTypes1}",
            "${ZonesChoice.OnDemandTypes2}",
            "${ZonesChoice.SpotTypes1}",
            "${ZonesChoice.SpotTypes2}");
  }

  /** The autoscaler reckons with the first type of a group. */
  @ParameterizedTest
  @CsvSource({"x86, [mr]\\d[an]?i?", "arm64, [mr]\\dg"})
  void hasCandidatesOfOneSizeWithoutDisksOfTheirOwn(String architecture, String family) {
    Synthesis.Resource choice = Synthesis.with("arch=" + architecture).resource("Custom::Zones");
    for (String kind : List.of("onDemandTypes", "spotTypes")) {
      assertThat(Rendered.texts(choice.properties().path(kind)))
          .hasSizeGreaterThan(2)
          .allMatch(type -> type.matches(family + "\\.xlarge"))
          .extracting(type -> type.charAt(0))
          .containsOnly(kind.equals("spotTypes") ? 'r' : 'm');
    }
  }

  @Test
  void isOfTheTypesAndSizesThatSomebodySets() {
    Synthesis stack =
        Synthesis.with(
            "onDemandTypes=m6i.2xlarge,m5.2xlarge",
            "spotTypes=r6i.4xlarge",
            "onDemandMin=2",
            "onDemandMax=6",
            "spotMax=40",
            "nodeDiskGiB=500");
    assertThat(stack.resource("Custom::Zones").properties().path("onDemandTypes").toString())
        .isEqualTo("[\"m6i.2xlarge\",\"m5.2xlarge\"]");
    assertThat(stack.resource("Custom::Zones").properties().path("spotTypes").toString())
        .isEqualTo("[\"r6i.4xlarge\"]");
    assertThat(groups(stack, "ON_DEMAND"))
        .extracting(group -> group.path("ScalingConfig").toString())
        .containsExactly(
            "{\"DesiredSize\":2,\"MaxSize\":6,\"MinSize\":2}",
            "{\"DesiredSize\":0,\"MaxSize\":6,\"MinSize\":0}");
    assertThat(groups(stack, "SPOT"))
        .extracting(group -> group.path("ScalingConfig").toString())
        .containsOnly("{\"DesiredSize\":0,\"MaxSize\":40,\"MinSize\":0}");
    assertThat(
            stack
                .resource("AWS::EC2::LaunchTemplate")
                .properties()
                .at("/LaunchTemplateData/BlockDeviceMappings/0/Ebs/VolumeSize")
                .asInt())
        .isEqualTo(500);
  }

  /** From zero the autoscaler would count all that an instance has. */
  @ParameterizedTest
  @CsvSource({
    "ON_DEMAND, '', 3920m, 14571Mi, 58, 85Gi",
    "SPOT, '', 3920m, 30136Mi, 58, 85Gi",
    "SPOT, spotTypes=r6i.4xlarge, 15890m, 121589Mi, 234, 340Gi"
  })
  void tellsTheAutoscalerWhatANodeLeavesToPods(
      String capacity, String setting, String cpu, String memory, String pods, String disk) {
    Synthesis stack = setting.isEmpty() ? Synthesis.with() : Synthesis.with(setting);
    String tag = "k8s.io/cluster-autoscaler/node-template/resources/";
    assertThat(groups(stack, capacity))
        .allSatisfy(
            group -> {
              assertThat(group.path("Tags").path(tag + "cpu").asText()).isEqualTo(cpu);
              assertThat(group.path("Tags").path(tag + "memory").asText()).isEqualTo(memory);
              assertThat(group.path("Tags").path(tag + "pods").asText()).isEqualTo(pods);
              assertThat(group.path("Tags").path(tag + "ephemeral-storage").asText())
                  .isEqualTo(disk);
            });
  }

  /** Two executors of the largest template, beside what runs on each node. */
  @Test
  void holdsTwoExecutorsOfALargeJob() {
    assertThat(NodeCapacity.of("r5.xlarge", 100).memoryMiB()).isGreaterThan(2 * 13516 + 500);
  }

  @Test
  void refusesAPodThatFitsOnNoNode() {
    for (String setting : List.of("arch=x86", "spotTypes=r6i.4xlarge")) {
      Synthesis stack = Synthesis.with(setting);
      JsonNode limits =
          new InCluster(stack).object("LimitRange", "spark", "requests").at("/spec/limits/0");
      JsonNode tags = groups(stack, "SPOT").get(0).path("Tags");
      String tag = "k8s.io/cluster-autoscaler/node-template/resources/";
      assertThat(limits.at("/max/memory").asText()).isEqualTo(tags.path(tag + "memory").asText());
      assertThat(limits.at("/max/cpu").asText()).isEqualTo(tags.path(tag + "cpu").asText());
    }
  }

  /** The quota is what the largest set of nodes holds, whatever that is. */
  @Test
  void hasAQuotaOfTheLargestSetOfNodes() {
    InCluster usual = new InCluster(Synthesis.with());
    assertThat(
            usual.object("ResourceQuota", "spark", "spark").at("/spec/hard/requests.cpu").asText())
        .isEqualTo("144");
    assertThat(
            usual
                .object("ResourceQuota", "spark", "spark")
                .at("/spec/hard/requests.memory")
                .asText())
        .isEqualTo("1056Gi");
    InCluster large = new InCluster(Synthesis.with("spotTypes=r6i.4xlarge"));
    assertThat(
            large.object("ResourceQuota", "spark", "spark").at("/spec/hard/requests.cpu").asText())
        .isEqualTo("504");
  }

  @ParameterizedTest
  @CsvSource({"'', false", "spotTypes=r5d.xlarge, true", "spotTypes=i4i.2xlarge, true"})
  void usesDisksThatATypeHas(String setting, boolean used) {
    Synthesis stack = setting.isEmpty() ? Synthesis.with() : Synthesis.with(setting);
    JsonNode data =
        stack
            .resource("AWS::EC2::LaunchTemplate")
            .properties()
            .at("/LaunchTemplateData/UserData/Fn::Base64");
    assertThat(data.isTextual()).isEqualTo(used);
    if (used) {
      assertThat(data.asText()).contains("application/node.eks.aws", "strategy: RAID0");
    }
  }

  @Test
  void keepsPodsFromTheNodesRoleAndDisksEncrypted() {
    JsonNode launch =
        Synthesis.with()
            .resource("AWS::EC2::LaunchTemplate")
            .properties()
            .path("LaunchTemplateData");
    assertThat(launch.path("MetadataOptions").path("HttpTokens").asText()).isEqualTo("required");
    assertThat(launch.path("MetadataOptions").path("HttpPutResponseHopLimit").asInt()).isEqualTo(1);
    JsonNode disk = launch.at("/BlockDeviceMappings/0/Ebs");
    assertThat(disk.path("Encrypted").asBoolean()).isTrue();
    assertThat(disk.path("VolumeType").asText()).isEqualTo("gp3");
    assertThat(disk.path("VolumeSize").asInt()).isEqualTo(100);
    assertThat(Synthesis.with().resources("AWS::EKS::Nodegroup"))
        .allSatisfy(
            group ->
                assertThat(Rendered.text(group.properties().at("/LaunchTemplate/Id")))
                    .isEqualTo("${NodesLaunchTemplate}"));
  }
}
