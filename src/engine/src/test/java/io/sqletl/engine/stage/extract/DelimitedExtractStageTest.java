package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelimitedExtractStageTest {

  private static final String SCHEMA =
      """
      schema: [
        {name: id, type: integer, nullable: false, metadata: {securityLevel: 7}},
        {name: _c1, type: string, nullable: true, description: "the second"} ]
      """;

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob extract(String input, String keys) throws Exception {
    return SqlJob.run(stage(input, keys));
  }

  private static String stage(String input, String keys) {
    return SqlJob.stage(
        "DelimitedExtract", "inputURI: \"" + input + "\"\noutputView: delimited\n" + keys);
  }

  private String schemaURI() {
    return "schemaURI: \"" + folder.with("schema.conf", SCHEMA).of("schema.conf") + "\"\n";
  }

  private static List<String> all() {
    return rows("select * except (_filename, _errors) from delimited order by _filename, _index");
  }

  @Test
  void columnsOfAFileWithoutHeaderAreNumberedAndText() throws Exception {
    SqlJob job = extract(folder.with("a.csv", "1,x\n2,\n").of("a.csv"), "");
    assertThat(spark().table("delimited").schema().simpleString())
        .isEqualTo(
            "struct<_c0:string,_c1:string,_filename:string,_index:bigint"
                + ",_errors:array<struct<field:string,message:string>>>");
    assertThat(all()).containsExactly("[1,x,1]", "[2,null,2]");
    assertThat(job.detail())
        .containsEntry("inputFiles", 1)
        .containsEntry("numPartitions", 1)
        .containsEntry("outputColumns", 5);
  }

  @Test
  void internalColumnsAreMarkedAndNameTheFile() throws Exception {
    extract(folder.with("a b.csv", "1\n").of("a b.csv"), "header: false");
    assertThat(rows("select _filename = input_file_name() from delimited"))
        .containsExactly("[true]");
    assertThat(rows("select _filename from delimited").get(0))
        .startsWith("[file:///")
        .endsWith("/a%20b.csv]");
    for (String name : List.of("_filename", "_index")) {
      StructField column = spark().table("delimited").schema().apply(name);
      assertThat(column.metadata().getBoolean("internal")).isTrue();
      assertThat(column.metadata().getString("description")).isNotBlank();
      assertThat(column.nullable()).isFalse();
    }
  }

  @Test
  void withoutContiguousIndexRowsGetSparksNumber() throws Exception {
    extract(folder.with("a.csv", "x\ny\n").of("a.csv"), "contiguousIndex: false");
    assertThat(spark().table("delimited").columns())
        .containsExactly("_c0", "_monotonically_increasing_id", "_filename", "_errors");
    assertThat(rows("select _monotonically_increasing_id from delimited"))
        .containsExactly("[0]", "[1]");
  }

  @Test
  void aHeaderNamesTheColumnsHoweverTheyAreSpelt() throws Exception {
    extract(
        folder.with("a.csv", "a.b,c d,e`f,größe,a.b,\n1,2,3,4,5,6\n").of("a.csv"), "header: true");
    assertThat(spark().table("delimited").columns())
        .containsExactly(
            "a.b0", "c d", "e`f", "größe", "a.b4", "_c5", "_filename", "_index", "_errors");
    assertThat(all()).containsExactly("[1,2,3,4,5,6,1]");
  }

  @Test
  void filesOfOtherProgramsAreRead() throws Exception {
    String text = "\uFEFFid,name\r\n1,\"a, \\\"b\\\"\"\r\n\r\n2,\r\n";
    folder.with("in/bom.csv", text).with("in/packed.csv.gz", Folder.gzip(text));
    extract(folder.of("in"), "header: true");
    assertThat(all())
        .containsExactly("[1,a, \"b\",1]", "[2,null,2]", "[1,a, \"b\",1]", "[2,null,2]");
  }

  @Test
  void multiLineValuesWorkWithACustomDelimiter() throws Exception {
    folder.with("a.csv", "id;t\n1;'one\ntwo'\n2;'x''y'\n");
    extract(
        folder.of("a.csv"),
        "header: true, multiLine: true, delimiter: Custom, customDelimiter: \";\","
            + " quote: SingleQuote, escape: \"'\"");
    assertThat(all()).containsExactly("[1,one\ntwo,1]", "[2,x'y,2]");
  }

  @Test
  void delimitersCanBeHivesAPipeAndLong() throws Exception {
    extract(folder.with("a", "1\u00012\n").of("a"), "delimiter: DefaultHive");
    assertThat(all()).containsExactly("[1,2,1]");
    extract(folder.with("b", "1|\"2\n").of("b"), "delimiter: Pipe, quote: None");
    assertThat(all()).containsExactly("[1,\"2,1]");
    extract(folder.with("c", "1~~2\n").of("c"), "delimiter: Custom, customDelimiter: \"~~\"");
    assertThat(all()).containsExactly("[1,2,1]");
  }

  @Test
  void recordsWithTooManyOrTooFewValuesAreCutAndFilled() throws Exception {
    extract(folder.with("a.csv", "1,2\n1\n1,2,3\n").of("a.csv"), "");
    assertThat(all()).containsExactly("[1,2,1]", "[1,null,2]", "[1,2,3]");
  }

  @Test
  void partitionedDirectoriesAddTheirColumns() throws Exception {
    folder.with("in/day=1/a.csv", "x\n").with("in/day=2/b.csv", "y\nz\n");
    extract(folder.of("in"), "");
    assertThat(all()).containsExactly("[x,1,1]", "[y,2,1]", "[z,2,2]");
    assertThat(rows("select _c0, _index from delimited where day = 2 order by 2"))
        .containsExactly("[y,1]", "[z,2]");
    extract(folder.of("in/day=2"), "basePath: \"" + folder.of("in") + "\"");
    assertThat(all()).containsExactly("[y,2,1]", "[z,2,2]");
    extract(folder.of("in/day=2"), "");
    assertThat(all()).containsExactly("[y,1]", "[z,2]");
  }

  @Test
  void aSchemaGivesMetadataToColumnsOfItsNamesAndNothingElse() throws Exception {
    extract(folder.with("a.csv", "x,y\n").of("a.csv"), schemaURI());
    StructField column = spark().table("delimited").schema().apply("_c1");
    assertThat(column.metadata().getString("description")).isEqualTo("the second");
    assertThat(spark().table("delimited").columns()[0]).isEqualTo("_c0");
    extract(folder.with("b.csv", "id\n1\n").of("b.csv"), "header: true\n" + schemaURI());
    StructField id = spark().table("delimited").schema().apply("id");
    assertThat(id.metadata().getLong("securityLevel")).isEqualTo(7);
    assertThat(id.dataType().simpleString()).isEqualTo("string");
    assertThat(id.nullable()).isTrue();
  }

  @Test
  void aMissingInputWithASchemaIsEmpty() throws Exception {
    folder.with("hidden/_SUCCESS", "").with("blank/a.csv", "");
    for (Map.Entry<String, Object> input :
        Map.<String, Object>of("nothing*", 0, "hidden", 0, "blank", "").entrySet()) {
      SqlJob job = extract(folder.of(input.getKey()), schemaURI());
      assertThat(spark().table("delimited").schema().simpleString())
          .isEqualTo(
              "struct<id:int,_c1:string,_filename:string,_index:bigint"
                  + ",_errors:array<struct<field:string,message:string>>>");
      assertThat(spark().table("delimited").schema().apply("id").nullable()).isFalse();
      assertThat(rows("select * from delimited")).isEmpty();
      assertThat(job.detail().getOrDefault("records", "")).isEqualTo(input.getValue());
    }
  }

  @Test
  void aMissingInputWithoutASchemaFails() {
    folder.with("hidden/.hidden", "x").with("blank/a.csv", "").with("blank/b.csv", " \n\n");
    String end = " and no schema has been provided to create an empty dataframe.";
    String empty =
        " If it may be empty, name its columns with \"schemaURI\"; else see why nothing was sent.";
    assertThatThrownBy(() -> extract(folder.of("no.csv"), ""))
        .hasMessage(
            "Path '" + folder.of("no.csv") + "' does not exist" + end + " Correct \"inputURI\".");
    assertThatThrownBy(() -> extract(folder.of("*.csv"), ""))
        .hasMessage(
            "Path '" + folder.of("*.csv") + "' does not exist" + end + " Correct \"inputURI\".");
    assertThatThrownBy(() -> extract(folder.of("hidden"), ""))
        .hasMessage("No files matched '" + folder.of("hidden") + "'" + end + empty);
    assertThatThrownBy(() -> extract(folder.of("blank"), ""))
        .hasMessage("Input '" + folder.of("blank") + "' does not contain any fields" + end + empty);
  }

  @Test
  void aCorruptFileIsNamed() throws Exception {
    folder.with("in/a.csv.gz", "no gzip");
    assertThatThrownBy(() -> extract(folder.of("in"), ""))
        .hasMessageContaining("a.csv.gz")
        .hasMessageStartingWith("Cannot read '");
    folder.with("more/a.csv", "1\n").with("more/b.csv.gz", "no gzip");
    extract(folder.of("more"), "");
    assertThatThrownBy(() -> rows("select _c0 from delimited")).hasMessageContaining("b.csv.gz");
  }

  @Test
  void textsOfAViewAreRead() throws Exception {
    String source = view("source", "select 'k,v' as line, 1 as n union all select '1,\"a,b\"', 2");
    String keys = "inputView: source, outputView: delimited, header: true, inputField: line";
    SqlJob.run(source + SqlJob.stage("DelimitedExtract", keys));
    assertThat(rows("select * except (_errors) from delimited")).containsExactly("[1,a,b,,1]");
  }

  @Test
  void rowsOfAViewAreNumberedThroughAllItsPartitions() throws Exception {
    String source = view("source", "select string(id) as t from range(0, 50, 1, 4)");
    SqlJob.run(
        source + SqlJob.stage("DelimitedExtract", "inputView: source, outputView: delimited"));
    assertThat(rows("select count(*), sum(int(_index = int(_c0) + 1)) from delimited"))
        .containsExactly("[50,50]");
  }

  @Test
  void aViewThatHoldsNoTextsIsRefused() {
    String two = view("two", "select 'a' as a, 'b' as b");
    String number = view("number", "select 1 as n");
    assertThatThrownBy(
            () ->
                SqlJob.run(two + SqlJob.stage("DelimitedExtract", "inputView: two, outputView: v")))
        .hasMessage("DelimitedExtract needs 'inputField' as inputView 'two' has 2 columns [a, b].");
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    two
                        + SqlJob.stage(
                            "DelimitedExtract", "inputView: two, inputField: c, outputView: v")))
        .hasMessage("inputView 'two' has no column 'c', only [a, b].");
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    number + SqlJob.stage("DelimitedExtract", "inputView: number, outputView: v")))
        .hasMessage(
            "DelimitedExtract reads texts, but column 'n' of inputView 'number' is of type int.");
  }

  @Test
  void persistCountsAndPartitionsAreDealtOut() throws Exception {
    SqlJob job =
        extract(
            folder.with("a.csv", "a b,n\n1,1\n2,2\n1,3\n").of("a.csv"),
            "header: true, persist: true, numPartitions: 3, partitionBy: [\"a b\"]");
    assertThat(job.detail()).containsEntry("records", 3L).containsEntry("numPartitions", 3);
    assertThat(spark().catalog().isCached("delimited")).isTrue();
    assertThat(rows("select _index from delimited order by n"))
        .containsExactly("[1]", "[2]", "[3]");
    spark().catalog().uncacheTable("delimited");
  }

  @Test
  void columnsOfThatNameInTheInputAreKept() throws Exception {
    extract(folder.with("a.csv", "a,_filename\n1,mine\n").of("a.csv"), "header: true");
    assertThat(rows("select * except (_errors) from delimited")).containsExactly("[1,mine]");
  }

  @Test
  void configurationErrorsAreSaidTogether() {
    List<Problem> problems =
        SqlJob.problems(
            SqlJob.stage("DelimitedExtract", "outputView: a, delimiter: Custom, escape: \"ab\"")
                + stage("s3://bucket/x", "authentication: {method: Nonsense}")
                + stage("x", "watermark: {delayThreshold: \"1 hour\"}"));
    assertThat(problems)
        .extracting(Problem::code)
        .containsExactly(
            ErrorCode.MISSING_KEY,
            ErrorCode.MISSING_KEY,
            ErrorCode.INVALID_VALUE,
            ErrorCode.UNSUPPORTED,
            ErrorCode.INVALID_VALUE,
            ErrorCode.MISSING_KEY);
    assertThat(problems)
        .extracting(Problem::message)
        .contains(
            "DelimitedExtract needs the key \"inputURI\" or \"inputView\"",
            "\"delimiter\" is Custom, which needs the key \"customDelimiter\"",
            "\"escape\" cannot be \"ab\"");
  }

  @Test
  void noSparkJobRunsForAViewThatNobodyUses() throws Exception {
    folder.with("in/a.csv", "1\n").with("in/b.csv", "1\n");
    JobCount jobs = JobCount.on(spark());
    extract(folder.of("in"), "");
    assertThat(jobs.soFar()).isZero();
    rows("select _c0 from delimited");
    assertThat(jobs.soFar()).isEqualTo(1);
  }

  @Test
  void linesInOneTextOfAViewAreToldWithItsColumn() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () ->
                SqlJob.run(
                    SqlJob.view("pages", "select 1 as n, 'id,name\\n1,a' as body")
                        + SqlJob.stage(
                            "DelimitedExtract",
                            "inputView: pages, inputField: body, outputView: v, header: true")))
        .hasMessageContaining("explode(split(body, '\\n'))");
  }
}
