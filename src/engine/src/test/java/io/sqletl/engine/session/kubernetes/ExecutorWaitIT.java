package io.sqletl.engine.session.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.session.kubernetes.InProcessRun.Ask;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run says when its executors do not come; the API is a mock, Spark's scheduler is not. */
class ExecutorWaitIT {

  private static final Duration SHORT = Duration.ofSeconds(3);

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
  void nodesThatAreNotThereAreWaitedForAndThenNamed() throws Exception {
    try (InProcessRun run = new InProcessRun(cluster, Ask.executors("2").on(Placement.ON_DEMAND))) {
      assertThatThrownBy(() -> run.await(SHORT))
          .isInstanceOf(ClusterException.class)
          .hasMessageContaining("No executor came within 3 s: Unschedulable: 0/1 nodes are")
          .hasMessageContaining("try --executors-on any, or on-demand");
      assertThat(run.progress())
          .contains(
              "waiting for executors 0/2: Unschedulable: 0/1 nodes are available: 1 node(s) didn't"
                  + " match Pod's node affinity/selector.");
    }
    assertNothingIsLeft();
  }

  @Test
  void aNodeThatIsTooSmallIsTold() throws Exception {
    try (InProcessRun run = new InProcessRun(cluster, Ask.executors("1").cores("5"))) {
      assertThatThrownBy(() -> run.await(SHORT))
          .hasMessageContaining("1 Insufficient cpu.")
          .hasMessageContaining("ask for less with --executor-memory and --executor-cores");
    }
    assertNothingIsLeft();
  }

  @Test
  void anImageThatNobodyHasIsTold() throws Exception {
    try (InProcessRun run = new InProcessRun(cluster, Ask.executors("1").image("arc:lates"))) {
      assertThatThrownBy(run::await)
          .hasMessageContaining("ImagePullBackOff: Back-off pulling image \"arc:lates\"")
          .hasMessageContaining("look whether --image names an image and tag");
    }
    assertNothingIsLeft();
  }

  @Test
  void aQuotaThatIsUsedUpIsTold() throws Exception {
    cluster
        .api()
        .refusePods(403, "Forbidden", "pods \"x-exec-1\" is forbidden: exceeded quota: spark");
    try (InProcessRun run = new InProcessRun(cluster, Ask.executors("1"))) {
      assertThatThrownBy(() -> run.await(SHORT))
          .hasMessageContaining("exceeded quota: spark")
          .hasMessageContaining("`kubectl -n spark describe quota`");
    }
    assertNothingIsLeft();
  }

  @Test
  void aServiceAccountThatIsNotThereEndsTheWaitAtOnce() throws Exception {
    cluster
        .api()
        .refusePods(403, "Forbidden", "error looking up service account spark/nobody: not found");
    try (InProcessRun run = new InProcessRun(cluster, Ask.executors("1"))) {
      assertThatThrownBy(run::await)
          .hasMessageContaining("error looking up service account spark/nobody")
          .hasMessageContaining("--executor-service-account");
    }
  }

  @Test
  void executorsThatEndAtOnceAreNotStartedForEver() throws Exception {
    // An agent that the image does not have
    try (InProcessRun run =
        new InProcessRun(
            cluster,
            Ask.executors("1")
                .with(
                    java.util.Map.of("spark.executor.extraJavaOptions", "-javaagent:none.jar")))) {
      assertThatThrownBy(run::await)
          .hasMessageContaining("ended: Error, exit code 1")
          .hasMessageContaining("executors end when they cannot reach the driver");
    }
    assertNothingIsLeft();
  }

  @Test
  void rightsThatAreMissingAreNamedBeforeSparkStarts() {
    cluster.api().deny("create pods");
    cluster.api().deny("deletecollection pods");

    assertThatThrownBy(() -> new InProcessRun(cluster, Ask.executors("1")))
        .isInstanceOf(ClusterException.class)
        .hasMessageContaining(
            "The service account of this process may not create pods, deletecollection pods in the"
                + " namespace spark")
        .hasMessageContaining("such as arcjob");
  }

  private void assertNothingIsLeft() throws Exception {
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());
  }
}
