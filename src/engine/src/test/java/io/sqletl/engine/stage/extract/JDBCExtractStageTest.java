package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.Databases;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JDBCExtractStageTest {

  private static final String PEOPLE =
      "CREATE TABLE people (id INT, name VARCHAR(10), born DATE, seen TIMESTAMP)";

  @AfterEach
  void empty() throws SQLException {
    for (Databases database : Databases.values()) {
      database.empty();
    }
  }

  private static void fill(Databases database) throws SQLException {
    database.execute(
        PEOPLE,
        "INSERT INTO people VALUES (1, 'a', DATE '2020-01-01', TIMESTAMP '2020-01-01 10:00:00')",
        "INSERT INTO people VALUES (2, 'b', DATE '2021-01-01', TIMESTAMP '2021-01-01 10:00:00')",
        "INSERT INTO people VALUES (4, NULL, DATE '2024-02-29', TIMESTAMP '2024-02-29 23:59:59')");
  }

  @ParameterizedTest
  @EnumSource
  void readsTables(Databases database) throws Exception {
    fill(database);

    SqlJob job = extract(database, "tableName: people");

    assertThat(rows("SELECT * FROM found ORDER BY 1"))
        .containsExactly(
            "[1,a,2020-01-01,2020-01-01 10:00:00.0]",
            "[2,b,2021-01-01,2021-01-01 10:00:00.0]",
            "[4,null,2024-02-29,2024-02-29 23:59:59.0]");
    assertThat(job.detail()).containsEntry("fetchsize", 10000).containsKey("driver");
  }

  @ParameterizedTest
  @EnumSource
  void readsQueries(Databases database) throws Exception {
    fill(database);

    extract(database, "tableName: \"(SELECT count(*) AS n FROM people) AS counted\"");

    assertThat(rows("SELECT n FROM found")).containsExactly("[3]");
  }

  @ParameterizedTest
  @EnumSource
  void readsEmptyTables(Databases database) throws Exception {
    database.execute(PEOPLE);

    extract(database, "tableName: people, partitionColumn: id, numPartitions: 2");

    assertThat(rows("SELECT count(*) FROM found")).containsExactly("[0]");
  }

  @ParameterizedTest
  @EnumSource
  void readsRangesSideBySide(Databases database) throws Exception {
    fill(database);
    for (String column : List.of("id", "BORN", "seen")) {
      SqlJob job =
          extract(database, "tableName: people, partitionColumn: " + column + ", numPartitions: 3");

      assertThat(rows("SELECT count(*), count(DISTINCT id) FROM found")).containsExactly("[3,3]");
      assertThat(spark().table("found").javaRDD().getNumPartitions()).isEqualTo(3);
      assertThat(rows("EXPLAIN SELECT * FROM found").get(0)).doesNotContain("Exchange");
      assertThat(job.detail()).containsKeys("lowerBound", "upperBound");
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsByPredicates(Databases database) throws Exception {
    fill(database);

    extract(database, "tableName: people, predicates: [\"id = 1\", \"id > 2\"]");

    assertThat(spark().table("found").javaRDD().getNumPartitions()).isEqualTo(2);
    assertThat(rows("SELECT id FROM found ORDER BY 1")).containsExactly("[1]", "[4]");
  }

  @Test
  void aSchemaDescribesColumns(@TempDir Path directory) throws Exception {
    fill(Databases.H2);
    Folder folder =
        new Folder(directory)
            .with(
                "schema.json",
                "[{\"name\": \"ID\", \"type\": \"integer\", \"nullable\": true,"
                    + " \"metadata\": {\"private\": true}}]");

    extract(Databases.H2, "tableName: people, schemaURI: \"" + folder.of("schema.json") + "\"");

    assertThat(spark().table("found").schema().apply("ID").metadata().getBoolean("private"))
        .isTrue();
  }

  @Test
  void typesMayBeChosen() throws Exception {
    fill(Databases.POSTGRESQL);

    extract(Databases.POSTGRESQL, "tableName: people, customSchema: \"id STRING\"");

    assertThat(spark().table("found").schema().apply("id").dataType().simpleString())
        .isEqualTo("string");
  }

  @ParameterizedTest
  @EnumSource
  void namesMayHoldAnything(Databases database) throws Exception {
    database.execute(
        "CREATE TABLE \"odd.name\" (\"a.b\" INT, \"c d\" INT, \"größe\" INT)",
        "INSERT INTO \"odd.name\" VALUES (1, 2, 3), (4, 5, 6)");

    extract(
        database, "tableName: \"\\\"odd.name\\\"\", partitionColumn: \"a.b\", numPartitions: 2");

    assertThat(rows("SELECT `c d`, `größe` FROM found ORDER BY 1"))
        .containsExactly("[2,3]", "[5,6]");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotThereIsNamed(Databases database) throws Exception {
    fill(database);

    assertThatThrownBy(() -> extract(database, "tableName: nobody"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining(database == Databases.H2 ? "Table \"NOBODY\"" : "\"nobody\"");
    assertThatThrownBy(
            () -> extract(database, "tableName: people, partitionColumn: age, numPartitions: 2"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("'people' has no column 'age' to read it by; it has [");
    assertThatThrownBy(
            () -> extract(database, "tableName: people, partitionColumn: name, numPartitions: 2"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining(
            "The partitionColumn 'name' is of type string; it must hold numbers, dates or"
                + " timestamps.");
  }

  @ParameterizedTest
  @CsvSource({"JSON, JSON '{}', JSON", "'ENUM(''a'')', 'a', ENUM"})
  void aColumnWhoseTypeSparkLacksIsNamed(String type, String value, String told) throws Exception {
    String quoted = value.startsWith("JSON") ? value : "'" + value + "'";
    Databases.H2.execute(
        "CREATE TABLE t (id INT, odd " + type + ")", "INSERT INTO t VALUES (1, " + quoted + ")");
    assertThatThrownBy(() -> extract(Databases.H2, "tableName: t"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("JDBCExtract cannot read 'ODD': Spark has no type for " + told)
        .hasMessageContaining("cast(… AS varchar)");
    extract(Databases.H2, "tableName: \"(SELECT cast(odd AS varchar) o FROM t) q\"");
    assertThat(rows("SELECT count(o) FROM found")).containsExactly("[1]");
  }

  @ParameterizedTest
  @CsvSource({
    "NUMERIC(38), 99999999999999999999",
    "NUMERIC(38), -99999999999999999999",
    "NUMERIC, NaN",
    "DOUBLE PRECISION, 1e+30",
    "DOUBLE PRECISION, Infinity",
    "TIMESTAMP, infinity",
    "TIMESTAMPTZ, -infinity",
    "DATE, infinity"
  })
  void aColumnWithoutRangesIsNamed(String type, String value) throws Exception {
    Databases.POSTGRESQL.execute(
        "CREATE TABLE t (k " + type + ")", "INSERT INTO t VALUES ('" + value + "')");
    assertThatThrownBy(
            () ->
                extract(Databases.POSTGRESQL, "tableName: t, partitionColumn: k, numPartitions: 2"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("The partitionColumn 'k' holds ")
        .hasMessageContaining("leave \"partitionColumn\" out");
  }

  @Test
  void aTimeWithAZoneIsNoneOfToday() throws Exception {
    for (Databases database : Databases.values()) {
      database.execute(
          "CREATE TABLE t (c TIME(0) WITH TIME ZONE)", "INSERT INTO t VALUES ('10:00:00+02:00')");
    }
    assertThatThrownBy(() -> extract(Databases.H2, "tableName: t"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("JDBCExtract cannot read 'C': it is TIME WITH TIME ZONE")
        .hasMessageContaining("cast(… AS varchar)");
    extract(Databases.H2, "tableName: t, customSchema: \"C STRING\"");
    assertThat(rows("SELECT * FROM found")).containsExactly("[10:00:00+02]");
    extract(Databases.POSTGRESQL, "tableName: t");
    assertThat(rows("SELECT * FROM found")).containsExactly("[1970-01-01 08:00:00.0]");
  }

  @Test
  void infiniteTimesOfPostgresqlAreTold() throws Exception {
    Databases.POSTGRESQL.execute(
        "CREATE TABLE t (d DATE, z TIMESTAMPTZ, ts TIMESTAMP, fine DATE, tod TIME(0))",
        "INSERT INTO t VALUES ('infinity', '-infinity', 'infinity', '2024-01-01', '10:00'),"
            + " ('-infinity', NULL, NULL, NULL, NULL)");
    SqlJob job = extract(Databases.POSTGRESQL, "tableName: t");
    assertThat(job.runWarnings())
        .extracting(Problem::headline)
        .satisfiesExactly(
            d ->
                assertThat(d)
                    .contains("'d' of PostgreSQL holds -infinity, which is read as 0001-01-03, and")
                    .contains("infinity, which is read as 9999-12-31")
                    .contains("nullif("),
            z -> assertThat(z).contains("'z'", "0001-01-03 00:00:00").doesNotContain("9999"),
            ts -> assertThat(ts).contains("'ts'", "9999-12-31 23:59:59.999"));
    assertThat(rows("SELECT d, z, ts FROM found ORDER BY d"))
        .containsExactly(
            "[0001-01-03,null,null]", "[9999-12-31,0001-01-03 00:00:00.0,9999-12-31 23:59:59.999]");
    String finite = "(SELECT nullif(d, '-infinity') d FROM t WHERE d < 'infinity') q";
    assertThat(extract(Databases.POSTGRESQL, "tableName: \"" + finite + "\"").runWarnings())
        .isEmpty();
  }

  @Test
  void arraysOfOtherDimensionsAreNamed() throws Exception {
    Databases.POSTGRESQL.execute(
        "CREATE TABLE t (id INT, a INT[], b INT[][])",
        "INSERT INTO t VALUES (1, '{1,2}', '{{1}}'), (2, '{}', NULL)");
    extract(Databases.POSTGRESQL, "tableName: t");
    assertThat(rows("SELECT a, size(b) FROM found WHERE id = 1")).hasSize(1);
    Databases.POSTGRESQL.execute("INSERT INTO t VALUES (3, '{{1},{2}}', NULL)");
    assertThatThrownBy(() -> extract(Databases.POSTGRESQL, "tableName: t"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("JDBCExtract cannot read the column 'a'")
        .hasMessageContaining("another row has 2")
        .hasMessageContaining("array_to_json(…)::text");
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() {
    Databases.H2.url();
    assertThatThrownBy(
            () ->
                SqlJob.run(
                    stage(
                        "JDBCExtract",
                        "outputView: found, tableName: t, jdbcURL:"
                            + " \"jdbc:h2:mem:locked;IFEXISTS=TRUE;PASSWORD=hunter2\"")))
        .isInstanceOf(StageException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void wrongKeysAreReportedBeforeTheRun() {
    assertThat(
            SqlJob.problems(
                    stage(
                        "JDBCExtract",
                        "outputView: v, tableName: t, jdbcURL: \"jdbc:h2:mem:x\", partitionColumn: id,"
                            + " fetchsize: -1"))
                .stream()
                .map(Problem::message))
        .containsExactlyInAnyOrder(
            "\"fetchsize\" is -1", "\"partitionColumn\" has no effect without \"numPartitions\"");
  }

  private static SqlJob extract(Databases database, String keys) throws Exception {
    return SqlJob.run(
        stage("JDBCExtract", "outputView: found, jdbcURL: \"" + database.url() + "\"\n" + keys));
  }
}
