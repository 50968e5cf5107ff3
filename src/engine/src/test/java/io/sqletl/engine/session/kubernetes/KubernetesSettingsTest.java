package io.sqletl.engine.session.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.session.kubernetes.ClusterPlanTest.Options;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.internal.config.ConfigEntry;
import org.apache.spark.launcher.SparkLauncher;
import org.apache.spark.sql.internal.SQLConf;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KubernetesSettingsTest {

  /** Names that end in something of the user's, which Spark therefore does not know one by one. */
  private static final Predicate<String> IS_OPEN =
      name ->
          name.startsWith("spark.kubernetes.executor.label.")
              || name.startsWith("spark.kubernetes.executor.annotation.")
              || name.startsWith("spark.kubernetes.executor.node.selector.")
              || name.startsWith("spark.kubernetes.executor.volumes.");

  /** Names that Spark knows without an entry of its own: the launcher's. */
  private static final List<String> READ_ELSEWHERE =
      List.of("spark.submit.deployMode", SparkLauncher.EXECUTOR_DEFAULT_JAVA_OPTIONS);

  @BeforeAll
  static void loadTheNamesThatSparkKnows() throws ClassNotFoundException {
    for (String holder :
        List.of(
            "org.apache.spark.internal.config.package$",
            "org.apache.spark.internal.config.UI$",
            "org.apache.spark.internal.config.Network$",
            "org.apache.spark.deploy.k8s.Config$")) {
      Class.forName(holder);
    }
    assertThat(SQLConf.SHUFFLE_PARTITIONS()).isNotNull();
  }

  /** A misspelt name would be passed over without a word. */
  @Test
  void everyNameIsOneThatSparkKnows() {
    assertThat(settings(everything()).keySet())
        .filteredOn(IS_OPEN.negate())
        .filteredOn(name -> !READ_ELSEWHERE.contains(name))
        .allSatisfy(name -> assertThat(ConfigEntry.findEntry(name)).as(name).isNotNull());
  }

  @Test
  void everySettingHasASentenceAndIsSetOnce() {
    List<Setting> settings = KubernetesSettings.of(everything(), "scd2-1", "file:/t.yaml");

    assertThat(settings).extracting(Setting::name).doesNotHaveDuplicates();
    assertThat(settings).allSatisfy(s -> assertThat(s.reason()).as(s.name()).endsWith("."));
  }

  @Test
  void twoExecutorsOfMediumFitOnANodeOfFourCpus() {
    Map<String, String> medium = settings(plan(new Options().size(JobSize.MEDIUM)));

    assertThat(medium)
        .containsEntry("spark.executor.cores", "2")
        .containsEntry("spark.kubernetes.executor.request.cores", "1600m")
        .doesNotContainKey("spark.kubernetes.executor.limit.cores");
  }

  @Test
  void executorsAreOnSpotNodesUnlessToldOtherwise() {
    String selector = "spark.kubernetes.executor.node.selector.lifecycle";

    assertThat(settings(plan(new Options()))).containsEntry(selector, "Ec2Spot");
    assertThat(settings(placed(Placement.ON_DEMAND))).containsEntry(selector, "OnDemand");
    assertThat(settings(placed(Placement.ANY))).doesNotContainKey(selector);
  }

  @Test
  void anExecutorHasTheWholeNoticeToHandOnItsBlocks() {
    Map<String, String> settings = settings(plan(new Options()));

    assertThat(settings)
        .containsEntry("spark.decommission.enabled", "true")
        .containsEntry("spark.storage.decommission.enabled", "true")
        .containsEntry("spark.kubernetes.executor.terminationGracePeriodSeconds", "120s")
        .containsEntry("spark.executor.decommission.forceKillTimeout", "100s")
        .doesNotContainKey("spark.dynamicAllocation.enabled");
  }

  @Test
  void aRangeTurnsDynamicAllocationOn() {
    assertThat(settings(plan(new Options().executors("0..20"))))
        .containsEntry("spark.dynamicAllocation.enabled", "true")
        .containsEntry("spark.dynamicAllocation.minExecutors", "0")
        .containsEntry("spark.dynamicAllocation.initialExecutors", "1")
        .containsEntry("spark.dynamicAllocation.maxExecutors", "20")
        .doesNotContainKey("spark.executor.instances");
  }

  private static ClusterPlan everything() {
    return plan(
        new Options().executors("1..20").scratch("100Gi").labels(List.of("workflowId=scd2")));
  }

  private static ClusterPlan placed(Placement placement) {
    ClusterOptions plain = new Options().build();
    return plan(
        new ClusterOptions(
            plain.master(),
            plain.size(),
            plain.executors(),
            plain.cores(),
            plain.memory(),
            plain.image(),
            plain.pullPolicy(),
            plain.namespace(),
            Optional.empty(),
            placement,
            plain.labels(),
            plain.scratch(),
            plain.patienceMinutes()));
  }

  private static ClusterPlan plan(Options options) {
    return plan(options.build());
  }

  private static ClusterPlan plan(ClusterOptions options) {
    return ClusterPlan.of(
        options,
        PodEnvironment.of(
            Map.of(
                "POD_NAME", "scd2-merge-1",
                "POD_IP", "10.0.12.7",
                "ETL_IMAGE", "registry/arc:1",
                "ETL_EXECUTOR_SERVICE_ACCOUNT", "executor"),
            Path.of("none")),
        Map.of());
  }

  private static Map<String, String> settings(ClusterPlan plan) {
    return KubernetesSettings.of(plan, "scd2-1", "file:/t.yaml").stream()
        .collect(Collectors.toMap(Setting::name, Setting::value));
  }
}
