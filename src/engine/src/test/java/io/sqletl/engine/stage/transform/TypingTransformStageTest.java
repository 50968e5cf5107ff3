package io.sqletl.engine.stage.transform;

import static io.sqletl.engine.stage.SqlJob.options;
import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TypingTransformStageTest {

  private static final String SCHEMA =
      """
      [ {name: id, type: integer, nullable: true},
        {name: price, type: decimal, precision: 5, scale: 2, nullable: true} ]
      """;

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory).with("schema.conf", SCHEMA);
  }

  private String extract(String keys) {
    return stage(
        "DelimitedExtract", "inputURI: \"" + folder.of("in.csv") + "\"\noutputView: raw\n" + keys);
  }

  private static String type(String keys) {
    return stage("TypingTransform", "inputView: raw\noutputView: typed\n" + keys);
  }

  private String schemaURI() {
    return "schemaURI: \"" + folder.of("schema.conf") + "\"\n";
  }

  @Test
  void typedRowsSurviveParquetWithTheirErrorsAndOrigin() throws Exception {
    folder.with("in.csv", "1,2.50\nx,3,4\n");
    String out = folder.of("out.parquet");
    SqlJob.run(
        extract("")
            + type(schemaURI())
            + stage("ParquetLoad", "inputView: typed, outputURI: \"" + out + "\"")
            + stage("ParquetExtract", "inputURI: \"" + out + "\", outputView: again"));
    assertThat(spark().table("again").columns())
        .containsExactly("id", "price", "_filename", "_index", "_errors");
    assertThat(rows("select id, price, _index, _errors from again order by _index"))
        .containsExactly(
            "[1,2.50,1,ArraySeq()]",
            "[null,3.00,2,ArraySeq([,2 values expected, 3 found], [id,Unable to convert 'x' to integer using formatters"
                + " ['#,##0;-#,##0']])]");
  }

  @Test
  void aSchemaCanStandInTheStageOrInAView() throws Exception {
    folder.with("in.csv", "1,2.50\n");
    SqlJob.run(extract("") + type("schema: " + SCHEMA));
    assertThat(rows("select id + 1, price from typed")).containsExactly("[2,2.50]");
    String columns =
        "select 'id' as name, 'long' as type, true as nullable, int(null) as precision, int(null) as"
            + " scale union all select 'price', 'decimal', true, 5, 1";
    SqlJob.run(extract("") + view("columns", columns) + type("schemaView: columns"));
    assertThat(spark().table("typed").schema().apply("id").dataType().sql()).isEqualTo("BIGINT");
    assertThat(rows("select id, price from typed")).containsExactly("[1,2.5]");
  }

  @Test
  void persistCountsRecordsValuesAndErrors() throws Exception {
    folder.with("in.csv", "1,2.50\nx,3\ny,z\n");
    SqlJob job = SqlJob.run(extract("") + type("persist: true\n" + schemaURI()));
    assertThat(job.detail())
        .containsEntry("records", 3L)
        .containsEntry("values", 15L)
        .containsEntry("errors", 3L)
        .containsEntry("columns", List.of("id", "price"));
    spark().catalog().uncacheTable("typed");
  }

  @Test
  void rejectedValuesNameTheLineOfTheirFile() throws Exception {
    folder.with("in.csv", "id,price\n1,2.50\nx,3\n");
    SqlJob job = SqlJob.run(extract("header: true") + type(schemaURI()));
    assertThat(rejected(job)).isEmpty();
    rows("select _errors from typed");
    assertThat(rejected(job)).containsExactly("in.csv:3: id 'x' is no integer");
  }

  @Test
  void rejectedValuesNameTheLineBehindBlankLinesToo() throws Exception {
    folder.with("in.csv", "\nid,price\n\n1,2.50\n \t\r\n\nx,3\n");
    SqlJob job = SqlJob.run(extract("header: true") + type(schemaURI()));
    rows("select _errors from typed");
    assertThat(rejected(job)).containsExactly("in.csv:7: id 'x' is no integer");
  }

  @Test
  void rejectedValuesNameTheRecordWhereRecordsAreNoLines() throws Exception {
    folder.with("in.csv", "id,price\n1,\"2.50\"\nx,3\n");
    SqlJob job = SqlJob.run(extract("header: true, multiLine: true") + type(schemaURI()));
    rows("select _errors from typed");
    assertThat(rejected(job)).containsExactly("in.csv: record 2: id 'x' is no integer");
  }

  private static List<String> rejected(SqlJob job) {
    Rejected rejected = job.rejected().orElseThrow();
    return rejected.values().value().first().stream().map(rejected::render).toList();
  }

  @Test
  void failfastEndsWithTheFirstRow() throws Exception {
    folder.with("in.csv", "1,2\nx,y\n");
    SqlJob.run(extract("") + type("failMode: failfast\n" + schemaURI()));
    assertThatThrownBy(() -> rows("select * from typed"))
        .hasStackTraceContaining(
            "TypingTransform with failMode equal to 'failfast' cannot continue due to row with"
                + " error(s): [[id,Unable to convert 'x' to integer using formatters"
                + " ['#,##0;-#,##0']], [price,Unable to convert 'y' to decimal(5, 2)");
  }

  @Test
  void aColumnThatMayNotBeNullEndsTheRunEvenSo() throws Exception {
    folder
        .with("in.csv", "1,2\ntextDatum,2\n")
        .with("schema.conf", SCHEMA.replace("integer, nullable: true", "integer, nullable: false"));
    SqlJob.run(extract("") + type(schemaURI()));
    assertThatThrownBy(() -> rows("select * from typed"))
        .hasStackTraceContaining(
            "TypingTransform with non-nullable column 'id' cannot continue due to error: Unable to"
                + " convert 'textDatum' to integer using formatters ['#,##0;-#,##0'].");
  }

  @Test
  void anotherNumberOfColumnsIsRefused() {
    folder.with("in.csv", "1,2,3\n");
    assertThatThrownBy(() -> SqlJob.run(extract("") + type(schemaURI())))
        .hasMessage(
            "TypingTransform can only be performed on tables with the same number of columns, but"
                + " the schema has 2 columns and the data table has 3 columns.");
    String names =
        stage(
            "TypingTransform",
            "inputView: named, outputView: typed, schema: ["
                + "{name: id, type: string, nullable: true},"
                + " {name: name, type: string, nullable: true},"
                + " {name: absent, type: string, nullable: true}]");
    String view = view("named", "SELECT '1' AS id, '2' AS extra, '3' AS NAME, '4' AS more");
    assertThatThrownBy(() -> SqlJob.run(view + names))
        .hasMessageEndingWith(
            "Only the schema has 'absent'. Only the data table has 'extra', 'more'.");
  }

  @Test
  void aSchemaIsCheckedBeforeAnythingRuns() {
    folder
        .with("in.csv", "1\n")
        .with("schema.conf", "[{name: a, type: intger, nullable: true},\n {name: b, type: long}]");
    List<Problem> problems =
        SqlJob.problems(
            extract("")
                + type(schemaURI())
                + type("schemaURI: \"" + folder.of("none.conf") + "\"")
                + type("")
                + type("schema: []\n" + schemaURI())
                + type("failMode: sometimes\n" + schemaURI()));
    assertThat(problems)
        .extracting(Problem::code)
        .containsExactly(
            ErrorCode.INVALID_SCHEMA,
            ErrorCode.INVALID_SCHEMA,
            ErrorCode.FILE_NOT_FOUND,
            ErrorCode.MISSING_KEY,
            ErrorCode.INVALID_VALUE,
            ErrorCode.INVALID_VALUE);
    assertThat(problems.get(0).position().toString()).contains("schema.conf").contains("1");
  }

  @Test
  void aPolicyCanForbidSchemasWithinJobs() {
    JobOptions allowed = options();
    JobOptions options =
        new JobOptions(
            "test", false, false, false, allowed.storageLevel(), true, false, true, true);
    String job =
        "stages = [" + view("raw", "select '1' as a, '2' as b") + type("schema: " + SCHEMA);
    assertThat(SqlJob.problems("job.conf", job + "]", options))
        .extracting(Problem::code)
        .containsExactly(ErrorCode.POLICY);
  }
}
