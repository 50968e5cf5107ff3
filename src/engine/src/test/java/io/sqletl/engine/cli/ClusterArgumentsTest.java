package io.sqletl.engine.cli;

import static io.sqletl.engine.cli.CommandLineFixture.etl;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterArgumentsTest {

  @TempDir private Path folder;

  @Test
  void whatIsWrongIsRefusedBeforeAnythingRuns() throws Exception {
    CommandLineFixture run =
        etl("run", "--master", "k8s", "--executors", "many", "--executor-memory", "10", job());

    assertThat(run.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(run.err())
        .contains("--executors cannot be \"many\"; give a number such as 2, or 1..20")
        .contains("--executor-memory cannot be \"10\"; give the heap as the JVM writes it")
        .contains("No image is named for the executors; give --image")
        .contains("Executors could not reach this driver: POD_IP is not set")
        .contains("4 errors; nothing ran.");
  }

  @Test
  void executorsOfAMachineThatHasNoneAreRefused() throws Exception {
    CommandLineFixture run = etl("run", "--executors", "2", job());

    assertThat(run.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(run.err()).contains("add --master k8s in a pod of a cluster");
  }

  @Test
  void aLakeThatExecutorsCannotReachIsRefused() throws Exception {
    CommandLineFixture run =
        etl("run", "--master", "k8s", "--image", "x", "--lake", folder.toString(), job());

    assertThat(run.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(run.err()).contains("Executors on a cluster cannot reach the folder of --lake");
  }

  @Test
  void anUnknownSizeIsRefusedWithThoseThereAre() throws Exception {
    CommandLineFixture run = etl("run", "--master", "k8s", "--size", "huge", job());

    assertThat(run.status()).isEqualTo(ExitStatus.WRONG);
    assertThat(run.err()).contains("SMALL, MEDIUM, LARGE");
  }

  @Test
  void anApiThatCannotBeReachedIsToldInOneLine() throws Exception {
    CommandLineFixture run =
        etl(
            "run",
            "--log",
            "text",
            "--master",
            "k8s://https://127.0.0.1:1",
            "--image",
            "x",
            "--spark-conf",
            "spark.driver.host=127.0.0.1",
            job());

    assertThat(run.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(run.err())
        .contains(
            "Spark did not start: The Kubernetes API at k8s://https://127.0.0.1:1 cannot be"
                + " reached:")
        .contains("look whether --master is the address that `kubectl cluster-info` shows");
  }

  private String job() throws Exception {
    return NotebookFile.write(
            folder.resolve("job.ipynb"),
            "%sql name=one environments=test outputView=v persist=true\nSELECT 1 AS a")
        .toString();
  }
}
