package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What was wrong with how the platform that this one replaces ran jobs; the numbers are its
 * defects'.
 */
class DefectsOfJobsTest {

  private static final InCluster CLUSTER = new InCluster(Synthesis.with());

  private static List<JsonNode> templates() {
    return InCluster.elements(
            CLUSTER.object("ClusterWorkflowTemplate", "", "spark-template").at("/spec/templates"))
        .toList();
  }

  private static Stream<JsonNode> submitted(String kind) {
    return Sources.yaml().values().stream()
        .flatMap(List::stream)
        .filter(document -> document.path("kind").asText().equals(kind));
  }

  private static JsonNode environment(JsonNode template, String name) {
    return InCluster.elements(template.at("/container/env"))
        .filter(variable -> variable.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name));
  }

  /** Reading them refuses a key that stands twice, as the driver's and executor's did. */
  @Test
  void noYamlHasAKeyTwiceDefect1() {
    assertThat(Sources.yaml()).hasSizeGreaterThan(10);
  }

  @Test
  void sparkApplicationsPutDriversOnDemandAndExecutorsOnSpotDefect2() {
    assertThat(submitted("SparkApplication"))
        .isNotEmpty()
        .allSatisfy(
            application -> {
              assertThat(application.at("/spec/driver").toString())
                  .contains("\"lifecycle\":\"OnDemand\"");
              assertThat(application.at("/spec/executor").toString())
                  .contains("\"lifecycle\":\"Ec2Spot\"");
            });
  }

  @Test
  void templatesPutDriversOnDemandAndTheEngineExecutorsOnSpotDefect3() {
    assertThat(templates())
        .hasSize(4)
        .allSatisfy(
            template ->
                assertThat(template.at("/nodeSelector/lifecycle").asText()).isEqualTo("OnDemand"));
    // The engine's own tests say that it asks for spot; the label has to be the one of our nodes
    assertThat(
            Sources.text(
                "src/engine/src/main/java/io/sqletl/engine/session/kubernetes/Placement.java"))
        .contains("\"" + NodeGroups.SPOT + "\"", "\"" + NodeGroups.LIFECYCLE + "\"");
  }

  @Test
  void retriesStandWhereArgoReadsThemDefect4() {
    assertThat(templates())
        .allSatisfy(
            template -> {
              assertThat(template.path("retryStrategy").path("limit").asText()).isEqualTo("3");
              assertThat(template.path("inputs").has("retryStrategy")).isFalse();
              assertThat(template.toString()).doesNotContain("ignoreEnvironments");
            });
  }

  @Test
  void keysAreSpelledAsKubernetesReadsThemDefect5() {
    for (Map.Entry<String, List<JsonNode>> source : Sources.yaml().entrySet()) {
      assertThat(source.getValue().toString())
          .as(source.getKey())
          .doesNotContain("\"nodeselector\"", "\"SecondsAfter");
    }
  }

  @Test
  void aDriverKnowsItsPodByTheDownwardApiDefect7And8() {
    assertThat(templates())
        .allSatisfy(
            template -> assertThat(template.toString()).doesNotContainIgnoringCase("hostname"));
    templates().stream()
        .filter(template -> !template.path("name").asText().equals("sparkLocal"))
        .forEach(
            template -> {
              assertThat(
                      environment(template, "POD_NAME")
                          .at("/valueFrom/fieldRef/fieldPath")
                          .asText())
                  .isEqualTo("metadata.name");
              assertThat(
                      environment(template, "POD_IP").at("/valueFrom/fieldRef/fieldPath").asText())
                  .isEqualTo("status.podIP");
            });
  }

  @Test
  void aDriversHeapLeavesRoomInItsPodAndShufflesAreOnDiskDefect9() {
    for (JsonNode template : templates()) {
      assertThat(template.toString()).doesNotContain("tmpfs", "\"medium\"");
      assertThat(template.at("/volumes/0/emptyDir").has("sizeLimit")).isTrue();
      if (template.path("name").asText().equals("sparkLocal")) {
        assertThat(template.toString()).contains("* 0.8)}}m");
        continue;
      }
      JsonNode resources = template.at("/container/resources");
      String memory = resources.at("/limits/memory").asText();
      assertThat(resources.at("/requests/memory").asText()).isEqualTo(memory);
      int gigabytes = Integer.parseInt(memory.replace("Gi", ""));
      String heap = environment(template, "ETL_JAVA_OPTS").path("value").asText();
      int heapGigabytes = Integer.parseInt(heap.replaceAll("-Xmx(\\d+)g.*", "$1"));
      assertThat(heapGigabytes).as(template.path("name").asText()).isLessThan(gigabytes);
    }
  }

  @Test
  void allNodesAreOfOneArchitectureDefect10() {
    for (Synthesis stack : List.of(Synthesis.with(), Synthesis.with("arch=arm64"))) {
      assertThat(
              stack.resources("AWS::EKS::Nodegroup").stream()
                  .map(group -> group.properties().path("AmiType").asText())
                  .distinct())
          .hasSize(1);
    }
    assertThat(CLUSTER.charts())
        .allSatisfy(
            chart ->
                assertThat(chart.properties().path("Values").toString())
                    .doesNotContain("kubernetes.io/arch"));
  }

  /**
   * The chart's own roles, made for namespaces that it is told, are off: ours are made for this
   * one.
   */
  @Test
  void argosRightsAreMadeForTheNamespaceOfJobsDefect12() {
    assertThat(CLUSTER.values("argo-workflows").at("/workflow/rbac/create").asBoolean(true))
        .isFalse();
    assertThat(CLUSTER.rights("spark", "arcjob"))
        .contains("create workflowtaskresults", "patch workflowtaskresults");
  }

  /** The engine runs them as they are in its own tests. */
  @Test
  void shippedNotebooksSpellTheirMagicsDefect14() {
    Map<String, String> notebooks = Sources.below("deployment/app_code/job", ".ipynb");
    assertThat(notebooks).isNotEmpty();
    notebooks.forEach(
        (name, text) -> assertThat(text).as(name).doesNotContain("sqlvaildate", "fales"));
  }

  @Test
  void dataIsShippedAndNotInSomebodyElsesBucketDefect19() {
    assertThat(Sources.below("deployment/app_code/data", ".csv")).isNotEmpty();
    for (String folder :
        List.of("deployment/app_code", "example", "src/platform/src/main/resources")) {
      Sources.below(folder, "")
          .forEach(
              (name, text) ->
                  assertThat(text).as(name).doesNotContain("nyc-tlc", "amazon-reviews-pds"));
    }
  }

  @Test
  void nothingMountsAFolderOfItsNodeDefect29() {
    assertThat(Sources.yaml().values().toString()).doesNotContain("\"hostPath\"");
    assertThat(CLUSTER.objects()).noneMatch(object -> object.toString().contains("\"hostPath\""));
  }

  @Test
  void credentialsComeFromTheSdkThatHadoopHasDefect40() {
    assertThat(CLUSTER.objects())
        .noneMatch(object -> object.toString().contains("com.amazonaws.auth"));
    assertThat(CLUSTER.object("ConfigMap", "spark", "spark-history-server").toString())
        .contains(
            "software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider");
  }

  @Test
  void jobsRunOurEngineAndNoImageOfArcDefect41() {
    assertThat(templates())
        .allSatisfy(
            template ->
                assertThat(template.at("/container/command").toString())
                    .isEqualTo("[\"etl\",\"run\"]"));
    assertThat(Sources.yaml().values().toString()).doesNotContain("tripl");
  }

  @Test
  void athenaReadsDeltaAndNoListOfItsFilesDefect42() {
    Sources.below("deployment/app_code", "")
        .forEach(
            (name, text) ->
                assertThat(text).as(name).doesNotContainIgnoringCase("SymlinkTextInputFormat"));
    assertThat(
            Synthesis.with()
                .resource("AWS::Athena::WorkGroup")
                .properties()
                .at("/WorkGroupConfiguration/EngineVersion/SelectedEngineVersion")
                .asText())
        .isEqualTo("Athena engine version 3");
  }

  @Test
  void theImageComesFromAConfigMapAndNoScriptEditsFilesDefect50() {
    assertThat(templates())
        .allSatisfy(
            template ->
                assertThat(template.at("/inputs/parameters").toString())
                    .contains("{\"configMapKeyRef\":{\"name\":\"sql-etl\",\"key\":\"image\"}}"));
    Sources.below("deployment", ".sh")
        .forEach((name, text) -> assertThat(text).as(name).doesNotContain("sed -i"));
  }
}
