package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.Databases;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A value arrives in a database as it is, or the load names it. */
class JdbcValuesTest {

  /** Values that fit their columns of the table, and such that would be changed. */
  private static final String[][] VALUES = {
    {"i", "2.0", "1.9"},
    {"i", "7", "3000000000"},
    {"sm", "-32768", "32768"},
    {"n92", "1.990", "1.999"},
    {"n92", "1.5d", "double('NaN')"},
    {"vc", "'abc'", "'abc  '"},
    {"vc", "'äöü'", "'abcd'"},
    {"ts0", "timestamp'2020-01-01 10:00:00'", "timestamp'2020-01-01 10:00:00.6'"},
    {"d", "timestamp'2020-01-01 00:00:00'", "timestamp'2020-01-01 10:00:00'"},
    {"d", "date'1582-10-15'", "date'1582-10-10'"},
    {"dp", "9007199254740992", "9007199254740993"},
    {"dp", "double('NaN')", "cast('0.1234567890123456789' as decimal(38,20))"},
    {"r", "0.1d", "1e300d"},
  };

  @AfterEach
  void empty() throws SQLException {
    for (Databases database : Databases.values()) {
      database.empty();
    }
  }

  private static void load(Databases database, String sql, String keys) throws Exception {
    SqlJob.run(
        view("rows", sql)
            + stage(
                "JDBCLoad",
                "inputView: rows, tableName: t, jdbcURL: \"" + database.url() + "\"\n" + keys));
  }

  private static void makeTable(Databases database) throws SQLException {
    database.execute(
        "CREATE TABLE t (i INT, sm SMALLINT, n92 NUMERIC(9, 2), vc VARCHAR(3), ts0 TIMESTAMP(0),"
            + " d DATE, b BOOLEAN, r REAL, dp DOUBLE PRECISION)");
  }

  @ParameterizedTest
  @EnumSource
  void whatAColumnWouldChangeIsNotWritten(Databases database) throws Exception {
    makeTable(database);
    for (String[] value : VALUES) {
      String column = value[0];
      load(database, "select " + value[1] + " as " + column, "saveMode: Append");
      assertThatThrownBy(
              () -> load(database, "select " + value[2] + " as " + column, "saveMode: Append"))
          .as(value[2])
          .isInstanceOf(StageException.class)
          .hasMessageStartingWith(
              "JDBCLoad cannot write a value of the column '" + column + "' of inputView 'rows'")
          .hasMessageContaining("The first such value is ");
    }
    assertThat(database.rows("SELECT count(*) FROM t"))
        .containsExactly(String.valueOf(VALUES.length));
  }

  @ParameterizedTest
  @EnumSource
  void aTableThatStaysKeepsItsTypes(Databases database) throws Exception {
    makeTable(database);
    for (String keys : new String[] {"truncate: true", "truncate: true, transactional: false"}) {
      assertThatThrownBy(
              () ->
                  load(
                      database,
                      "select 1.9 as i, 1S as sm, 1.5 as n92, 'a' as vc, timestamp'2020-01-01"
                          + " 00:00:00' as ts0, date'2020-01-01' as d, true as b, 1f as r, 1d as"
                          + " dp",
                      keys))
          .hasMessageContaining("column 'i'")
          .hasMessageContaining("The first such value is 1.9.");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTypeThatTheJobGivesCounts(Databases database) throws Exception {
    load(database, "select 2.0 as a", "createTableColumnTypes: \"a INT\"");
    assertThat(database.rows("SELECT * FROM t")).containsExactly("2");
    assertThatThrownBy(() -> load(database, "select 2.5 as a", "createTableColumnTypes: \"a INT\""))
        .hasMessageContaining("it does not fit INT as it is");
  }

  @ParameterizedTest
  @EnumSource
  void aTableThatIsLeftAloneIsTold(Databases database) throws Exception {
    makeTable(database);
    SqlJob job =
        SqlJob.run(
            view("rows", "select 1 as i")
                + stage(
                    "JDBCLoad",
                    "inputView: rows, tableName: t, saveMode: Ignore, jdbcURL: \""
                        + database.url()
                        + "\""));
    assertThat(job.runWarnings())
        .extracting(Problem::code)
        .containsExactly(ErrorCode.NOTHING_WRITTEN);
  }

  @ParameterizedTest
  @EnumSource
  void aBooleanIsNoNumber(Databases database) throws Exception {
    makeTable(database);
    assertThatThrownBy(() -> load(database, "select true as i", "saveMode: Append"))
        .hasMessageContaining("it is BOOLEAN, and the table's is");
    load(database, "select true as b", "saveMode: Append");
  }

  @ParameterizedTest
  @EnumSource
  void aTextIsNoNumberAndNoBoolean(Databases database) throws Exception {
    makeTable(database);
    for (String column : new String[] {"i", "sm", "n92", "r", "dp", "b"}) {
      assertThatThrownBy(() -> load(database, "select '007' as " + column, "saveMode: Append"))
          .as(column)
          .isInstanceOf(StageException.class)
          .hasMessageContaining("JDBCLoad cannot write the column '" + column + "'")
          .hasMessageContaining("it is STRING, and the table's is ")
          .hasMessageContaining("Cast it in a SQLTransform");
    }
    assertThat(database.rows("SELECT * FROM t")).isEmpty();
  }

  private static String sqlite(Path folder, String table) throws SQLException {
    String url = "jdbc:sqlite:" + folder.resolve("a.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS t");
      statement.execute(table);
    }
    return url;
  }

  private static List<String> sqliteRows(String url, String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        rows.add(found.getString(1));
      }
      return rows;
    }
  }

  private static SqlJob loadSqlite(String url, String sql, String keys) throws Exception {
    return SqlJob.run(
        view("rows", sql)
            + stage(
                "JDBCLoad", "inputView: rows, tableName: t, jdbcURL: \"" + url + "\"\n" + keys));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'007' | INTEGER | INTEGER",
        "'1E3' | REAL | REAL",
        "'12345678901234567890' | NUMERIC(20) | NUMERIC(20)",
        "'yes' | BOOLEAN | BOOLEAN",
        "timestamp'2024-01-01 10:00:00' | TEXT | milliseconds since 1970 there, as a text",
        "timestamp'2024-01-01 10:00:00' | INTEGER | unix_millis(…);",
        "timestamp_ntz'2024-01-01 10:00:00' | VARCHAR(20) | cast(… AS STRING)",
        "date'2024-01-01' | TEXT | make the column DATE",
        "date'2024-01-01' | INTEGER | unix_millis(cast(… AS TIMESTAMP))",
        "true | TEXT | writes '1' and '0' there",
      })
  void sqliteIsGivenNothingThatItsColumnsMakeAnotherValueOf(
      String value, String type, String told, @TempDir Path folder) throws Exception {
    String url = sqlite(folder, "CREATE TABLE t (a " + type + ")");
    assertThatThrownBy(() -> loadSqlite(url, "select " + value + " as a", "saveMode: Append"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("JDBCLoad cannot write the column 'a' of inputView 'rows'")
        .hasMessageContaining("and the table's is " + type)
        .hasMessageContaining(told);
    assertThat(sqliteRows(url, "SELECT a FROM t")).isEmpty();
  }

  @Test
  void sqliteTakesTextsWhereTheyStayTexts(@TempDir Path folder) throws Exception {
    String url = sqlite(folder, "CREATE TABLE t (a, b TEXT, c DATE, d STRING)");
    loadSqlite(
        url, "select '007' as a, '007' as b, '2024-01-01' as c, 'x' as d", "saveMode: Append");
    assertThat(sqliteRows(url, "SELECT a || ' ' || b || ' ' || c || ' ' || d FROM t"))
        .containsExactly("007 007 2024-01-01 x");
    assertThatThrownBy(() -> loadSqlite(url, "select '007' as d", "saveMode: Append"))
        .hasMessageContaining("SQLite makes a number of it in a column of STRING")
        .hasMessageContaining("The first such value is 007.");
    String times = sqlite(folder, "CREATE TABLE t (a TEXT)") + "?date_class=TEXT";
    loadSqlite(times, "select timestamp'2024-01-01 10:00:00' as a", "saveMode: Append");
    assertThat(sqliteRows(times, "SELECT a FROM t")).containsExactly("2024-01-01 10:00:00.000");
  }

  @Test
  void aTimeWithoutAZoneIsNotMovedByTheClockOfThisMachine() throws Exception {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    try {
      assertThatThrownBy(
              () -> load(Databases.H2, "select timestamp_ntz'2020-06-01 10:00:00' as ts0", ""))
          .hasMessageContaining("another time of the clock of Europe/Berlin");
      load(Databases.POSTGRESQL, "select timestamp_ntz'2020-06-01 10:00:00' as n", "");
      assertThat(Databases.POSTGRESQL.rows("SELECT n::text FROM t"))
          .containsExactly("2020-06-01 10:00:00");
      assertThatThrownBy(
              () ->
                  load(Databases.POSTGRESQL, "select timestamp_ntz'2020-03-29 02:30:00' as n", ""))
          .hasMessageContaining("another time of the clock of Europe/Berlin");
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void numbersWithoutALimitAreReadWholeOrNamed() throws Exception {
    Databases.POSTGRESQL.execute(
        "CREATE TABLE n (id INT, n NUMERIC)",
        "INSERT INTO n VALUES (1, 0.5), (2, 0.1234567890123456789), (3, 'NaN'), (4, 1e30),"
            + " (5, NULL)");
    SqlJob.run(
        stage(
            "JDBCExtract",
            "outputView: seen, tableName: n, jdbcURL: \"" + Databases.POSTGRESQL.url() + "\""));
    assertThat(rows("select id, n from seen where id in (1, 5) order by id"))
        .containsExactly("[1,0.500000000000000000]", "[5,null]");
    for (int id = 2; id < 5; id++) {
      String query = "select n from seen where id = " + id;
      assertThatThrownBy(() -> rows(query))
          .hasMessageContaining("JDBCExtract cannot read a number of the column 'n'");
    }
    SqlJob.run(
        stage(
            "JDBCExtract",
            "outputView: seen, tableName: n, customSchema: \"n STRING\", jdbcURL: \""
                + Databases.POSTGRESQL.url()
                + "\""));
    assertThat(rows("select n from seen where id = 2")).containsExactly("[0.1234567890123456789]");
  }

  @Test
  void aMomentThatTheClockShowsTwiceNeedsAColumnWithAZone() throws Exception {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
    try {
      String first = "select timestamp'2024-10-27T00:30:00Z' as t";
      String second = "select timestamp'2024-10-27T01:30:00Z' as t";
      for (Databases database : Databases.values()) {
        database.execute("CREATE TABLE t (t TIMESTAMP)");
        load(database, first, "saveMode: Append");
        assertThatThrownBy(() -> load(database, second, "saveMode: Append"))
            .hasMessageContaining("the clock of Europe/Berlin shows that time twice");
        database.empty();
      }
      Databases.POSTGRESQL.execute("CREATE TABLE t (t TIMESTAMPTZ)");
      load(Databases.POSTGRESQL, second, "saveMode: Append");
      assertThat(Databases.POSTGRESQL.rows("SELECT t AT TIME ZONE 'UTC' FROM t"))
          .containsExactly("2024-10-27 01:30:00");
      assertThatThrownBy(() -> load(Databases.H2, second, ""))
          .as("a new table")
          .hasMessageContaining("shows that time twice");
    } finally {
      TimeZone.setDefault(before);
    }
  }

  @Test
  void daysBeforeTheCalendarOfH2AreNeitherWrittenNorRead() throws Exception {
    assertThatThrownBy(() -> load(Databases.H2, "select date'0099-01-01' as d", ""))
        .hasMessageContaining("H2 takes days before 1582-10-15 for others");
    load(Databases.POSTGRESQL, "select date'0099-01-01' as d", "");
    assertThat(Databases.POSTGRESQL.rows("SELECT d FROM t")).containsExactly("0099-01-01");
    Databases.H2.execute(
        "CREATE TABLE t (d DATE, n INT)",
        "INSERT INTO t VALUES (DATE '2020-01-01', 1), (DATE '0099-01-01', 2)");
    SqlJob.run(
        stage(
            "JDBCExtract",
            "outputView: seen, tableName: t, jdbcURL: \"" + Databases.H2.url() + "\""));
    assertThat(rows("select d from seen where n = 1")).containsExactly("[2020-01-01]");
    assertThatThrownBy(() -> rows("select d from seen where n = 2"))
        .hasMessageContaining("column 'D'");
  }

  @ParameterizedTest
  @EnumSource
  void aTableThatTheViewIsReadFromKeepsItsRows(Databases database) throws Exception {
    database.execute("CREATE TABLE t (i INT)", "INSERT INTO t VALUES (1), (2)");
    String url = ", jdbcURL: \"" + database.url() + "\"";
    String read = stage("JDBCExtract", "outputView: old, tableName: t" + url);
    String load =
        view("rows", "select i + 10 as i from old")
            + stage(
                "JDBCLoad",
                "inputView: rows, tableName: t, saveMode: Overwrite, transactional: false" + url);
    SqlJob.run(read + load);
    assertThat(database.rows("SELECT * FROM t ORDER BY 1")).containsExactly("11", "12");
    if (database == Databases.POSTGRESQL) {
      database.execute("CREATE VIEW w AS SELECT i FROM t");
      SqlJob.run(
          read.replace("tableName: t", "tableName: w")
              + load.replace("transactional: false", "transactional: false, truncate: true"));
      assertThat(database.rows("SELECT i FROM t ORDER BY 1")).containsExactly("21", "22");
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfOtherTablesAreNotDeletedAlong(Databases database) throws Exception {
    database.execute(
        "CREATE TABLE t (i INT PRIMARY KEY)",
        "CREATE TABLE child (i INT REFERENCES t(i) ON DELETE CASCADE)",
        "INSERT INTO t VALUES (1)",
        "INSERT INTO child VALUES (1)");
    assertThatThrownBy(() -> load(database, "select 1 as i", "saveMode: Overwrite"))
        .hasMessageContaining("ON DELETE CASCADE")
        .hasMessageContaining("JDBCExecute");
    load(database, "select 2 as i", "saveMode: Append");
    assertThat(database.rows("SELECT count(*) FROM child")).containsExactly("1");
  }
}
