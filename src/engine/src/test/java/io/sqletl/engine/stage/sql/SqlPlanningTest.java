package io.sqletl.engine.stage.sql;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job's SQL gets before Spark starts. */
class SqlPlanningTest {

  @TempDir Path folder;

  @Test
  void errorInACellHasThePlaceInTheCell() throws Exception {
    assertThat(
            notebook(
                "%log environments=test\nSELECT 'fine'",
                """
                %sql name="bad" environments=test outputView=v

                  SELECT a
                  FORM t WHERE a = 1
                """))
        .containsExactly(
            """
            job.ipynb cell 2 line 4: Syntax error at or near 't' [SQL_SYNTAX]
                4 |   FORM t WHERE a = 1
                           ^""");
  }

  @Test
  void errorInATripleQuotedStringHasThePlaceInTheFile() {
    assertThat(
            SqlJob.problems(
                stage(
                    "SQLTransform",
                    """
                    outputView: v
                    sql: \"""
                      SELECT *
                      FROM range(3) WHER id = 1
                    \"""
                    """)))
        .extracting(Problem::render)
        .containsExactly(
            """
            job.conf line 6: Syntax error at or near 'id' [SQL_SYNTAX]
                6 |   FROM range(3) WHER id = 1
                                         ^^""");
  }

  @Test
  void errorInAnEscapedStringHasItsColumn() {
    assertThat(
            SqlJob.problems(
                "{\"type\": \"SQLTransform\", \"name\": \"q\", \"environments\": [\"test\"],\n"
                    + "\"outputView\": \"v\", \"sql\": \"SELECT \\\"a\\\",\\n  \\u0031 x y\"}"))
        .extracting(Problem::render)
        .containsExactly(
            """
            job.conf line 3: Syntax error at or near 'y' [SQL_SYNTAX]
                3 | "outputView": "v", "sql": "SELECT \\"a\\",\\n  \\u0031 x y"}
                                                                         ^""");
  }

  @Test
  void errorInAFileHasThePlaceInThatFile() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("q.sql"), "-- naïve 😀\nSELECT '😀' AS smile\nFROM x y z\n");
    assertThat(SqlJob.problems(ofFile(file, "")))
        .extracting(Problem::render)
        .containsExactly(
            file
                + " line 3: Syntax error at or near 'z' [SQL_SYNTAX]\n"
                + "    3 | FROM x y z\n"
                + "                 ^");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "SELECT * FROM csv.`/in/a.csv`|DelimitedExtract",
        "WITH w AS (SELECT * FROM JSON.`/in/a.json`) SELECT * FROM w|JSONExtract",
        "SELECT 1 WHERE EXISTS (SELECT * FROM xml.`/in/a.xml`)|XMLExtract",
        "CREATE TEMPORARY VIEW c USING csv OPTIONS (path '/in/a.csv')|DelimitedExtract",
        "SELECT * FROM text.`/in/a.txt`|",
        "SELECT * FROM parquet.`/in/a`|",
        "SELECT csv.x FROM range(3) AS csv(x)|"
      })
  void filesOfTextThatSqlReadsItselfAreTold(String sql, String extract) {
    List<Problem> told =
        SqlJob.plan(SqlJob.view("v", sql)).warnings().stream()
            .filter(warning -> warning.code() == ErrorCode.UNTOLD)
            .toList();
    assertThat(told).hasSize(extract == null ? 0 : 1);
    assertThat(told).allMatch(warning -> warning.remedy().contains("with " + extract));
  }

  @Test
  void aQuoteInAParameterIsNamed() {
    String job =
        SqlJob.stage(
            "SQLTransform",
            "outputView: v, sqlParams: {who: \"O'Brien\"}, sql: \"SELECT '${who}' AS w\"");
    assertThat(SqlJob.problems(job))
        .singleElement()
        .extracting(Problem::remedy)
        .asString()
        .contains("\"who\" holds a quote", "twice");
  }

  @Test
  void missingEndIsShownBehindTheLastWord() throws Exception {
    assertThat(notebook("%sql environments=test outputView=v\nSELECT a +\n\n"))
        .containsExactly(
            """
            job.ipynb cell 1 line 2: Syntax error at or near end of input [SQL_SYNTAX]
                2 | SELECT a +
                              ^""");
  }

  @Test
  void twoStatementsAreRefused() throws Exception {
    assertThat(notebook("%sql environments=test outputView=v\nSELECT 1; SELECT 2"))
        .containsExactly(
            """
            job.ipynb cell 1 line 2: Syntax error at or near 'SELECT'; write\
             one statement per stage [SQL_SYNTAX]
                2 | SELECT 1; SELECT 2
                              ^^^^^^""");
  }

  @Test
  void anEmptyCellIsRefused() throws Exception {
    assertThat(notebook("%sql environments=test outputView=v"))
        .singleElement()
        .asString()
        .contains("cell 1 line", "unexpected empty statement [SQL_SYNTAX]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1;",
        "SHOW TABLES",
        "SET spark.sql.x=1",
        "OPTIMIZE delta.`/t` ZORDER BY (a)",
        "VACUUM delta.`/t` RETAIN 200 HOURS",
        "DESCRIBE HISTORY delta.`/t`",
        "CREATE TABLE delta.`/t` (a INT) USING delta CLUSTER BY (a)",
        "SELECT '${hiveconf:x}' FROM nowhere WHAT",
        "BEGIN CREATE TEMP VIEW w AS SELECT 1; SELECT * FROM w; END",
        "WITH a AS (SELECT 1 AS x), b AS (SELECT * FROM a) SELECT * FROM B, range(3),"
            + " LATERAL explode(array(x))",
        "CREATE TEMP VIEW made AS SELECT 1",
        "SELECT * FROM a.b.c, delta.`/t`, parquet.`/p`",
        "DROP VIEW IF EXISTS gone",
        "UNCACHE TABLE IF EXISTS gone",
        "CREATE TABLE copy SHALLOW CLONE delta.`/t`",
      })
  void statementsOfAllKindsPass(String sql) {
    assertThat(SqlJob.problems(view("v", sql))).isEmpty();
  }

  @Test
  void aViewThatNothingMakesIsReportedWhereItIsRead() {
    assertThat(
            SqlJob.problems(
                view("customers", "SELECT 1 AS id")
                    + view(
                        "joined",
                        "SELECT * FROM Customers c\n"
                            + "  WHERE EXISTS (SELECT 1 FROM `order items` i WHERE i.id = c.id)\n"
                            + "  AND id IN (WITH custmers AS (SELECT 1) SELECT * FROM custmers)\n"
                            + "UNION SELECT * FROM custmers")))
        .extracting(Problem::render)
        .containsExactlyInAnyOrder(
            """
            job.conf line 6: No earlier stage makes the view "order items"; the views so far are\
             customers [UNKNOWN_VIEW]
                6 |   WHERE EXISTS (SELECT 1 FROM `order items` i WHERE i.id = c.id)
                                                  ^^^^^^^^^^^^^""",
            """
            job.conf line 8: No earlier stage makes the view "custmers"; did you mean\
             "customers"? [UNKNOWN_VIEW]
                8 | UNION SELECT * FROM custmers\"""}
                                        ^^^^^^^^""");
  }

  @Test
  void whatCommandsReadAndMakeCounts() {
    assertThat(
            SqlJob.problems(
                view("one", "CREATE TEMP VIEW first AS SELECT 1 AS a")
                    + view("two", "CACHE TABLE second AS SELECT * FROM first")
                    + view("three", "CREATE TABLE third USING parquet AS SELECT * FROM second")
                    + view("four", "INSERT INTO third SELECT * FROM missing")
                    + view(
                        "five",
                        "MERGE INTO absent USING one ON absent.a = one.a"
                            + " WHEN MATCHED THEN DELETE")))
        .extracting(Problem::message)
        .containsExactly(
            "No earlier stage makes the view \"missing\"",
            "No earlier stage makes the view \"absent\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"USE somewhere", "EXECUTE IMMEDIATE 'CREATE VIEW x AS SELECT 1'", "SET CATALOG c"})
  void afterwardsNamesMayMeanAnything(String sql) {
    assertThat(SqlJob.problems(view("one", sql) + view("two", "SELECT * FROM x"))).isEmpty();
  }

  @Test
  void parametersAreTextAndNothingElse() throws Exception {
    SqlJob job =
        SqlJob.run(
            stage(
                "LogExecute",
                """
                sql: \"""SELECT concat_ws(',', '${a}', '${ b }', '${c=never}', ${ d }) /* ${a} */\"""
                sqlParams: {a: "$1\\\\x", b: 2, c: true, d: "'${e}'", e: "nested"}
                """));
    assertThat(job.detail())
        .containsEntry("sql", "SELECT concat_ws(',', '$1\\x', '2', 'true', 'nested') /* $1\\x */")
        .containsEntry("message", "$1x,2,true,nested");
  }

  @Test
  void dottedNamesAreNames() throws Exception {
    SqlJob job =
        SqlJob.run(
            stage("LogExecute", "sql: \"SELECT '${a.b}'\", sqlParams: {a: {b: \"dotted\"}}"));
    assertThat(job.detail()).containsEntry("message", "dotted");
  }

  @Test
  void unusedAndMissingParametersAreReportedWithTheirPlaces() {
    assertThat(
            SqlJob.problems(
                stage(
                    "SQLTransform",
                    """
                    outputView: v
                    sql: "SELECT ${tabel}.x, ${hivevar:y} FROM ${other=1}"
                    sqlParams: {
                      table: t
                    }
                    """)))
        .extracting(Problem::render)
        .containsExactly(
            """
            job.conf line 4: No replacement value found in parameters: [table] for placeholders:\
             [${tabel}]; add "tabel" to "sqlParams", or did you mean "table"? [SQL_PARAMETER]
                4 | sql: "SELECT ${tabel}.x, ${hivevar:y} FROM ${other=1}"
                                 ^^^^^^^^""",
            """
            job.conf line 4: No replacement value found in parameters: [table] for placeholders:\
             [${other}]; add "other" to "sqlParams" [SQL_PARAMETER]
                4 | sql: "SELECT ${tabel}.x, ${hivevar:y} FROM ${other=1}"
                                                               ^^^^^^^^^^""",
            """
            job.conf line 6: No placeholder found for parameter: 'table'; write ${table} in the\
             SQL or remove the parameter [SQL_PARAMETER]
                6 |   table: t
                      ^^^^^""");
  }

  @Test
  void parametersThatNameEachOtherEnd() {
    assertThat(
            SqlJob.problems(
                stage(
                    "SQLTransform",
                    "outputView: v, sql: \"SELECT ${a}\", sqlParams: {a: \"${b}\", b: \"${a}\"}")))
        .extracting(Problem::message)
        .containsExactly(
            "No replacement value found in parameters: [a, b] for placeholders: [${a}]");
  }

  @Test
  void placesCountTheSqlAsWrittenNotAsInjected() {
    assertThat(
            SqlJob.problems(
                stage(
                    "SQLTransform",
                    "outputView: v, sqlParams: {columns: \"a,\\n b,\\n c\"}\n"
                        + "sql: \"SELECT ${columns} FROM missing\"")))
        .extracting(Problem::render)
        .containsExactly(
            """
            job.conf line 4: No earlier stage makes the view "missing"; no view is made before\
             this stage [UNKNOWN_VIEW]
                4 | sql: "SELECT ${columns} FROM missing"}
                                                 ^^^^^^^""");
  }

  @Test
  void secretParametersStayOutOfTheDetail() throws Exception {
    SqlJob job =
        SqlJob.run(
            stage(
                "LogExecute",
                "sql: \"SELECT sha2('${api_token}', 256)\", sqlParams: {api_token: \"hunter2\"}"));
    assertThat(job.detail())
        .containsEntry("sql", "SELECT sha2('*****', 256)")
        .containsEntry("sqlParams", Map.of("api_token", "*****"));
  }

  @Test
  void theFileCountsBeforeInlineSql() throws Exception {
    Path file = Files.writeString(folder.resolve("q.sql"), "SELECT '${x}'");
    SqlJob job =
        SqlJob.run(
            stage(
                "LogExecute",
                "inputURI: \"" + file + "\", sql: \"not SQL\", sqlParams: {x: \"of the file\"}"));
    assertThat(job.detail()).containsEntry("message", "of the file");
  }

  @Test
  void aMissingFileIsReported() {
    assertThat(SqlJob.problems(ofFile(folder.resolve("none.sql"), "")))
        .extracting(Problem::code)
        .extracting(Enum::name)
        .containsExactly("FILE_NOT_FOUND");
  }

  @Test
  void neitherSqlNorFileIsReported() {
    assertThat(SqlJob.problems(stage("SQLTransform", "outputView: v")))
        .extracting(Problem::message)
        .containsExactly("SQLTransform needs the key \"sql\", or \"inputURI\" of a file");
  }

  @Test
  void aPolicyForbidsInlineSql() {
    JobOptions options =
        new JobOptions(
            "test", false, false, false, JobOptions.DEFAULT_STORAGE_LEVEL, false, true, true, true);
    assertThat(SqlJob.problems("job.conf", "stages = [" + view("v", "SELECT 1") + "]", options))
        .extracting(Problem::headline)
        .containsExactly(
            "job.conf line 2: Inline SQL (use of the 'sql' attribute) has been disabled by policy."
                + " SQL statements must be supplied via files located at 'inputURI' [POLICY]");
  }

  @Test
  void aClockInAViewThatIsKeptHasOneResultInARun() {
    assertThat(
            SqlJob.plan(
                    stage(
                        "SQLTransform",
                        "outputView: v, persist: true, sql: \"SELECT now() AS at\""))
                .warnings())
        .extracting(Problem::headline)
        .singleElement()
        .asString()
        .contains("NOW() gives another result each time the job runs [NON_DETERMINISTIC]");
  }

  @Test
  void clocksAndDeprecatedFunctionsAreWarnedOf() {
    assertThat(
            SqlJob.plan(
                    view(
                        "v",
                        "SELECT Current_Timestamp(), known(),\nget_json_long_array('[1]', '$')"))
                .warnings())
        .extracting(Problem::headline)
        .containsExactly(
            "job.conf line 3: CURRENT_TIMESTAMP() gives another result each time the view is used,"
                + " in one run too; set \"persist\": true to have one result in a run"
                + " [NON_DETERMINISTIC]",
            "job.conf line 4: The function get_json_long_array is deprecated; use Spark's"
                + " get_json_object and from_json [DEPRECATED]");
  }

  private String ofFile(Path file, String keys) {
    return stage("SQLTransform", "outputView: v, inputURI: \"" + file + "\"" + keys);
  }

  private static List<String> notebook(String... cells) throws JsonProcessingException {
    List<Map<String, Object>> code =
        Arrays.stream(cells)
            .map(cell -> Map.<String, Object>of("cell_type", "code", "source", cell))
            .toList();
    String text =
        new ObjectMapper()
            .writeValueAsString(
                Map.of("cells", code, "metadata", Map.of("kernelspec", Map.of("name", "arc"))));
    return SqlJob.problems("job.ipynb", text, SqlJob.options()).stream()
        .map(Problem::render)
        .toList();
  }
}
