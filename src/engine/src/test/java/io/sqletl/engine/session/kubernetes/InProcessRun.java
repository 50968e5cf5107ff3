package io.sqletl.engine.session.kubernetes;

import io.sqletl.engine.session.OtherTests;
import io.sqletl.engine.session.SparkSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** A session on the test's cluster whose driver is the test itself. */
final class InProcessRun implements AutoCloseable {

  private final KubernetesCluster cluster;
  private final SparkSession session;
  private final List<String> progress = Collections.synchronizedList(new ArrayList<>());

  InProcessRun(TestCluster kubernetes, Ask ask) {
    ClusterPlan plan =
        ClusterPlan.of(
            ask.options(kubernetes.api().master()),
            PodEnvironment.of(
                Map.of("POD_NAME", kubernetes.startDriverPod("in-process").getMetadata().getName()),
                Path.of("none")),
            Map.of("spark.driver.host", "127.0.0.1"));
    cluster = KubernetesCluster.of(plan, "In Process");
    SparkSettings settings = SparkSettings.of("In Process", plan.master()).with(cluster.settings());
    for (int i = 1; i < TestCluster.ON_THIS_MACHINE.size(); i += 2) {
      String[] setting = TestCluster.ON_THIS_MACHINE.get(i).split("=", 2);
      settings.with(Map.of(setting[0], setting[1]));
    }
    settings.with(Map.of("spark.ui.enabled", "false")).with(ask.settings());
    cluster.requireAccess(settings.all());
    OtherTests.stopSession();
    session = settings.start();
  }

  /**
   * What a test asks of the cluster.
   *
   * @param image of the executors
   * @param executors how many
   * @param cores of each
   * @param placement the nodes
   * @param scratch the size of their volumes
   * @param settings further settings of Spark's
   */
  record Ask(
      String image,
      String executors,
      String cores,
      Placement placement,
      Optional<String> scratch,
      Map<String, String> settings) {

    static Ask executors(String executors) {
      return new Ask(TestKubelet.IMAGE, executors, "1", Placement.SPOT, Optional.empty(), Map.of());
    }

    Ask image(String name) {
      return new Ask(name, executors, cores, placement, scratch, settings);
    }

    Ask cores(String number) {
      return new Ask(image, executors, number, placement, scratch, settings);
    }

    Ask on(Placement nodes) {
      return new Ask(image, executors, cores, nodes, scratch, settings);
    }

    Ask scratch(String volume) {
      return new Ask(image, executors, cores, placement, Optional.of(volume), settings);
    }

    Ask with(Map<String, String> more) {
      return new Ask(image, executors, cores, placement, scratch, more);
    }

    private ClusterOptions options(String master) {
      return new ClusterOptions(
          master,
          JobSize.SMALL,
          Optional.of(executors),
          Optional.of(cores),
          Optional.of("512m"),
          Optional.of(image),
          Optional.empty(),
          Optional.of("spark"),
          Optional.empty(),
          placement,
          List.of(),
          scratch,
          1);
    }
  }

  /** Waits for the executors, for no longer than a test can. */
  InProcessRun await() throws InterruptedException {
    return await(Duration.ofSeconds(120));
  }

  InProcessRun await(Duration first) throws InterruptedException {
    cluster.awaitExecutors(
        session,
        progress::add,
        new ExecutorWait.Limits(first, Duration.ofSeconds(60), Duration.ofMillis(500)));
    return this;
  }

  SparkSession session() {
    return session;
  }

  /** What was told, in order. */
  List<String> progress() {
    return List.copyOf(progress);
  }

  @Override
  public void close() {
    SparkSettings.stop(session);
    cluster.close();
  }
}
