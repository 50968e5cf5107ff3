package io.sqletl.engine.session.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.session.kubernetes.ClusterException.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterPlanTest {

  private static final Map<String, String> POD =
      Map.of(
          "POD_NAME", "scd2-merge-1",
          "POD_IP", "10.0.12.7",
          "POD_NAMESPACE", "spark",
          "ETL_IMAGE", "registry/arc:1",
          "ETL_EXECUTOR_SERVICE_ACCOUNT", "executor");

  @TempDir private Path folder;

  @Test
  void aPodOfTheTemplateNeedsNoOptions() {
    ClusterPlan plan = plan(Options.none("k8s"), POD);

    assertThat(plan.master()).isEqualTo("k8s://https://kubernetes.default.svc:443");
    assertThat(plan.executors()).isEqualTo(new ExecutorCount(1, 1));
    assertThat(plan.cores()).isEqualTo(1);
    assertThat(plan.memory()).isEqualTo("1g");
    assertThat(plan.image()).isEqualTo("registry/arc:1");
    assertThat(plan.namespace()).isEqualTo("spark");
    assertThat(plan.serviceAccount()).contains("executor");
    assertThat(plan.driverPod()).contains("scd2-merge-1");
    assertThat(plan.driverHost()).contains("10.0.12.7");
    assertThat(plan.placement()).isEqualTo(Placement.SPOT);
  }

  @ParameterizedTest
  @CsvSource({"SMALL, 1, 1, 1g", "MEDIUM, 2, 2, 10g", "LARGE, 3, 2, 12g"})
  void aSizeSaysWhatNoOptionDoes(JobSize size, int executors, int cores, String memory) {
    ClusterPlan plan = plan(new Options().size(size).build(), POD);

    assertThat(plan.executors()).isEqualTo(new ExecutorCount(executors, executors));
    assertThat(plan.cores()).isEqualTo(cores);
    assertThat(plan.memory()).isEqualTo(memory);
    assertThat(plan(new Options().size(size).memory("3g").build(), POD).memory()).isEqualTo("3g");
  }

  @Test
  void theNumberOfExecutorsMayFollowTheWork() {
    ClusterPlan plan = plan(new Options().executors("1..20").build(), POD);

    assertThat(plan.executors()).isEqualTo(new ExecutorCount(1, 20));
    assertThat(plan.executors().isDynamic()).isTrue();
  }

  @Test
  void aPodThatDoesNotSayItsNamespaceHasItMounted() throws IOException {
    Path file = Files.writeString(folder.resolve("namespace"), "teams\n");
    Map<String, String> pod = without("POD_NAMESPACE");

    assertThat(
            ClusterPlan.of(Options.none("k8s"), PodEnvironment.of(pod, file), Map.of()).namespace())
        .isEqualTo("teams");
    assertThat(plan(Options.none("k8s"), pod).namespace()).isEqualTo("spark");
  }

  @Test
  void labelsOfThePodAndOfTheCommandAddUp() {
    Map<String, String> pod = new HashMap<>(POD);
    pod.put("ETL_EXECUTOR_LABELS", "workflowId=scd2, team=a");

    assertThat(plan(new Options().labels(List.of("team=b")).build(), pod).labels())
        .isEqualTo(Map.of("workflowId", "scd2", "team", "b"));
  }

  @Test
  void theAddressOfTheDriverMayBeASettingOfSpark() {
    ClusterPlan plan =
        ClusterPlan.of(
            Options.none("k8s://https://10.0.0.1:6443"),
            environment(without("POD_IP")),
            Map.of("spark.driver.host", "192.168.1.4"));

    assertThat(plan.driverHost()).isEmpty();
    assertThat(plan.master()).isEqualTo("k8s://https://10.0.0.1:6443");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    ClusterOptions options =
        new Options()
            .master("k8s://ftp://x")
            .executors("three")
            .cores("0")
            .memory("10")
            .pullPolicy("Sometimes")
            .namespace("No")
            .scratch("much")
            .labels(List.of("a b"))
            .build();

    assertThatThrownBy(() -> plan(options, Map.of()))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e ->
                assertThat(e.troubles())
                    .extracting(Trouble::message)
                    .containsExactly(
                        "--master k8s://ftp://x is no address of a Kubernetes API",
                        "--executors cannot be \"three\"",
                        "--executor-cores cannot be \"0\"",
                        "--executor-memory cannot be \"10\"",
                        "No image is named for the executors",
                        "--pull-policy cannot be \"Sometimes\"",
                        "--namespace cannot be \"No\"",
                        "--scratch cannot be \"much\"",
                        "\"a b\" is no label",
                        "Executors could not reach this driver: POD_IP is not set"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0..0", "3..2", "-1", "1..", "2.5", ""})
  void aNumberOfExecutorsThatMakesNoSenseIsRefused(String text) {
    assertThat(ExecutorCount.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"400m", "10Gi", "10", "-1g", "1 g", "g"})
  void aMemoryThatSparkWouldMisreadIsRefused(String text) {
    assertThatThrownBy(() -> plan(new Options().memory(text).build(), POD))
        .hasMessageContaining("--executor-memory cannot be")
        .hasMessageContaining("such as 10g or 1500m, and at least 450m");
  }

  private ClusterPlan plan(ClusterOptions options, Map<String, String> pod) {
    return ClusterPlan.of(options, environment(pod), Map.of());
  }

  private PodEnvironment environment(Map<String, String> pod) {
    return PodEnvironment.of(pod, folder.resolve("none"));
  }

  private static Map<String, String> without(String name) {
    Map<String, String> pod = new HashMap<>(POD);
    pod.remove(name);
    return pod;
  }

  /** Options of a test, which are none but those it sets. */
  static final class Options {

    private String master = "k8s";
    private JobSize size = JobSize.SMALL;
    private Optional<String> executors = Optional.empty();
    private Optional<String> cores = Optional.empty();
    private Optional<String> memory = Optional.empty();
    private Optional<String> pullPolicy = Optional.empty();
    private Optional<String> namespace = Optional.empty();
    private Optional<String> scratch = Optional.empty();
    private List<String> labels = List.of();

    static ClusterOptions none(String master) {
      return new Options().master(master).build();
    }

    Options master(String value) {
      master = value;
      return this;
    }

    Options size(JobSize value) {
      size = value;
      return this;
    }

    Options executors(String value) {
      executors = Optional.of(value);
      return this;
    }

    Options cores(String value) {
      cores = Optional.of(value);
      return this;
    }

    Options memory(String value) {
      memory = Optional.of(value);
      return this;
    }

    Options pullPolicy(String value) {
      pullPolicy = Optional.of(value);
      return this;
    }

    Options namespace(String value) {
      namespace = Optional.of(value);
      return this;
    }

    Options scratch(String value) {
      scratch = Optional.of(value);
      return this;
    }

    Options labels(List<String> value) {
      labels = value;
      return this;
    }

    ClusterOptions build() {
      return new ClusterOptions(
          master,
          size,
          executors,
          cores,
          memory,
          Optional.empty(),
          pullPolicy,
          namespace,
          Optional.empty(),
          Placement.SPOT,
          labels,
          scratch,
          10);
    }
  }
}
