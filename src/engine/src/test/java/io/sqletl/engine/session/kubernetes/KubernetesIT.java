package io.sqletl.engine.session.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.sqletl.engine.session.kubernetes.TestCluster.DriverProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job on Spark's own Kubernetes scheduler, with executors in processes of their own. */
class KubernetesIT {

  private static final Path REPOSITORY =
      Path.of(System.getProperty("user.dir")).getParent().getParent();
  private static final String SCD2 =
      REPOSITORY.resolve("example/notebook/scd2-job.ipynb").toString();

  /** What the role of the service account allows; the platform's manifest says the same. */
  private static final List<String> RIGHTS =
      List.of(
          "create pods",
          "get pods",
          "list pods",
          "watch pods",
          "patch pods",
          "delete pods",
          "deletecollection pods");

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
  void theExampleEndsRightAlthoughAnExecutorIsKilled() throws Exception {
    Pod driverPod = cluster.startDriverPod("scd2-merge-1");
    DriverProcess driver = cluster.run(driverPod, scd2(folder.resolve("lake")));
    driver.awaitText("load contacts");
    List<Pod> first = cluster.executors();
    cluster.kubelet().process(first.get(0).getMetadata().getName()).orElseThrow().destroyForcibly();

    assertThat(driver.awaitEnd()).as(driver.err()).isZero();
    // The job itself checks that 1,192 rows are there, 92 of which are closed
    assertThat(driver.out()).contains("check versions").contains("Done. stages=15 failed=0");
    assertThat(driver.err())
        .contains("executor 1 is lost, 1 left: ")
        .doesNotContain("rror of the engine");
    assertThat(cluster.kubelet().seen()).hasSize(3);
    assertThat(first).hasSize(2).allSatisfy(pod -> isAsAsked(pod, driverPod));
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());
    assertThat(eventLogs())
        .as("the event log is whole, in parts, compressed")
        .anyMatch(name -> name.matches("appstatus_spark-[0-9a-f]+"))
        .anyMatch(name -> name.matches("events_1_spark-[0-9a-f]+\\.zstd"));
    assertThat(cluster.api().used()).isSubsetOf(RIGHTS);
  }

  private List<String> eventLogs() throws IOException {
    Path logs = folder.resolve("lake/datalake/app_code/logs/spark-events");
    try (Stream<Path> tree = Files.walk(logs)) {
      return tree.filter(Files::isRegularFile).map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void isAsAsked(Pod pod, Pod driverPod) {
    PodSpec spec = pod.getSpec();
    assertThat(pod.getMetadata().getLabels())
        .containsEntry("app", "spark")
        .containsEntry("workflowId", "scd2")
        .containsKeys("spark-app-selector", "spark-exec-id", KubernetesSettings.RUN_LABEL);
    assertThat(pod.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(driverPod.getMetadata().getUid()));
    assertThat(spec.getNodeSelector()).containsEntry("lifecycle", "Ec2Spot");
    assertThat(spec.getServiceAccountName()).isEqualTo("spark-executor");
    assertThat(spec.getAutomountServiceAccountToken()).isFalse();
    assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(120);
    assertThat(spec.getRestartPolicy()).isEqualTo("Never");
    assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(spec.getContainers())
        .singleElement()
        .satisfies(
            container -> {
              assertThat(container.getResources().getRequests().get("cpu")).hasToString("800m");
              assertThat(container.getResources().getLimits()).doesNotContainKey("cpu");
              assertThat(container.getResources().getLimits().get("memory"))
                  .isEqualTo(container.getResources().getRequests().get("memory"));
              assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
              assertThat(container.getEnv())
                  .as("an executor's log is not silent, as a driver's is")
                  .anyMatch(variable -> "-Dsqletl.log.level=warn".equals(variable.getValue()));
              assertThat(container.getLifecycle().getPreStop().getExec().getCommand())
                  .containsExactly("/opt/decom.sh");
            });
  }

  @Test
  void ctrlCWhileWaitingEndsWith130AndLeavesNothing() throws Exception {
    DriverProcess driver =
        cluster.run(
            cluster.startDriverPod("scd2-merge-1"),
            Stream.concat(
                    Stream.of("--executors-on", "on-demand"),
                    Stream.of(scd2(folder.resolve("lake"))))
                .toArray(String[]::new));
    driver.awaitText("waiting for executors 0/2: Unschedulable: 0/1 nodes are available");
    TestKubelet.signal("INT", driver.process());

    assertThat(driver.awaitEnd()).as(driver.err()).isEqualTo(130);
    assertThat(driver.err()).contains("Interrupted.");
    TestCluster.await("nothing is left", () -> cluster.leftovers().isEmpty());
  }

  /** The arguments of a small run of the example. */
  static String[] scd2(Path lake) {
    return new String[] {
      "--executors",
      "2",
      "--executor-cores",
      "1",
      "--executor-memory",
      "512m",
      "--label",
      "workflowId=scd2",
      "--event-log",
      "s3a://datalake/app_code/logs/spark-events",
      "--lake",
      lake.toString(),
      SCD2
    };
  }
}
