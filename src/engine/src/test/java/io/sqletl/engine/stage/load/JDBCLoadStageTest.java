package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.RunOwner;
import io.sqletl.engine.stage.jdbc.Databases;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class JDBCLoadStageTest {

  private static final String TWO = "SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(id, name)";

  @AfterEach
  void empty() throws SQLException {
    for (Databases database : Databases.values()) {
      database.empty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void makesATableThatIsNotThere(Databases database) throws Exception {
    SqlJob job = load(database, TWO, "");

    assertThat(database.rows("SELECT * FROM people ORDER BY 1")).containsExactly("1,a", "2,b");
    assertThat(job.detail())
        .containsEntry("count", 2L)
        .containsEntry("saveMode", "overwrite")
        .containsEntry("batchsize", 1000)
        .containsEntry("isolationLevel", "READ_UNCOMMITTED");
  }

  @ParameterizedTest
  @EnumSource
  void writesEmptyViews(Databases database) throws Exception {
    SqlJob job = load(database, TWO + " WHERE id > 2", "");

    assertThat(database.rows("SELECT count(*) FROM people")).containsExactly("0");
    assertThat(job.detail()).containsEntry("count", 0L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "truncate: true", "transactional: false"})
  void aTableThatAnEmptyViewEmptiesIsTold(String keys) throws Exception {
    for (Databases database : Databases.values()) {
      load(database, TWO, "");
      String none = TWO + " WHERE id > 2";
      assertThat(load(database, none, keys).runWarnings())
          .singleElement()
          .satisfies(warning -> assertThat(warning.code()).isEqualTo(ErrorCode.LOST_IN_LOAD))
          .extracting(Problem::headline)
          .asString()
          .contains("inputView 'rows' has no rows", "the table 'people'", "SQLValidate");
      assertThat(database.rows("SELECT * FROM people")).isEmpty();
      assertThat(load(database, none, keys).runWarnings()).as("empty before").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void appendsByNameAndLeavesOtherColumnsToTheDatabase(Databases database) throws Exception {
    database.execute(
        "CREATE TABLE people (name VARCHAR(10), id INT, source VARCHAR(10) DEFAULT 'etl')",
        "INSERT INTO people VALUES ('z', 0, 'hand')");

    load(database, TWO, "saveMode: Append");

    assertThat(database.rows("SELECT id, name, source FROM people ORDER BY 1"))
        .containsExactly("0,z,hand", "1,a,etl", "2,b,etl");
    assertThat(database.tables()).containsExactly("people");
  }

  @ParameterizedTest
  @EnumSource
  void overwriteKeepsATableOfTheSameColumns(Databases database) throws Exception {
    load(database, TWO, "");
    database.execute("CREATE UNIQUE INDEX by_id ON people (" + quoted(database, "id") + ")");

    load(database, "SELECT 3 AS id, 'c' AS name", "");

    assertThat(database.rows("SELECT * FROM people")).containsExactly("3,c");
    assertThatThrownBy(() -> load(database, "SELECT 3 AS id, 'd' AS name", "saveMode: Append"))
        .as("the index is still there")
        .isInstanceOf(StageException.class);
  }

  @ParameterizedTest
  @EnumSource
  void overwriteMakesATableOfOtherColumnsAnew(Databases database) throws Exception {
    load(database, TWO, "");

    load(database, "SELECT 3 AS id, DATE '2024-02-29' AS born", "");

    assertThat(database.rows("SELECT * FROM people")).containsExactly("3,2024-02-29");
    assertThat(database.tables()).containsExactly("people");
  }

  @ParameterizedTest
  @EnumSource
  void truncateKeepsTheTypes(Databases database) throws Exception {
    database.execute("CREATE TABLE people (id BIGINT, name CHAR(3))");
    database.execute("INSERT INTO people VALUES (9, 'old')");

    load(database, TWO, "truncate: true");

    assertThat(database.rows("SELECT id, name FROM people ORDER BY 1"))
        .containsExactly("1,a  ", "2,b  ");
  }

  @ParameterizedTest
  @EnumSource
  void aLoadThatFailsHalfWayLeavesTheTable(Databases database) throws Exception {
    database.execute("CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(10))");
    database.execute("INSERT INTO people VALUES (3, 'there')");
    String twice = "SELECT id, 'x' AS name FROM range(1, 6) UNION ALL SELECT 3, 'y'";

    assertThatThrownBy(() -> load(database, twice, "saveMode: Append, numPartitions: 2"))
        .isInstanceOf(StageException.class);
    assertThatThrownBy(() -> load(database, twice, "truncate: true"))
        .isInstanceOf(StageException.class);
    String broken =
        "SELECT id, CAST(raise_error('row ' || id) AS STRING) AS name FROM range(5) WHERE id > 3";
    assertThatThrownBy(() -> load(database, broken, "saveMode: Append"))
        .hasStackTraceContaining("row 4");
    assertThatThrownBy(() -> load(database, broken, "")).hasStackTraceContaining("row 4");

    assertThat(database.rows("SELECT id, name FROM people")).containsExactly("3,there");
    assertThat(database.tables()).containsExactly("people");
  }

  @ParameterizedTest
  @EnumSource
  void aNewTableThatCouldNotBeFilledIsDropped(Databases database) throws Exception {
    assertThatThrownBy(() -> load(database, "SELECT CAST(raise_error('no') AS STRING) AS a", ""))
        .hasStackTraceContaining("no");

    assertThat(database.tables()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void writesInPlaceWhenTold(Databases database) throws Exception {
    database.execute("CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(10))");

    load(database, TWO, "saveMode: Append, transactional: false");
    assertThatThrownBy(
            () ->
                load(
                    database,
                    "SELECT * FROM VALUES (3, 'c'), (1, 'x') AS t(id, name)",
                    "saveMode: Append, transactional: false, isolationLevel: NONE, batchsize: 1,"
                        + " numPartitions: 1"))
        .isInstanceOf(StageException.class);

    assertThat(database.rows("SELECT id FROM people ORDER BY 1")).containsExactly("1", "2", "3");
  }

  @ParameterizedTest
  @EnumSource
  void leavesOrRefusesATableThatIsThere(Databases database) throws Exception {
    load(database, TWO, "saveMode: ErrorIfExists");

    load(database, "SELECT 3 AS id, 'c' AS name", "saveMode: Ignore");
    assertThatThrownBy(() -> load(database, TWO, "saveMode: ErrorIfExists"))
        .isInstanceOf(StageException.class)
        .hasMessage(
            "Table 'people' already exists and 'saveMode' equals 'ErrorIfExists' so cannot"
                + " continue.");

    assertThat(database.rows("SELECT count(*) FROM people")).containsExactly("2");
  }

  @ParameterizedTest
  @EnumSource
  void aColumnThatTheTableLacksIsNamed(Databases database) throws Exception {
    database.execute("CREATE TABLE people (id INT)");

    assertThatThrownBy(() -> load(database, TWO, "saveMode: Append"))
        .isInstanceOf(StageException.class)
        .hasMessageMatching(
            "Table 'people' has no column 'name' of inputView 'rows'; it has \\[(id|ID)\\].");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENUM('a', 'b')", "INT ARRAY", "INTERVAL DAY"})
  void aColumnWithoutATypeOfSparkKeepsNoLoadFromTheOthers(String type) throws Exception {
    Databases.H2.execute("CREATE TABLE people (id INT, x " + type + ")");

    load(Databases.H2, "SELECT 1 AS id", "saveMode: Append");
    assertThat(Databases.H2.rows("SELECT id FROM people")).containsExactly("1");
    load(Databases.H2, "SELECT 2 AS id", "truncate: true");

    Map.of(
            "SELECT 3 AS id", "saveMode: Append, transactional: false",
            "SELECT 4 AS id, 'a' AS x", "saveMode: Append",
            "SELECT 5 AS id", "")
        .forEach(
            (sql, keys) ->
                assertThatThrownBy(() -> load(Databases.H2, sql, keys))
                    .isInstanceOf(StageException.class)
                    .hasMessageContaining("'people': Spark has no type for 'X' there")
                    .hasMessageContaining(
                        sql.contains("x")
                            ? "Leave the column out"
                            : keys.isEmpty()
                                ? "Set \"truncate\": true"
                                : "Leave \"transactional\": false out"));
    assertThat(Databases.H2.rows("SELECT id FROM people")).containsExactly("2");
  }

  @Test
  void textIntoAColumnOfPostgresqlThatIsNoneIsToldTheWayIn() throws Exception {
    Databases.POSTGRESQL.execute(
        "CREATE TYPE mood AS ENUM ('ok', 'bad')",
        "CREATE TABLE people (j JSONB, u UUID, d DATE, m mood)");
    String uuid = "00000000-0000-0000-0000-000000000001";
    for (String[] column :
        new String[][] {
          {"j", "{}", "jsonb"},
          {"u", uuid, "uuid"},
          {"d", "2024-01-01", "date"},
          {"m", "ok", "mood"}
        }) {
      String sql = "SELECT '" + column[1] + "' AS " + column[0];
      assertThatThrownBy(() -> load(Databases.POSTGRESQL, sql, "saveMode: Append"))
          .isInstanceOf(StageException.class)
          .hasMessageContaining("the column '" + column[0] + "' of inputView 'rows'")
          .hasMessageContaining("the column there is " + column[2] + ", and")
          .hasMessageContaining("&stringtype=unspecified");
    }
    String keys =
        "inputView: rows, tableName: people, saveMode: Append, jdbcURL: \""
            + Databases.POSTGRESQL.url()
            + "&stringtype=unspecified\"";
    SqlJob.run(
        view("rows", "SELECT '{}' j, '" + uuid + "' u, '2024-01-01' d, 'ok' m")
            + stage("JDBCLoad", keys));

    assertThat(Databases.POSTGRESQL.rows("SELECT * FROM people"))
        .containsExactly("{}," + uuid + ",2024-01-01,ok");
  }

  @ParameterizedTest
  @EnumSource
  void whatDependsOnATableThatIsMadeAnewIsNamed(Databases database) throws Exception {
    load(database, TWO, "");
    database.execute("CREATE VIEW watch AS SELECT * FROM people");

    for (String keys : new String[] {"", "transactional: false"}) {
      assertThatThrownBy(() -> load(database, "SELECT 3L AS id, 'c' AS name", keys))
          .isInstanceOf(StageException.class)
          .hasMessageMatching("(?i).*watch\"? depends on .*")
          .hasMessageContaining("set \"truncate\": true, or \"saveMode\" to \"Append\"")
          .hasMessageNotContaining("CASCADE");
    }

    load(database, "SELECT 3L AS id, 'c' AS name", "truncate: true");
    assertThat(database.rows("SELECT * FROM watch")).containsExactly("3,c");
    database.execute("DROP VIEW watch");
  }

  @ParameterizedTest
  @EnumSource
  void namesMayHoldAnything(Databases database) throws Exception {
    load(database, "SELECT 1 AS `a.b`, 2 AS `c d`, 3 AS `größe`, 4 AS `back``tick`", "");

    load(
        database,
        "SELECT 5 AS `a.b`, 6 AS `c d`, 7 AS `größe`, 8 AS `back``tick`",
        "saveMode: Append");

    assertThat(database.rows("SELECT * FROM people ORDER BY 1"))
        .containsExactly("1,2,3,4", "5,6,7,8");
  }

  @ParameterizedTest
  @EnumSource
  void columnsWithoutAPlaceAreLeftOut(Databases database) throws Exception {
    SqlJob job = load(database, "SELECT 1 AS id, array(1) AS list, null AS nothing", "");

    assertThat(database.rows("SELECT * FROM people")).containsExactly("1");
    assertThat(job.detail().get("drop")).hasToString("{NullType=[nothing], ArrayType=[list]}");
  }

  @Test
  void columnTypesAndOptionsOfANewTable() throws Exception {
    load(
        Databases.POSTGRESQL,
        TWO,
        "createTableColumnTypes: \"name VARCHAR(7)\", createTableOptions: \"WITH (fillfactor=70)\"");

    assertThat(
            Databases.POSTGRESQL.rows(
                "SELECT reloptions, (SELECT character_maximum_length FROM information_schema.columns"
                    + " WHERE table_schema = 'public' AND table_name = 'people' AND column_name = 'name') FROM pg_class WHERE"
                    + " relname = 'people' AND relnamespace = 'public'::regnamespace"))
        .containsExactly("{fillfactor=70},7");
  }

  @Test
  void aTableOfAnotherSchema() throws Exception {
    Databases.POSTGRESQL.execute(
        "CREATE SCHEMA IF NOT EXISTS other", "DROP TABLE IF EXISTS other.people");
    for (int i = 0; i < 2; i++) {
      run(Databases.POSTGRESQL, TWO, "tableName: other.people, saveMode: Append");
    }

    assertThat(Databases.POSTGRESQL.rows("SELECT count(*) FROM other.people")).containsExactly("4");
  }

  @Test
  void aUserWhoMayNotMakeTablesIsToldTheWayOut() throws Exception {
    Databases.POSTGRESQL.execute(
        "CREATE TABLE people (id INT, name TEXT)",
        "DROP ROLE IF EXISTS writer",
        "CREATE ROLE writer LOGIN",
        "GRANT USAGE ON SCHEMA public TO writer",
        "GRANT SELECT, INSERT ON people TO writer");
    String url = Databases.POSTGRESQL.url().replace("user=postgres", "user=writer");
    String keys = "inputView: rows, tableName: people, saveMode: Append, jdbcURL: \"" + url + "\"";

    assertThatThrownBy(() -> SqlJob.run(view("rows", TWO) + stage("JDBCLoad", keys)))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("permission denied for schema public")
        .hasMessageEndingWith("Let the user make tables there, or set \"transactional\" to false.");
    SqlJob.run(view("rows", TWO) + stage("JDBCLoad", keys + ", transactional: false"));

    assertThat(Databases.POSTGRESQL.rows("SELECT count(*) FROM people")).containsExactly("2");
    Databases.POSTGRESQL.execute("DROP OWNED BY writer");
  }

  @ParameterizedTest
  @EnumSource
  void whatKilledRunsLeftGoesAndWhatOthersWorkInStays(Databases database) throws Exception {
    load(database, TWO, "");
    RunOwner here = RunOwner.current();
    String killed = "etl_" + new RunOwner(here.host(), 4_000_000, 1_700_000_000_000L).token();
    String alive = "etl_" + here.token();
    database.execute(
        "CREATE TABLE " + killed + "_00aa (id INT)",
        "CREATE TABLE " + alive + "_00bb (id INT)",
        "CREATE TABLE etl_customers (id INT)");

    load(database, TWO, "");

    assertThat(database.tables().stream().map(name -> name.toLowerCase(Locale.ROOT)))
        .containsExactlyInAnyOrder("people", alive + "_00bb", "etl_customers");
  }

  @ParameterizedTest
  @EnumSource
  void aTableThatCannotBeDroppedIsTold(Databases database) throws Exception {
    load(database, TWO, "");
    String killed =
        "etl_"
            + new RunOwner(RunOwner.current().host(), 4_000_000, 1_700_000_000_000L).token()
            + "_00aa";
    database.execute(
        "CREATE TABLE " + killed + " (id INT)", "CREATE VIEW watch AS SELECT * FROM " + killed);
    try {
      SqlJob job = load(database, TWO, "");
      assertThat(job.runWarnings())
          .singleElement()
          .satisfies(
              warning -> {
                assertThat(warning.code()).isEqualTo(ErrorCode.LEFT_OVER);
                assertThat(warning.message()).contains("are left over beside people");
              });
    } finally {
      database.execute("DROP VIEW watch");
    }
  }

  @Test
  void wrongKeysAreReportedBeforeTheRun() {
    String keys = "inputView: rows, tableName: t, jdbcURL: \"jdbc:h2:mem:x\", ";
    assertThat(
            SqlJob.problems(
                    view("rows", TWO)
                        + stage(
                            "JDBCLoad", keys + "batchsize: 0, numPartitions: 0, partitionBy: [a]"))
                .stream()
                .map(Problem::message))
        .contains("\"batchsize\" is 0", "\"numPartitions\" is 0");
  }

  private static SqlJob load(Databases database, String sql, String keys) throws Exception {
    return run(database, sql, "tableName: people\n" + keys);
  }

  private static SqlJob run(Databases database, String sql, String keys) throws Exception {
    return SqlJob.run(
        view("rows", sql)
            + stage(
                "JDBCLoad",
                "inputView: rows, jdbcURL: \"" + database.url() + "\"\n" + keys + "\n"));
  }

  private static String quoted(Databases database, String name) {
    return "\"" + name + "\"";
  }

  @ParameterizedTest
  @EnumSource
  void whatATableThatIsMadeAnewLosesIsTold(Databases database) throws Exception {
    database.execute(
        "CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(20) DEFAULT 'x', amt NUMERIC(9, 2),"
            + " note VARCHAR(5))",
        "CREATE INDEX by_name ON people (name)",
        "INSERT INTO people VALUES (1, 'a', 1.5, 'n')");

    SqlJob job = load(database, "SELECT 2 AS id, 'b' AS name, 2.50 AS amt", "");

    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo(ErrorCode.LOST_IN_LOAD);
              assertThat(warning.message())
                  .containsIgnoringCase("the primary key (id)")
                  .containsIgnoringCase("the index by_name (name)")
                  .containsIgnoringCase("the default of 'name'")
                  .containsIgnoringCase("the column 'note'")
                  .containsIgnoringCase("the type of 'amt', which was NUMERIC(9, 2) and is ");
              assertThat(warning.remedy().toString()).contains("\"truncate\": true");
            });
    assertThat(database.rows("SELECT * FROM people")).containsExactly("2,b,2.50");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "transactional: false"})
  void aTableThatALoadMadeIsMadeAnewWithoutAWord(String keys) throws Exception {
    for (Databases database : Databases.values()) {
      String sql = TYPES.replace("TINYINT", "SMALLINT");
      load(database, sql, keys);
      assertThat(load(database, sql, keys).runWarnings()).isEmpty();
      assertThat(load(database, sql, "truncate: true, " + keys + "\n").runWarnings()).isEmpty();
    }
  }

  private static final String TYPES =
      "SELECT true AS b, CAST(1 AS TINYINT) AS t, CAST(2 AS SMALLINT) AS s, 3 AS i, 4L AS l,"
          + " CAST(0.5 AS FLOAT) AS f, 0.1D AS d, 1.25BD AS n, CAST(7 AS DECIMAL(20, 0)) AS m,"
          + " 'text' AS c, X'00ff' AS x, DATE '2024-02-29' AS day,"
          + " TIMESTAMP '2024-02-29 10:00:00.123' AS at, TIMESTAMP_NTZ '2024-02-29 10:00:00' AS loc";

  @Test
  void sqliteTakesEachTypeAgainInATableThatALoadMade(@TempDir Path folder) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("a.db");
    String load =
        stage(
            "JDBCLoad",
            "inputView: rows, tableName: t, saveMode: Append, jdbcURL: \"" + url + "\"");
    for (String mode : List.of("", ", transactional: false")) {
      String again = load.replace("Append", "Append" + mode);
      SqlJob.run(view("rows", TYPES) + again + again.replace("a JDBCLoad", "again"));
    }
    SqlJob.run(stage("JDBCExtract", "outputView: back, tableName: t, jdbcURL: \"" + url + "\""));
    assertThat(SqlJob.rows("SELECT count(*), min(b), min(t), min(l), min(n), min(c) FROM back"))
        .singleElement()
        .asString()
        .startsWith("[4,1,1,4,1.25");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", transactional: false"})
  void sqliteTruncatesByADelete(String keys, @TempDir Path folder) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("a.db");
    sqlite(url, "CREATE TABLE t (id BIGINT, name VARCHAR(9))", "INSERT INTO t VALUES (9, 'old')");
    SqlJob.run(
        view("rows", TWO)
            + stage(
                "JDBCLoad",
                "inputView: rows, tableName: t, truncate: true, jdbcURL: \"" + url + "\"" + keys));
    String made = "(SELECT *, (SELECT sql FROM sqlite_master) AS made FROM t) q";
    SqlJob.run(
        stage(
            "JDBCExtract",
            "outputView: back, jdbcURL: \"" + url + "\", tableName: \"" + made + "\""));
    assertThat(SqlJob.rows("SELECT id, name, made LIKE '%VARCHAR(9)%' FROM back ORDER BY id"))
        .containsExactly("[1,a,true]", "[2,b,true]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Append", "Append, transactional: false", "Overwrite, truncate: true"})
  void rowsThatSqliteReplacesAreTold(String mode, @TempDir Path folder) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("a.db");
    sqlite(
        url,
        "CREATE TABLE t (id INTEGER UNIQUE ON CONFLICT REPLACE, name TEXT)",
        "INSERT INTO t VALUES (9, 'old')");
    String load =
        stage(
            "JDBCLoad",
            "inputView: rows, tableName: t, jdbcURL: \"" + url + "\", saveMode: " + mode);
    assertThat(
            SqlJob.run(
                    view("rows", "SELECT 2 AS id, x AS name FROM VALUES ('n'), ('m') AS t(x)")
                        + load)
                .runWarnings())
        .singleElement()
        .satisfies(warning -> assertThat(warning.code()).isEqualTo(ErrorCode.LOST_IN_LOAD))
        .extracting(Problem::message)
        .asString()
        .contains("sent 2 rows", "the table 't' has 1 row more", "ON CONFLICT REPLACE");
    assertThat(SqlJob.run(view("rows", "SELECT 5 AS id, 'k' AS name") + load).runWarnings())
        .isEmpty();
  }

  private static void sqlite(String url, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** SQLite's integers have 64 bits, also in the column that counts rows, which must be INTEGER. */
  @Test
  void sqliteTakesLongNumbersIntoItsIntegers(@TempDir Path folder) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("a.db");
    sqlite(url, "CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, s SMALLINT)");
    SqlJob.run(
        view("rows", "SELECT 5000000000L AS id, 9007199254740993L AS n, 70000 AS s")
            + stage(
                "JDBCLoad",
                "inputView: rows, tableName: t, saveMode: Append, jdbcURL: \"" + url + "\"")
            + stage("JDBCExtract", "outputView: back, tableName: t, jdbcURL: \"" + url + "\""));
    assertThat(SqlJob.rows("SELECT * FROM back"))
        .containsExactly("[5000000000,9007199254740993,70000]");
  }

  @Test
  void whatATableOfSqliteThatIsMadeAnewLosesIsTold(@TempDir Path folder) throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("a.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(20) DEFAULT 'x')");
      statement.execute("CREATE INDEX by_name ON t (name)");
      statement.execute("CREATE TRIGGER fires AFTER INSERT ON t BEGIN SELECT 1; END");
    }
    String load =
        view("rows", "SELECT 5L AS id, 'y' AS name")
            + stage("JDBCLoad", "inputView: rows, tableName: t, jdbcURL: \"" + url + "\"");
    assertThat(SqlJob.run(load).runWarnings())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains(
            "the primary key (id)",
            "the index by_name (name)",
            "the default of 'name'",
            "the trigger fires",
            "the type of 'name', which was VARCHAR");
    assertThat(SqlJob.run(load).runWarnings()).isEmpty();
  }
}
