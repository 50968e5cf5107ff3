package io.sqletl.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.sqletl.engine.job.Position;
import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a person reads when Spark or Delta fail: each condition is provoked, and told whole, with a
 * remedy and the part of the statement that it is about.
 */
class RuntimeMessagesTest {

  /** In one partition, so that it is the first row that fails. */
  private static final String BASE =
      "SELECT /*+ COALESCE(1) */ * FROM VALUES (1,'a',0,'2024-13-45',1.5),(2,'b',5,'x',2.5),(2,'c',7,'2024-01-01',3.5)"
          + " AS t(id,name,n,d,x)";

  @TempDir private Path folder;

  @BeforeAll
  static void register() {
    SqlJob.spark()
        .udf()
        .register(
            "boom",
            (UDF1<Integer, Integer>)
                value -> {
                  if (value == 2) {
                    throw new IllegalStateException("no route to 2");
                  }
                  return value;
                },
            DataTypes.IntegerType);
  }

  static Stream<Arguments> statements() {
    return Stream.of(
        arguments("100/n", "Division by zero", "try_divide", "100/n"),
        arguments("id % n", "Remainder of a division by zero", "try_mod", "id % n"),
        arguments("cast(name AS INT)", "'a' is no INT", "try_cast(… AS INT)", "cast(name AS INT)"),
        arguments("cast(d AS DATE)", "'2024-13-45' is no DATE", "try_cast", "cast(d AS DATE)"),
        arguments("name::boolean", "'a' is no BOOLEAN", "try_cast", "name::boolean"),
        arguments(
            "2147483647 + n",
            "A result is out of the range of its type (integer overflow)",
            "CAST(… AS BIGINT)",
            "2147483647 + n"),
        arguments(
            "cast(id + 3000000000 AS INT)",
            "3000000001L is out of the range of INT",
            "wider type",
            "AS INT)"),
        arguments(
            "cast(x * 1000 AS DECIMAL(4,2))",
            "1500.0 does not fit DECIMAL(4, 2)",
            "make the type wider",
            "cast(x * 1000 AS DECIMAL(4,2))"),
        arguments(
            "array(1,2)[n]",
            "The array has no element [5]; it has 2 elements, counted from 0",
            "get(array, index)",
            "array(1,2)[n]"),
        arguments(
            "element_at(array(1,2), n + 1)",
            "The array has no element 6; it has 2 elements, counted from 1",
            "try_element_at",
            "element_at(array(1,2), n + 1)"),
        arguments(
            "element_at(array(1,2), 0)",
            "The index is 0, and element_at counts from 1",
            "add 1",
            "element_at(array(1,2), 0)"),
        arguments("idd", "There is no column idd", "the nearest are", "idd"),
        arguments(
            "`d\u00a0`",
            "There is no column d\u00a0",
            "where yours has U+00A0 (NO-BREAK SPACE)",
            "`d\u00a0`"),
        arguments("t.idd", "There is no column t.idd", "the nearest are base.d", "t.idd"),
        arguments("idd(id)", "There is no function idd", "SHOW FUNCTIONS", "idd(id)"),
        arguments(
            "uper(name)", "There is no function uper", "did you mean \"upper\"?", "uper(name)"),
        arguments(
            "upper(name, 2)",
            "upper takes 1 arguments, not 2",
            "DESCRIBE FUNCTION",
            "upper(name, 2)"),
        arguments(
            "id + true",
            "(id + true) has INT on one side and BOOLEAN on the other",
            "cast one side",
            "id + true"),
        arguments(
            "coalesce(id, array(1))",
            "The parts of coalesce(id, array(1)) are of types that do not go together: (INT or"
                + " ARRAY<INT>)",
            "cast them to one type",
            "coalesce(id, array(1))"),
        arguments(
            "explode(id)",
            "The first argument of explode(id) must be (ARRAY or MAP), and id is INT",
            "cast it",
            "explode(id)"),
        arguments("id.x", "id is INT, which has no fields or elements", "from_json", "id.x"),
        arguments("named_struct('a',1).b", "There is no field b", "the fields are a", "b"),
        arguments(
            "(SELECT id FROM base)",
            "A subquery that stands for one value gives more than one row",
            "aggregate it",
            "(SELECT id FROM base)"),
        arguments(
            "(SELECT max(id), 1 FROM base)",
            "A subquery that stands for one value gives 2 columns",
            "select one column",
            "(SELECT max(id), 1 FROM base)"),
        arguments(
            "to_timestamp(d, 'yyyy-MM-dd')",
            "Text '2024-13-45' could not be parsed: Invalid value for MonthOfYear (valid values 1 -"
                + " 12): 13",
            "try_to_timestamp",
            "to_timestamp(d, 'yyyy-MM-dd')"),
        arguments(
            "make_date(2024, 13, id)",
            "Invalid value for MonthOfYear (valid values 1 - 12): 13",
            "correct the value",
            "make_date(2024, 13, id)"),
        arguments(
            "to_date(d, 'YYYY-MM-dd')",
            "'YYYY-MM-dd' is no pattern of a time that Spark can use",
            "yyyy is the year",
            "to_date(d, 'YYYY-MM-dd')"),
        arguments(
            "from_unixtime(id, 'bb')",
            "'bb' is no pattern of a time",
            "yyyy is the year",
            "from_unixtime(id, 'bb')"),
        arguments(
            "parse_json(name)", "A record is malformed: a", "try_parse_json", "parse_json(name)"),
        arguments(
            "map('a', id, 'a', 2)",
            "The key a is twice in one map",
            "spark.sql.mapKeyDedupPolicy=LAST_WIN",
            "map('a', id, 'a', 2)"),
        arguments(
            "boom(id)",
            "The function boom failed: no route to 2",
            "look at the values",
            "boom(id)"),
        arguments(
            "coalesce(raise_error('no such customer; see page 7'), 1)",
            "no such customer; see page 7",
            null,
            "raise_error('no such customer; see page 7')"),
        arguments(
            "isnull(assert_true(id < 2, 'id must be below two'))",
            "id must be below two",
            null,
            "assert_true(id < 2, 'id must be below two')"),
        arguments(
            "regexp_replace(name, '(', '')", "'(' is no regular expression", "backslashes", "r"),
        arguments(
            "to_number(name, '999')",
            "a does not match the format 999",
            "try_to_number",
            "to_number(name, '999')"));
  }

  @ParameterizedTest
  @MethodSource("statements")
  void anExpression(String expression, String cause, String remedy, String marked)
      throws IOException {
    Failure failure = failure("SELECT\n" + expression + " AS v\nFROM base");

    assertThat(failure.cause()).isEqualTo(cause);
    check(failure, remedy, marked);
    assertThat(failure.position().line()).isEqualTo(4);
  }

  static Stream<Arguments> queries() {
    return Stream.of(
        arguments(
            "SELECT id, name, sum(n) FROM base GROUP BY id",
            "name is neither in GROUP BY nor aggregated",
            "any_value(name)",
            "name"),
        arguments(
            "SELECT id, sum(n) FROM base",
            "The query aggregates and has other columns beside, without GROUP BY",
            "add GROUP BY",
            "SELECT id, sum(n) FROM base"),
        arguments(
            "SELECT id FROM base WHERE sum(n) > 1",
            "WHERE cannot hold sum(base.n), which needs more than one row",
            "HAVING",
            "SELECT id FROM base WHERE sum(n) > 1"),
        arguments(
            "SELECT sum(sum(n)) FROM base",
            "An aggregate stands within another one",
            "subquery",
            "sum(n)"),
        arguments(
            "SELECT sum(9223372036854775807 + n * 0) FROM base",
            "A result is out of the range of its type (long overflow)",
            "DECIMAL(38, 0)",
            "sum(9223372036854775807 + n * 0)"),
        arguments(
            "SELECT id FROM base GROUP BY 5",
            "GROUP BY 5 means a column of the SELECT list, which has 1",
            "from 1 to 1",
            "5"),
        arguments(
            "SELECT id FROM base ORDER BY 5",
            "ORDER BY 5 means a column of the SELECT list, which has 1",
            "from 1 to 1",
            "5"),
        arguments(
            "SELECT id FROM base a JOIN base b ON a.id = b.id",
            "id is ambiguous: it may be [a.id, b.id]",
            "alias",
            "id"),
        arguments(
            "SELECT * FROM base a JOIN base b USING (idd)",
            "There is no column idd on the left side of the join",
            "the columns there are d, id, n, name, x",
            "idd"),
        arguments(
            "SELECT id, id FROM base UNION ALL SELECT name FROM base",
            "UNION needs as many columns on every side: the first has 2, the second has 1",
            "same columns",
            "SELECT id, id FROM base UNION ALL SELECT name FROM base"),
        arguments(
            "SELECT id FROM base UNION SELECT array(1)",
            "The first column of UNION is INT in the first part and ARRAY<INT> in the second",
            "cast one",
            "SELECT id FROM base UNION SELECT array(1)"),
        arguments(
            "SELECT * FROM base WHERE n",
            "A condition must be true or false, and n is INT",
            "n <> 0",
            "SELECT * FROM base WHERE n"));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aQuery(String query, String cause, String remedy, String marked) throws IOException {
    Failure failure = failure(query);

    assertThat(failure.cause()).isEqualTo(cause);
    check(failure, remedy, marked);
  }

  static Stream<Arguments> loads() {
    return Stream.of(
        arguments(
            "SELECT 1 AS id",
            "SELECT 1 AS id, 2 AS fresh, 3 AS more",
            "The table has no column fresh (integer), more (integer), and the view \"b\" has; the"
                + " table's are id",
            "mergeSchema"),
        arguments(
            "SELECT 1 AS id, 2 AS n",
            "SELECT 'x' AS id, 2 AS n",
            "The column id is INT in the table and STRING in the view \"b\"",
            "CAST(id AS INT)"),
        arguments(
            "SELECT struct(1 AS a) AS s",
            "SELECT struct(array(1L) AS a) AS s",
            "The column s.a is INT in the table and ARRAY<BIGINT> in the view \"b\"",
            "cast it in the view"));
  }

  @ParameterizedTest
  @MethodSource("loads")
  void anAppendThatDoesNotFit(String first, String second, String cause, String remedy)
      throws IOException {
    Failure failure =
        run(
            SqlJob.view("a", first)
                + load("a", "Overwrite", "")
                + SqlJob.view("b", second)
                + load("b", "Append", ""));

    assertThat(failure.cause()).isEqualTo(cause);
    assertThat(failure.remedy()).contains(remedy);
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        arguments(
            "(id INT NOT NULL, n INT)",
            "",
            "SELECT CAST(NULL AS INT) AS id, 1 AS n",
            "The table's column id may not be NULL, and a row to write has NULL there",
            "coalesce(id, …)"),
        arguments(
            "(id INT NOT NULL, n INT)",
            "",
            "SELECT 1 AS n",
            "The table's column id may not be NULL, and the view has no such column",
            "add the column"),
        arguments(
            "(id INT)",
            "ALTER TABLE delta.`%s` ADD CONSTRAINT pos CHECK (id > 0)",
            "SELECT -1 AS id",
            "A row breaks the table's check pos (id > 0): it has id : -1",
            "leave out or correct such rows"),
        arguments(
            "(id INT, n INT GENERATED ALWAYS AS (id * 2))",
            "",
            "SELECT 1 AS id, 1 AS n",
            "A row breaks the table's check Generated Column (n <=> (id * 2)): it has id : 1, n :"
                + " 1",
            "leave out or correct such rows"),
        arguments(
            "(id VARCHAR(3))",
            "",
            "SELECT 'abcd' AS id",
            "The value abcd is longer than its column in the table may be: ((id IS NULL) OR"
                + " (length(id) <= 3))",
            "shorten it"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aRowThatTheTableRefuses(
      String columns, String after, String rows, String cause, String remedy) throws IOException {
    SqlJob.spark().sql("CREATE TABLE delta.`" + table() + "` " + columns + " USING delta");
    if (!after.isEmpty()) {
      SqlJob.spark().sql(after.formatted(table()));
    }

    Failure failure = run(SqlJob.view("b", rows) + load("b", "Append", ""));

    assertThat(failure.cause()).isEqualTo(cause);
    assertThat(failure.remedy()).contains(remedy);
  }

  @Test
  void aMergeWhoseSourceHasAKeyMoreThanOnce() throws IOException {
    String merge =
        SqlJob.stage(
            "DeltaLakeMergeLoad",
            "inputView: b, outputURI: \""
                + table()
                + "\", condition: \"source.id = target.id\", generateSymlinkManifest: false\n"
                + "whenMatchedUpdate: {condition: \"source.v <> 'x'\"}");
    Failure failure =
        run(
            SqlJob.view("a", "SELECT 1 AS id, 'o' AS v UNION ALL SELECT 2, 'o'")
                + load("a", "Overwrite", "")
                + SqlJob.view(
                    "b", "SELECT * FROM VALUES (1,'x'),(1,'y'),(1,'z'),(2,'y'),(3,'q') AS t(id,v)")
                + merge);

    assertThat(failure.cause())
        .contains(
            "Several rows of the view \"b\" match one row of the table",
            ": id=1 in 3 rows; keep one row of each key",
            "PARTITION BY id",
            "that of the merge does");
  }

  @Test
  void soundFilesThatNoLibraryHereReadsAreNotToBeRepaired() throws IOException {
    Failure brotli = run(copied("ParquetExtract", "/foreign/brotli.parquet"));
    assertThat(brotli.cause())
        .startsWith("Cannot read the file file:")
        .endsWith(
            "brotli.parquet: it is compressed with Brotli, and there is no codec for that here");
    assertThat(brotli.remedy()).isEqualTo("the file is sound: have it written with zstd or snappy");
    Failure orc = run(copied("ORCExtract", "/foreign/before1970.pyarrow.orc"));
    assertThat(orc.cause())
        .startsWith("Cannot read the file file:")
        .contains("it holds a time before 1970 with a fraction of a second");
    assertThat(orc.remedy()).isEqualTo("the file is sound: have it written as Parquet");
  }

  private String copied(String extract, String file) {
    String input = getClass().getResource(file).toString();
    return SqlJob.stage(extract, "outputView: v, inputURI: \"" + input + "\"")
        + load("v", "Overwrite", "");
  }

  @Test
  void anotherWriterAtTheSameTime() throws IOException {
    SqlJob.spark().sql("SELECT 1 AS id, 2 AS n").write().format("delta").save(table());
    String path = table();
    SqlJob.spark()
        .udf()
        .register(
            "intrude",
            (UDF1<Integer, Integer>)
                value -> {
                  // Not on the task's own thread, where Delta would refuse to be a driver
                  Thread other = new Thread(() -> append(path));
                  other.start();
                  other.join();
                  return value;
                },
            DataTypes.IntegerType);

    Failure failure =
        run(SqlJob.view("u", "UPDATE delta.`" + table() + "` SET n = intrude(n) + 1"));

    assertThat(failure.cause())
        .isEqualTo(
            "Another writer added rows to the table while this stage wrote, and nothing of this"
                + " stage was kept");
    assertThat(failure.remedy()).startsWith("run the job again");
  }

  private static void append(String path) {
    SqlJob.spark().sql("SELECT 5 AS id, 6 AS n").write().format("delta").mode("append").save(path);
  }

  @Test
  void theFirstMomentThatIsToldCanBeRead() throws Exception {
    SqlJob.spark().sql("SELECT 1 AS id").write().format("delta").save(table());
    String extract =
        "outputView: v, inputURI: \"" + table() + "\", options: {timestampAsOf: \"%s\"}";

    String remedy = run(SqlJob.stage("DeltaLakeExtract", extract.formatted("2020-01-01"))).remedy();
    String moment = remedy.replaceFirst("ask for (.*) or later", "$1");

    SqlJob.run(SqlJob.stage("DeltaLakeExtract", extract.formatted(moment)));
    assertThat(SqlJob.rows("SELECT * FROM v")).containsExactly("[1]");
  }

  static Stream<Arguments> extracts() {
    return Stream.of(
        arguments("versionAsOf: \"99\"", "The table has no version 99; it has 0 to 0"),
        arguments(
            "timestampAsOf: \"1999-01-01 00:00:00\"",
            "The table did not exist yet, or is not kept so far back: 1999-01-01"));
  }

  @ParameterizedTest
  @MethodSource("extracts")
  void aVersionThatThereIsNot(String key, String cause) throws IOException {
    SqlJob.spark().sql("SELECT 1 AS id").write().format("delta").save(table());

    Failure failure =
        run(
            SqlJob.stage(
                "DeltaLakeExtract",
                "inputURI: \"" + table() + "\", outputView: t, options: {" + key + "}"));

    assertThat(failure.text()).contains(cause);
  }

  @Test
  void aTableWhoseLogHasAGap() throws IOException {
    SqlJob.spark().sql("SELECT 1 AS id, 2 AS n").write().format("delta").save(table());
    append(table());
    append(table());
    Files.delete(Path.of(table(), "_delta_log", "00000000000000000001.json"));

    Failure failure = run(SqlJob.view("t", "SELECT * FROM delta.`" + table() + "`"));

    assertThat(failure.cause())
        .isEqualTo(
            "The table's log has a gap: between version 0 and version 2 a file of _delta_log is"
                + " gone");
    assertThat(failure.remedy()).startsWith("bring the file back from a backup");
  }

  @Test
  void aTableOfANewerDelta() throws IOException {
    Path log = Files.createDirectories(Path.of(table(), "_delta_log"));
    Files.writeString(
        log.resolve("00000000000000000000.json"),
        """
        {"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timeMachine"],"writerFeatures":["timeMachine"]}}
        {"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"schemaString":"{\\"type\\":\\"struct\\",\\"fields\\":[]}","partitionColumns":[],"configuration":{}}}
        """);

    Failure failure = run(SqlJob.view("t", "SELECT * FROM delta.`" + table() + "`"));

    assertThat(failure.cause())
        .startsWith("The table uses what this Delta Lake cannot read: ")
        .contains("timeMachine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DELETE FROM %s", "UPDATE %s SET n = 2"})
  void aSubqueryWhereDeltaTakesNone(String statement) throws IOException {
    Failure failure =
        run(
            SqlJob.view("a", "SELECT 1 AS n")
                + load("a", "Overwrite", "")
                + SqlJob.view(
                    "d",
                    statement.formatted("delta.`" + table() + "`")
                        + " WHERE n NOT IN (SELECT n FROM a)"));

    assertThat(failure.cause())
        .startsWith("A subquery stands in the condition of the ")
        .endsWith(", where Delta takes none");
    assertThat(failure.remedy()).contains("WHEN NOT MATCHED BY SOURCE THEN DELETE");
  }

  @Test
  void columnsOfOneName() throws IOException {
    Failure failure =
        run(
            SqlJob.view("v", "SELECT 1 AS a, 2 AS A")
                + SqlJob.stage(
                    "ParquetLoad", "inputView: v, outputURI: \"" + folder.resolve("p") + "\""));

    assertThat(failure.text())
        .isEqualTo(
            "ParquetLoad cannot write inputView 'v': it has the column 'A' twice, as readers that do"
                + " not look at capitals see it; rename one in a SQLTransform.");
  }

  @Test
  void aMessageOfMoreThanOneLineThatNobodyForesaw() throws IOException {
    Failure failure = failure("SELECT rank() OVER (PARTITION BY id) AS r FROM base");

    assertThat(failure.cause())
        .startsWith("Window function rank() requires window to be ordered")
        .contains("For example SELECT rank()")
        .doesNotContain("SQLSTATE", "\n");
  }

  private void check(Failure failure, String remedy, String marked) {
    if (remedy == null) {
      assertThat(failure.remedy()).isNull();
    } else {
      assertThat(failure.remedy()).contains(remedy);
    }
    assertThat(failure.stage()).isEqualTo("stage \"q\" (line 3)");
    assertThat(marked(failure.position())).isEqualTo(marked);
    assertThat(failure.text()).doesNotContain("SQLSTATE", "spark.sql.ansi.enabled", "org.apache");
  }

  private static String marked(Position position) {
    String line = position.source().line(position.line());
    int from = position.column() - 1;
    return from < 0 ? "" : line.substring(from, Math.min(line.length(), from + position.length()));
  }

  /** Of a job whose second stage, on line 3, has this statement, and whose third one writes it. */
  private Failure failure(String sql) throws IOException {
    return run(
        "{type: SQLTransform, name: base, environments: [test], outputView: base, sql: \"\"\""
            + BASE
            + "\"\"\"}\n{type: SQLTransform, name: q, environments: [test], outputView: q, sql:"
            + " \"\"\""
            + sql
            + "\"\"\"}\n{type: ParquetLoad, name: w, environments: [test], inputView: q, outputURI:"
            + " \""
            + folder.resolve("w")
            + "\"}\n");
  }

  @Test
  void aVersionWhoseFilesWereRemoved() throws Exception {
    SqlJob.run(SqlJob.view("a", "SELECT 1 AS id") + load("a", "Overwrite", ""));
    List<Path> old;
    try (Stream<Path> files = Files.list(Path.of(table()))) {
      old = files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
    SqlJob.run(SqlJob.view("a", "SELECT 2 AS id") + load("a", "Overwrite", ""));
    for (Path file : old) {
      Files.delete(file);
    }

    Failure failure =
        run(
            SqlJob.stage(
                    "DeltaLakeExtract",
                    "outputView: old, options: {versionAsOf: 0}, inputURI: \"" + table() + "\"")
                + SqlJob.stage(
                    "JSONLoad", "inputView: old, outputURI: \"" + folder.resolve("json") + "\""));

    assertThat(failure.cause())
        .contains("no longer has the file", "of the version that is read", "VACUUM removes");
    assertThat(failure.remedy()).contains("read a later version", "DESCRIBE HISTORY");
  }

  private Failure run(String stages) throws IOException {
    Path job = Files.writeString(folder.resolve("job.conf"), "stages = [\n" + stages + "]\n");
    return JobRun.of(job).summary().failure().orElseThrow();
  }

  private String load(String view, String saveMode, String keys) {
    return SqlJob.stage(
        "DeltaLakeLoad",
        "inputView: "
            + view
            + ", outputURI: \""
            + table()
            + "\", saveMode: "
            + saveMode
            + ", generateSymlinkManifest: false"
            + keys);
  }

  private String table() {
    return folder.resolve("table").toString();
  }
}
