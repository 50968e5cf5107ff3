package io.sqletl.engine.run;

import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RateExtract and ConsoleLoad, which are there for streams alone. */
@Timeout(120)
class StreamingOnlyStagesTest {

  private static final String CHECKPOINTS = "spark.sql.streaming.checkpointLocation";

  @TempDir Path directory;

  private Path job(String... stages) throws IOException {
    return Files.writeString(
        directory.resolve("job.conf"), "stages = [" + String.join("", stages) + "]");
  }

  private static String rate(String keys) {
    return stage("RateExtract", "outputView: ticks\n" + keys);
  }

  @Test
  void aRunThatIsNotStreamingIsRefusedBeforeItStarts() throws Exception {
    assertThat(JobRun.problems(job(rate(""), stage("ConsoleLoad", "inputView: ticks"))))
        .hasSize(2)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("RateExtract can only be executed in streaming mode.")
                    .contains("run with --etl.config.streaming=true"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("ConsoleLoad can only be executed in streaming mode."));
  }

  @Test
  void aViewThatIsNoStreamIsNotPrinted() throws Exception {
    Path batch = job(view("v", "select 1 as a"), stage("ConsoleLoad", "inputView: v"));
    assertThat(JobRun.streaming(batch).failure())
        .isEqualTo(
            "ConsoleLoad prints streams, and the view 'v' is none; make it of an extract that reads"
                + " a stream.");
  }

  @Test
  void rowsComeUntilTheirStreamIsStopped() throws Exception {
    Folder folder = new Folder(directory);
    spark().conf().set(CHECKPOINTS, folder.of("checkpoints"));
    try {
      Path file =
          job(
              rate("rowsPerSecond: 50, rampUpTime: 0, numPartitions: 1"),
              stage("ORCLoad", "inputView: ticks, outputURI: \"" + folder.of("out") + "\""));
      CompletableFuture<JobRun> ended = new CompletableFuture<>();
      new Thread(
              () -> {
                try {
                  ended.complete(JobRun.streaming(file));
                } catch (IOException e) {
                  ended.completeExceptionally(e);
                }
              })
          .start();
      while (spark().streams().active().length == 0) {
        assertThat(ended).isNotDone();
        Thread.sleep(50);
      }
      StreamingQuery query = spark().streams().active()[0];
      query.processAllAvailable();
      query.stop();
      assertThat(ended.get().summary().succeeded()).isTrue();
      assertThat(spark().read().orc(folder.of("out")).columns())
          .containsExactly("timestamp", "value");
    } finally {
      spark().conf().unset(CHECKPOINTS);
    }
  }
}
