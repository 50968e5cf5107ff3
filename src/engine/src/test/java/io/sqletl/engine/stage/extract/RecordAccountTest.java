package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A malformed record is counted once, whatever is asked of the views that it goes through. */
class RecordAccountTest {

  private static final String SCHEMA =
      "schema: [{name: a, type: integer, nullable: true}, {name: b, type: integer, nullable:"
          + " true}]";

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory).with("a.csv", "a,b\n1,2\n3\n4,x\n");
  }

  private String extract() {
    return extract("");
  }

  private String extract(String keys) {
    return SqlJob.stage(
        "DelimitedExtract",
        "inputURI: \"" + folder.of("a.csv") + "\", outputView: raw, header: true\n" + keys);
  }

  private static String typing(String keys) {
    return SqlJob.stage(
        "TypingTransform", "inputView: raw, outputView: typed\n" + SCHEMA + "\n" + keys);
  }

  private static long count(SqlJob job) {
    return count(job, 0);
  }

  private static long count(SqlJob job, int stage) {
    return job.rejected(stage).map(Rejected::values).orElseThrow().value().count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"40", "97", "100000"})
  void partsOfAFileGiveTheSameAccount(String bytes) throws Exception {
    StringBuilder text = new StringBuilder("a,b\r\n");
    StringBuilder json = new StringBuilder();
    for (int i = 1; i <= 60; i++) {
      text.append(i % 20 == 0 ? i + "\r\n" : i % 7 == 0 ? "\r\n" : i + ",\"x\"\"y" + i + "\"\r\n");
      json.append(i % 20 == 0 ? "{\"a\":\n" : "{\"a\":" + i + "}\n");
    }
    folder.with("a.csv", text.toString()).with("a.json", json.toString());
    spark().conf().set("spark.sql.files.maxPartitionBytes", bytes);
    spark().conf().set("spark.sql.files.openCostInBytes", "0");
    try {
      SqlJob job = SqlJob.run(extract());
      assertThat(rows("select count(*), sum(_index), max(_index) from raw"))
          .containsExactly("[52,1378,52]");
      assertThat(rows("select a, _index from raw where size(_errors) > 0 order by _index"))
          .containsExactly("[20,18]", "[40,35]", "[60,52]");
      assertThat(told(job)).containsExactlyInAnyOrder("a.csv:21", "a.csv:41", "a.csv:61");
      job =
          SqlJob.run(
              SqlJob.stage(
                  "JSONExtract",
                  "inputURI: \"" + folder.of("a.json") + "\", outputView: j, multiLine: false"));
      assertThat(rows("select count(*), max(_index), sum(a) from j"))
          .containsExactly("[60,60,1710]");
      assertThat(told(job)).containsExactlyInAnyOrder("a.json:20", "a.json:40", "a.json:60");
    } finally {
      spark().conf().unset("spark.sql.files.maxPartitionBytes");
      spark().conf().unset("spark.sql.files.openCostInBytes");
    }
  }

  private static List<String> told(SqlJob job) {
    Rejected rejected = job.rejected().orElseThrow();
    return rejected.values().value().first().stream()
        .map(rejected::render)
        .map(text -> text.substring(0, text.indexOf(": ")))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select * from raw",
        "select a from raw",
        "select count(*) from raw",
        "select 1 from raw",
        "select max(b) from raw group by a",
        "select x.a from raw x join raw y on x.a = y.a",
        "select a from (select a, b from raw where a > 0) where b is not null",
        "select a from raw union all select b from raw"
      })
  void aRecordCountsWhateverIsAsked(String query) throws Exception {
    SqlJob job = SqlJob.run(extract());
    assertThat(count(job)).isZero();
    rows(query);
    assertThat(count(job)).isEqualTo(1);
    rows(query);
    assertThat(count(job)).isEqualTo(1);
  }

  @Test
  void itCountsThroughAQueryBetweenExtractAndLoad() throws Exception {
    SqlJob job =
        SqlJob.run(
            extract()
                + SqlJob.view("q", "select a from raw")
                + SqlJob.stage(
                    "ParquetLoad", "inputView: q, outputURI: \"" + folder.of("out") + "\""));
    assertThat(count(job, 0)).isEqualTo(1);
  }

  @Test
  void typingJoinsItsErrorsToThoseOfTheRecordAndCountsItsOwn() throws Exception {
    SqlJob job = SqlJob.run(extract() + typing(""));
    assertThat(spark().table("typed").columns())
        .containsExactly("a", "b", "_filename", "_index", "_errors");
    assertThat(rows("select a, b, _errors.field, _errors.message from typed order by a"))
        .containsExactly(
            "[1,2,ArraySeq(),ArraySeq()]",
            "[3,null,ArraySeq(),ArraySeq(2 values expected, 1 found)]",
            "[4,null,ArraySeq(b),ArraySeq(Unable to convert 'x' to integer using formatters"
                + " ['#,##0;-#,##0'])]");
    rows("select * from raw");
    assertThat(count(job, 0)).isEqualTo(1);
    assertThat(count(job, 1)).isEqualTo(1);
  }

  @Test
  void failfastEndsAtARecordToo() throws Exception {
    folder.with("a.csv", "a,b\n1,2\n3\n");
    SqlJob.run(extract() + typing("failMode: failfast"));
    assertThatThrownBy(() -> rows("select count(*) from typed"))
        .hasStackTraceContaining("2 values expected, 1 found");
  }

  @Test
  void recordsOfPartsOfFilesAreFoundAgain() throws Exception {
    folder.with("a.csv", "a,b\n" + "1,2\n".repeat(2_000) + "\n3\n" + "1,2\n".repeat(2_000) + "5\n");
    spark().conf().set("spark.sql.files.maxPartitionBytes", "1000");
    try {
      SqlJob job = SqlJob.run(extract());
      rows("select count(*) from raw");
      Rejected rejected = job.rejected().orElseThrow();
      assertThat(rejected.values().value().first())
          .extracting(rejected::render)
          .containsExactly(
              "a.csv:2003: 2 values expected, 1 found", "a.csv:4004: 2 values expected, 1 found");
      assertThat(rows("select _index from raw where size(_errors) > 0"))
          .containsExactly("[2001]", "[4002]");
    } finally {
      spark().conf().unset("spark.sql.files.maxPartitionBytes");
    }
  }

  @Test
  void loadsThatHaveNoPlaceForErrorsLeaveThemOut() throws Exception {
    SqlJob.run(
        extract()
            + SqlJob.stage(
                "DelimitedLoad", "inputView: raw, outputURI: \"" + folder.of("csv") + "\"")
            + SqlJob.stage("XMLLoad", "inputView: raw, outputURI: \"" + folder.of("xml") + "\""));
    assertThat(spark().read().csv(folder.of("csv")).columns()).hasSize(4);
    assertThat(spark().read().option("rowTag", "ROW").xml(folder.of("xml")).columns())
        .doesNotContain("_errors", "__errors");
  }

  @Test
  void aDeltaTableWithoutTheColumnIsAppendedToAsBefore() throws Exception {
    String load =
        SqlJob.stage(
            "DeltaLakeLoad",
            "inputView: raw, saveMode: Append, outputURI: \"" + folder.of("t") + "\"");
    SqlJob.run(extract("malformedRecords: ignore") + load);
    SqlJob.run(extract() + load);
    assertThat(spark().read().format("delta").load(folder.of("t")).columns())
        .containsExactly("a", "b", "_filename", "_index");
    assertThat(spark().read().format("delta").load(folder.of("t")).count()).isEqualTo(6);
  }
}
