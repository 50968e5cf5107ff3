package io.sqletl.engine.session.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.sqletl.engine.session.kubernetes.InProcessRun.Ask;
import io.sqletl.engine.session.kubernetes.TestCluster.DriverProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What happens to a run when nodes and drivers go, on Spark's own Kubernetes scheduler. Takes
 * minutes, and so is run by a check of its own and not with the tests of the build.
 */
class SpotNodesCheck {

  @TempDir private Path folder;

  private TestCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new TestCluster(folder.resolve("node"));
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void anExecutorWhosePodIsDeletedHandsOnItsBlocks() throws Exception {
    try (InProcessRun run = new InProcessRun(cluster, Ask.executors("2")).await()) {
      Watch watch = new Watch();
      run.session().sparkContext().addSparkListener(watch);
      Dataset<Row> shuffled =
          run.session()
              .range(0, 100_000, 1, 8)
              .toDF("id")
              .repartition(4, new org.apache.spark.sql.Column("id"));
      run.session().conf().set("spark.sql.adaptive.enabled", "false");
      RDD<Row> rows = ((org.apache.spark.sql.classic.Dataset<Row>) shuffled).rdd();
      assertThat(rows.count()).isEqualTo(100_000);
      TestCluster.await("both executors hold blocks", () -> watch.executors.size() == 2);
      int stages = watch.stages.get();

      Pod going = cluster.executors().get(0);
      cluster.delete(going);
      TestCluster.await("it is gone", () -> !names().contains(going.getMetadata().getName()));
      TestCluster.await("Spark knows", () -> !watch.removed.isEmpty());

      assertThat(rows.count()).isEqualTo(100_000);
      run.session().sparkContext().listenerBus().waitUntilEmpty();
      assertThat(watch.stages.get())
          .as("only the stage that counts ran again, on blocks that were handed on")
          .isEqualTo(stages + 1);
      assertThat(watch.removed.values()).anyMatch(reason -> reason.contains("ecommission"));
      assertThat(cluster.kubelet().process(going.getMetadata().getName()))
          .hasValueSatisfying(process -> assertThat(process.exitValue()).isZero());
      TestCluster.await("another took its place", () -> cluster.kubelet().seen().size() == 3);
    }
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());
  }

  @Test
  void theNumberOfExecutorsFollowsTheWork() throws Exception {
    Ask ask =
        Ask.executors("1..3")
            .with(
                Map.of(
                    "spark.dynamicAllocation.executorIdleTimeout", "3s",
                    "spark.dynamicAllocation.schedulerBacklogTimeout", "1s"));
    try (InProcessRun run = new InProcessRun(cluster, ask).await()) {
      assertThat(names()).hasSize(1);
      Thread work =
          new Thread(
              () ->
                  run.session()
                      .range(0, 60, 1, 60)
                      .selectExpr("java_method('java.lang.Thread', 'sleep', bigint(500))")
                      .collect());
      work.start();
      TestCluster.await("more executors came", () -> cluster.executors().size() == 3);
      work.join();
      TestCluster.await("they went", () -> cluster.executors().size() == 1);
      assertThat(run.progress()).noneMatch(line -> line.contains("is lost"));
    }
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());
  }

  @Test
  void volumesForScratchBelongToTheDriverAndGoWithTheRun() throws Exception {
    try (InProcessRun run = new InProcessRun(cluster, Ask.executors("1").scratch("2Gi")).await()) {
      assertThat(run.session().range(0, 1000, 1, 4).toDF("id").repartition(2).count())
          .isEqualTo(1000);
      assertThat(cluster.claims())
          .singleElement()
          .satisfies(
              claim -> {
                assertThat(claim.getSpec().getResources().getRequests().get("storage"))
                    .hasToString("2Gi");
                assertThat(claim.getMetadata().getOwnerReferences())
                    .anyMatch(owner -> owner.getName().equals("in-process"));
              });
    }
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());
  }

  @Test
  void aDriverThatIsKilledLeavesNothingAndTheNextOneEndsRight() throws Exception {
    Pod first = cluster.startDriverPod("scd2-merge-1");
    DriverProcess killed = cluster.run(first, scd2());
    killed.awaitText("stage changes");
    killed.process().destroyForcibly().waitFor();
    assertThat(cluster.leftovers()).isNotEmpty();
    cluster.delete(first);
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());

    DriverProcess next = cluster.run(cluster.startDriverPod("scd2-merge-2"), scd2());

    assertThat(next.awaitEnd()).as(next.err()).isZero();
    assertThat(next.out()).contains("Done. stages=15 failed=0");
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());
  }

  @Test
  void aDriverWhosePodIsDeletedTakesItsExecutorsAlong() throws Exception {
    DriverProcess driver = cluster.run(cluster.startDriverPod("scd2-merge-1"), scd2());
    driver.awaitText("load contacts");
    driver.process().destroy();

    driver.awaitEnd();
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());
  }

  private List<String> names() {
    return cluster.executors().stream().map(pod -> pod.getMetadata().getName()).toList();
  }

  private String[] scd2() {
    return KubernetesIT.scd2(folder.resolve("lake"));
  }

  private static final class Watch extends SparkListener {

    private final AtomicInteger stages = new AtomicInteger();
    private final Set<String> executors = ConcurrentHashMap.newKeySet();
    private final Map<String, String> removed = new ConcurrentHashMap<>();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
      stages.incrementAndGet();
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd ended) {
      executors.add(ended.taskInfo().executorId());
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved gone) {
      removed.put(gone.executorId(), gone.reason());
    }
  }
}
