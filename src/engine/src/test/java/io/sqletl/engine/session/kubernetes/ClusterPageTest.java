package io.sqletl.engine.session.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.session.kubernetes.ClusterPlanTest.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/cluster.md are what the code says. {@code -Dsqletl.write=true} writes them
 * anew.
 */
class ClusterPageTest {

  private static final Path PAGE = Path.of("../../docs/cluster.md");

  @Test
  void theTablesAreWhatTheCodeSays() throws IOException {
    String page = Files.readString(PAGE);
    String anew = page;
    for (Map.Entry<String, String> table : tables().entrySet()) {
      anew = replaced(anew, table.getKey(), table.getValue());
    }
    if (Boolean.getBoolean("sqletl.write")) {
      Files.writeString(PAGE, anew);
      return;
    }

    assertThat(page)
        .as("./mvnw -pl src/engine test -Dtest=ClusterPageTest -Dsqletl.write=true")
        .isEqualTo(anew);
  }

  private static String replaced(String page, String name, String table) {
    Matcher place =
        Pattern.compile(
                "(<!-- " + name + " -->\n).*?(<!-- end of " + name + " -->)", Pattern.DOTALL)
            .matcher(page);
    assertThat(place.find()).as("the page has a place for " + name).isTrue();
    return new StringBuilder(page)
        .replace(place.start(), place.end(), place.group(1) + table + place.group(2))
        .toString();
  }

  private static Map<String, String> tables() {
    Map<String, String> tables = new LinkedHashMap<>();
    tables.put("sizes", sizes());
    tables.put("environment", environment());
    tables.put("settings", settings());
    tables.put("troubles", troubles());
    return tables;
  }

  private static String sizes() {
    StringBuilder table =
        new StringBuilder(
            "\n| `--size` | template | executors | cores of each | heap of each | request of each |"
                + " driver's heap | driver's pod |\n|---|---|---|---|---|---|---|---|\n");
    for (JobSize size : JobSize.values()) {
      String name = size.name().toLowerCase(java.util.Locale.ROOT);
      table.append(
          "| `%s` | `%sJob` | %d | %d | %s | %s CPU, %s | %s | %s |%n"
              .formatted(
                  name,
                  name,
                  size.executors(),
                  size.cores(),
                  size.memory(),
                  800 * size.cores() + "m",
                  podMemory(size.memory()),
                  size.driverHeap(),
                  size.driverPodMemory()));
    }
    return table.append('\n').toString();
  }

  /** Heap and what Spark adds to it. */
  private static String podMemory(String heap) {
    long mebibytes = 1024L * Long.parseLong(heap.replace("g", ""));
    return mebibytes + Math.max(384, mebibytes / 10) + "Mi";
  }

  private static String environment() {
    StringBuilder table = new StringBuilder("\n| variable | is |\n|---|---|\n");
    for (PodVariable variable : PodVariable.values()) {
      table.append("| `%s` | %s |%n".formatted(variable.name(), variable.sentence()));
    }
    return table.append('\n').toString();
  }

  private static String troubles() {
    StringBuilder table = new StringBuilder("\n| Kubernetes says | do |\n|---|---|\n");
    for (PodTrouble trouble : PodTrouble.values()) {
      table.append("| %s | %s |%n".formatted(trouble.example(), sentence(trouble.remedy())));
    }
    return table.append('\n').toString();
  }

  private static String sentence(String remedy) {
    return Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1) + ".";
  }

  private static String settings() {
    ClusterPlan plan =
        ClusterPlan.of(
            new Options()
                .size(JobSize.MEDIUM)
                .labels(List.of("workflowId=scd2"))
                .scratch("100Gi")
                .build(),
            PodEnvironment.of(
                Map.of(
                    "POD_NAME", "$POD_NAME",
                    "POD_IP", "$POD_IP",
                    "POD_NAMESPACE", "spark",
                    "ETL_IMAGE", "$ETL_IMAGE",
                    "ETL_EXECUTOR_SERVICE_ACCOUNT", "spark-executor"),
                Path.of("none")),
            Map.of());
    ClusterPlan range =
        ClusterPlan.of(
            new Options().executors("1..20").build(),
            PodEnvironment.of(Map.of("POD_IP", "x", "ETL_IMAGE", "x"), Path.of("none")),
            Map.of());
    Map<Setting.Topic, StringBuilder> tables = new LinkedHashMap<>();
    add(tables, KubernetesSettings.of(plan, "scd2-3f9a1c2d", "executor-pod.yaml"));
    add(
        tables,
        SpotSettings.of(range).stream()
            .filter(setting -> setting.topic() == Setting.Topic.SCALE)
            .toList());
    StringBuilder all = new StringBuilder();
    for (Setting.Topic topic : Setting.Topic.values()) {
      all.append("\n### ")
          .append(topic.title())
          .append("\n\n| setting | value | why |\n|---|---|---|\n");
      all.append(tables.get(topic));
    }
    return all.append('\n').toString();
  }

  private static void add(Map<Setting.Topic, StringBuilder> tables, List<Setting> settings) {
    for (Setting setting : settings) {
      tables
          .computeIfAbsent(setting.topic(), topic -> new StringBuilder())
          .append(
              "| `%s` | `%s` | %s |%n"
                  .formatted(setting.name(), setting.value(), setting.reason()));
    }
  }
}
