package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.AnalysisException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaLakeExtractStageTest {

  private static final String MERGE =
      "MERGE INTO target AS t USING changes AS s ON t.id = s.id"
          + " WHEN MATCHED THEN UPDATE SET t.name = s.name"
          + " WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)";

  @TempDir static Path twoVersions;

  @TempDir Path folder;
  private String table;

  @BeforeAll
  static void write() throws Exception {
    String uri = twoVersions.toUri().toString();
    load("SELECT 1L AS id, 'one' AS name", uri);
    load("SELECT id, concat('n', id) AS name FROM range(1, 3)", uri);
  }

  @BeforeEach
  void copy() throws IOException {
    Path copy = folder.resolve("table");
    try (Stream<Path> files = Files.walk(twoVersions)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(twoVersions.relativize(file).toString()));
      }
    }
    table = copy.toUri().toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", persist: true",
        ", numPartitions: 3",
        ", numPartitions: 3, persist: true",
        ", partitionBy: [id], numPartitions: 2",
      })
  void mergeIntoTheViewModifiesTheTable(String keys) throws Exception {
    SqlJob job =
        SqlJob.run(
            extract("target", keys)
                + view("changes", "SELECT 2L AS id, 'two' AS name UNION ALL SELECT 3L, 'three'")
                + view("merged", MERGE));
    assertThat(rows("SELECT * FROM merged")).containsExactly("[2,1,0,1]");
    assertThat(rows("SELECT * FROM target ORDER BY id"))
        .containsExactly("[1,n1]", "[2,two]", "[3,three]");
    assertThat(rows("SELECT * FROM delta.`" + table + "` ORDER BY id"))
        .containsExactly("[1,n1]", "[2,two]", "[3,three]");
    assertThat(SqlJob.spark().catalog().isCached("target")).isEqualTo(keys.contains("persist"));
    assertThat(job.detail()).containsEntry("outputColumns", 4);
    if (keys.contains("numPartitions: 3")) {
      assertThat(SqlJob.spark().table("target").toJavaRDD().getNumPartitions()).isEqualTo(3);
    }
  }

  @Test
  void theViewFollowsTheTable() throws Exception {
    SqlJob job = SqlJob.run(extract("latest", ""));
    assertThat(job.detail()).containsEntry("input", table).doesNotContainKey("inputURI");
    load("SELECT 7L AS id, 'seven' AS name", table);
    assertThat(rows("SELECT * FROM latest")).containsExactly("[7,seven]");
  }

  @Test
  void theCommitIsTold() throws Exception {
    Map<String, Object> detail = SqlJob.run(extract("latest", "")).detail();
    assertThat(detail)
        .extractingByKey("commit", InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("version", 1L)
        .hasEntrySatisfying(
            "timestamp",
            time -> assertThat(OffsetDateTime.parse((String) time)).isBefore(OffsetDateTime.now()))
        .extractingByKey(
            "operationMetrics", InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("numOutputRows", 2L);
  }

  @Test
  void anEarlierVersionStays() throws Exception {
    SqlJob job = SqlJob.run(extract("first", ", options: {versionAsOf: 0}"));
    load("SELECT 7L AS id, 'seven' AS name", table);
    assertThat(rows("SELECT * FROM first")).containsExactly("[1,one]");
    assertThat(job.detail())
        .extractingByKey("commit", InstanceOfAssertFactories.MAP)
        .containsEntry("version", 0L);
  }

  @Test
  void versionsCountBackFromTheLatest() throws Exception {
    SqlJob.run(extract("zero", ", options: {relativeVersion: 0}"));
    assertThat(rows("SELECT count(*) FROM zero")).containsExactly("[2]");
    SqlJob.run(extract("before", ", options: {relativeVersion: -1}"));
    assertThat(rows("SELECT * FROM before")).containsExactly("[1,one]");
  }

  @Test
  void tooFarBackFailsUnlessTheOldestWillDo() throws Exception {
    assertThatThrownBy(() -> SqlJob.run(extract("v", ", options: {relativeVersion: -5}")))
        .isInstanceOf(StageException.class)
        .hasMessage(
            "Cannot time travel Delta table to version -5. Available versions: [-1 ... 0].");
    SqlJob.run(extract("oldest", ", options: {relativeVersion: -5, canReturnLastCommit: true}"));
    assertThat(rows("SELECT * FROM oldest")).containsExactly("[1,one]");
  }

  @Test
  void aTimeAfterTheLastCommitFailsUnlessTheLastWillDo() throws Exception {
    assertThatThrownBy(() -> SqlJob.run(extract("v", ", options: {timestampAsOf: \"2999-01-01\"}")))
        .isInstanceOf(AnalysisException.class)
        .hasMessageContaining("2999-01-01");
    SqlJob.run(
        extract("last", ", options: {timestampAsOf: \"2999-01-01\", canReturnLastCommit: true}"));
    assertThat(rows("SELECT count(*) FROM last")).containsExactly("[2]");
  }

  @Test
  void onlyOneWayOfTimeTravel() {
    assertThat(SqlJob.problems(extract("v", "\noptions: {relativeVersion: 1, versionAsOf: 0}")))
        .extracting(Problem::headline)
        .containsExactly(
            "job.conf line 4: Only one of ['relativeVersion' ,'timestampAsOf' ,'versionAsOf'"
                + " ,'canReturnLastCommit'] is supported for time travel; keep the one that is"
                + " meant [INVALID_VALUE]",
            "job.conf line 4: relativeVersion must be less than or equal to zero; write -1 for"
                + " the version before the latest [INVALID_VALUE]");
  }

  @Test
  void aTimeThatIsNoneIsRefusedWithTheForm() {
    assertThat(SqlJob.problems(extract("v", "\noptions: {timestampAsOf: \"30.11.2026\"}")))
        .extracting(Problem::headline)
        .containsExactly(
            "job.conf line 4: timestampAsOf \"30.11.2026\" is no date or time; write it as"
                + " 2026-11-30, 2026-11-30 02:05:40.247 or 2026-11-30T02:05:40Z [INVALID_VALUE]");
    assertThat(SqlJob.problems(extract("v", "\noptions: {timestampAsOf: \"2026-11-30\"}")))
        .isEmpty();
  }

  @Test
  void unknownOptionIsRefused() {
    assertThat(SqlJob.problems(extract("v", ", options: {versionAsof: 1}")))
        .extracting(Problem::message)
        .containsExactly("DeltaLakeExtract has no key \"options.versionAsof\"");
  }

  @Test
  void aMissingTableFailsWithoutSchema() {
    table = folder.resolve("none").toString();
    assertThatThrownBy(() -> SqlJob.run(extract("v", "")))
        .isInstanceOf(StageException.class)
        .hasMessage(
            "Input '"
                + table
                + "' does not contain any fields and no schema has been provided to create an"
                + " empty dataframe. It is no Delta table; correct \"inputURI\", which names the folder that has _delta_log.");
  }

  @Test
  void aMissingTableIsEmptyWithASchema() throws Exception {
    table = folder.resolve("none").toString();
    Path schema =
        Files.writeString(
            folder.resolve("schema.json"),
            """
            [{"name": "id", "type": "integer", "nullable": false, "trim": false,
              "metadata": {"private": true}}]
            """);
    SqlJob job = SqlJob.run(extract("empty", ", schemaURI: \"" + schema + "\""));
    assertThat(job.detail()).containsEntry("records", 0);
    assertThat(SqlJob.spark().table("empty").schema().simpleString()).isEqualTo("struct<id:int>");
    assertThat(rows("SELECT * FROM empty")).isEmpty();
  }

  private String extract(String view, String keys) {
    return stage("DeltaLakeExtract", "inputURI: \"" + table + "\", outputView: " + view + keys);
  }

  private static void load(String sql, String uri) throws Exception {
    SqlJob.run(
        view("rows_to_load", sql)
            + stage(
                "DeltaLakeLoad",
                "inputView: rows_to_load, generateSymlinkManifest: false, outputURI: \""
                    + uri
                    + "\""));
  }
}
