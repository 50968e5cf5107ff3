package io.sqletl.engine.run;

import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run of streams ends when they do, and says which stage's stream failed. */
@Timeout(60)
class StreamingRunTest {

  private static final String CHECKPOINTS = "spark.sql.streaming.checkpointLocation";

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
    spark().conf().set(CHECKPOINTS, folder.of("checkpoints"));
  }

  @AfterEach
  void noQueryIsLeft() {
    spark().conf().unset(CHECKPOINTS);
    assertThat(spark().streams().active()).isEmpty();
  }

  private Path job(String... stages) throws IOException {
    return Files.writeString(
        directory.resolve("job.conf"), "stages = [" + String.join("", stages) + "]");
  }

  private static String rate() {
    return stage("RateExtract", "outputView: ticks, rowsPerSecond: 50, rampUpTime: 0");
  }

  private String parquet(String view, String to) {
    return stage(
        "ParquetLoad",
        "name: \"load " + to + "\", inputView: " + view + ", outputURI: \"" + folder.of(to) + "\"");
  }

  @Test
  void aStreamThatFailsFailsTheRunAndNamesItsStage() throws Exception {
    JobRun run =
        JobRun.streaming(
            job(
                rate(),
                view("fine", "select value from ticks"),
                view(
                    "broken",
                    "select cast(value as string) || raise_error('no more') as v from ticks"),
                parquet("fine", "fine"),
                parquet("broken", "broken")));
    assertThat(run.failure()).isEqualTo("no more");
    assertThat(run.summary().succeeded()).isFalse();
    assertThat(run.summary().failure().orElseThrow().position().line()).isPositive();
    assertThat(run.stage("exit").get("name")).isEqualTo("load broken");
  }

  @Test
  void theRunEndsWhenItsStreamsAreStopped() throws Exception {
    Path file = job(rate(), parquet("ticks", "out"));
    AtomicReference<JobRun> result = new AtomicReference<>();
    Thread runner = inBackground(() -> result.set(JobRun.streaming(file)));
    StreamingQuery query = started();
    query.processAllAvailable();
    query.stop();
    runner.join();
    assertThat(result.get().summary().succeeded()).isTrue();
    assertThat(spark().read().parquet(folder.of("out")).columns())
        .containsExactly("timestamp", "value");
  }

  @Test
  void anInterruptStopsTheStreams() throws Exception {
    Path file = job(rate(), parquet("ticks", "out"));
    AtomicReference<JobRun> result = new AtomicReference<>();
    Thread runner = inBackground(() -> result.set(JobRun.streaming(file)));
    started().processAllAvailable();
    runner.interrupt();
    runner.join();
    assertThat(result.get().failure()).isEqualTo("The stream was interrupted");
  }

  @Test
  void aStageThatFailsStopsTheStreamsBeforeIt() throws Exception {
    JobRun run =
        JobRun.streaming(
            job(rate(), parquet("ticks", "out"), view("no", "select nothing from ticks")));
    assertThat(run.failure()).contains("nothing");
  }

  @Test
  void streamsArePrintedOnlyWhereTheRunIsOne() throws Exception {
    Path file = job(rate(), stage("ConsoleLoad", "inputView: ticks, outputMode: Append"));
    assertThat(JobRun.problems(file))
        .hasSize(2)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains(
                        "RateExtract can only be executed in streaming mode.; run with"
                            + " --etl.config.streaming=true"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("ConsoleLoad can only be executed in streaming mode."));
    Path batch =
        job(view("v", "select 1 as a"), stage("ConsoleLoad", "inputView: v, outputMode: Append"));
    assertThat(JobRun.streaming(batch).failure())
        .isEqualTo(
            "ConsoleLoad prints streams, and the view 'v' is none; make it of an extract that reads"
                + " a stream.");
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Thread inBackground(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    thread.start();
    return thread;
  }

  private static StreamingQuery started() throws InterruptedException {
    while (spark().streams().active().length == 0) {
      Thread.sleep(50);
    }
    return spark().streams().active()[0];
  }
}
