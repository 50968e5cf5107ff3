package io.sqletl.engine.run;

import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run lasts as long as the streams that its stages start. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StreamingRunTest {

  private static final String CHECKPOINTS = "spark.sql.streaming.checkpointLocation";

  @TempDir Path directory;
  private Folder folder;
  private final List<RunEvent> events = new ArrayList<>();

  @BeforeEach
  void makeFolder() {
    folder =
        new Folder(directory)
            .with("in/a.csv", "1\n2\n")
            .with("schema.conf", "[{name: id, type: integer, nullable: true}]");
    spark().conf().set(CHECKPOINTS, folder.of("checkpoints"));
  }

  @AfterEach
  void reset() {
    spark().conf().unset(CHECKPOINTS);
  }

  @Test
  void aStreamThatFailsFailsTheRunAndNamesTheStageThatStartedIt() {
    RunSummary summary =
        run(
            stream()
                + view(
                    "checked",
                    "SELECT id, if(id < 2, 'fine', CAST(raise_error('id is ' || id) AS STRING)) AS text"
                        + " FROM stream")
                + load("a fine load", "stream", "fine")
                + load("a failing load", "checked", "failing"));

    assertThat(summary.succeeded()).isFalse();
    assertThat(summary.failure().orElseThrow().cause()).contains("id is 2");
    assertThat(events)
        .filteredOn(RunEvent.StageFailed.class::isInstance)
        .singleElement()
        .satisfies(
            event ->
                assertThat(((RunEvent.StageFailed) event).result().stage().header().name())
                    .isEqualTo("a failing load"));
    assertThat(spark().streams().active()).isEmpty();
  }

  @Test
  void anInterruptEndsTheStreamsAndTheRun() throws Exception {
    CompletableFuture<RunSummary> ended = new CompletableFuture<>();
    Thread worker =
        new Thread(() -> ended.complete(run(stream() + load("a load", "stream", "out"))));
    worker.start();
    Path written = directory.resolve("out/_spark_metadata/0");
    while (!Files.exists(written)) {
      assertThat(ended).isNotDone();
      Thread.sleep(50);
    }
    assertThat(spark().streams().active()).hasSize(1);

    worker.interrupt();

    assertThat(ended.get(1, TimeUnit.MINUTES).succeeded()).isTrue();
    assertThat(spark().streams().active()).isEmpty();
    assertThat(spark().read().parquet(folder.of("out")).count()).isEqualTo(2);
  }

  @Test
  void aStageThatFailsStopsTheStreamsOfThoseBefore() {
    RunSummary summary =
        run(
            stream()
                + load("a load", "stream", "out")
                + view("never", "SELECT raise_error('not today')")
                + stage("SQLValidate", "sql: \"SELECT false, 'not today'\""));

    assertThat(summary.failure().orElseThrow().cause()).contains("not today");
    assertThat(spark().streams().active()).isEmpty();
  }

  private String stream() {
    return stage(
        "DelimitedExtract",
        "inputURI: \""
            + folder.of("in")
            + "\"\noutputView: stream, schemaURI: \""
            + folder.of("schema.conf")
            + "\"");
  }

  private String load(String name, String view, String target) {
    return "{type: ParquetLoad, name: \""
        + name
        + "\", environments: [test], inputView: "
        + view
        + ", outputURI: \""
        + folder.of(target)
        + "\"}\n";
  }

  private RunSummary run(String stages) {
    JobOptions batch = SqlJob.options();
    JobOptions streaming =
        new JobOptions("test", false, true, false, batch.storageLevel(), true, true, true, true);
    try {
      Path file = Files.writeString(directory.resolve("job.conf"), "stages = [" + stages + "]");
      PlannedJob job = JobRun.plan(file, Map.of(), streaming);
      return new Runner(List.of(events::add), Runner.StageSettings.UNCHANGED)
          .run(job, SqlJob::spark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
