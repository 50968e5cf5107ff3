package io.sqletl.engine.stage;

import static io.sqletl.engine.stage.SqlJob.options;
import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.JobOptions;
import java.nio.file.Path;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingTest {

  private static final String CHECKPOINTS = "spark.sql.streaming.checkpointLocation";

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder =
        new Folder(directory)
            .with("in/a.csv", "1,2020-01-01 10:00:00\n2,2020-01-01 10:01:00\n")
            .with(
                "schema.conf",
                """
                [ {name: id, type: integer, nullable: true},
                  {name: at, type: timestamp, formatters: ["uuuu-MM-dd HH:mm:ss"],
                   timezoneId: UTC, nullable: true} ]
                """);
    spark().conf().set(CHECKPOINTS, folder.of("checkpoints"));
  }

  @AfterEach
  void stop() throws Exception {
    for (StreamingQuery query : spark().streams().active()) {
      query.stop();
    }
    spark().conf().unset(CHECKPOINTS);
  }

  private SqlJob run(String stages) throws Exception {
    JobOptions batch = options();
    JobOptions streaming =
        new JobOptions("test", false, true, false, batch.storageLevel(), true, true, true, true);
    return SqlJob.plan("job.conf", "stages = [" + stages + "]", streaming).run();
  }

  private String extract(String keys) {
    return stage(
        "DelimitedExtract", "inputURI: \"" + folder.of("in") + "\"\noutputView: stream\n" + keys);
  }

  @Test
  void filesAreReadAsTheSchemaSaysAndWrittenAsTheyCome() throws Exception {
    String schema = "schemaURI: \"" + folder.of("schema.conf") + "\"\n";
    run(
        extract(schema + "watermark: {eventTime: at, delayThreshold: \"1 minute\"}")
            + stage("ParquetLoad", "inputView: stream, outputURI: \"" + folder.of("out") + "\""));
    assertThat(spark().streams().active()).hasSize(1);
    spark().streams().active()[0].processAllAvailable();
    assertThat(rows("select id, at from parquet.`" + folder.of("out") + "` order by id"))
        .containsExactly("[1,2020-01-01 10:00:00.0]", "[2,2020-01-01 10:01:00.0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DelimitedExtract", "JSONExtract", "TextExtract"})
  void aStreamSaysThatItsMalformedRecordsAreNotTold(String type) throws Exception {
    folder.with("lines/a.txt", "{\"id\": 1}\n{\"id\": \"x\"}\n");
    String extract =
        stage(
            type,
            "inputURI: \"%s\"\noutputView: stream, schemaURI: \"%s\"\n"
                .formatted(folder.of("lines"), folder.of("schema.conf")));
    String keys = type.equals("JSONExtract") ? "multiLine: false" : "";
    SqlJob job =
        run(
            extract.replace("}", keys + "}")
                + stage("ParquetLoad", "inputView: stream, outputURI: \"" + folder.of("o") + "\""));
    spark().streams().active()[0].processAllAvailable();
    assertThat(rows("select count(*) from parquet.`" + folder.of("o") + "`"))
        .containsExactly("[2]");
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> assertThat(warning.message()).contains("malformed records are not told"));
  }

  @Test
  void aStreamNeedsASchema() {
    assertThatThrownBy(() -> run(extract("")))
        .hasMessage(
            "DelimitedExtract requires 'schemaURI' or 'schemaView' to be set if the run is"
                + " streaming.");
  }
}
