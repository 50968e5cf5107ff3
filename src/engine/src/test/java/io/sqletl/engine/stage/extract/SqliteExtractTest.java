package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.jdbc.Databases;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of which a driver would make others are read as they are, or told. */
class SqliteExtractTest {

  @TempDir Path directory;

  private String url() {
    return "jdbc:sqlite:" + directory.resolve("a.db");
  }

  private void table(String columns, String... rows) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (" + columns + ")");
      for (String row : rows) {
        statement.execute("INSERT INTO t VALUES (" + row + ")");
      }
    }
  }

  private SqlJob extract() throws Exception {
    return extract("t");
  }

  private SqlJob extract(String table) throws Exception {
    return SqlJob.run(
        stage(
            "JDBCExtract",
            "outputView: v, jdbcURL: \"" + url() + "\", tableName: \"" + table + "\""));
  }

  @Test
  void wholeNumbersAreAsLongAsTheyHaveToBe() throws Exception {
    table(
        "id INTEGER, small INTEGER, amount DECIMAL(10, 2), ok BOOLEAN, x REAL",
        "1, 7, 1.25, 1, 0.5",
        "1709200800123, NULL, 3, 0, 2",
        "-3000000000, 8, NULL, NULL, NULL");
    extract();
    assertThat(rows("select id, small from v order by id"))
        .containsExactly("[-3000000000,8]", "[1,7]", "[1709200800123,null]");
    assertThat(spark().table("v").schema().apply("small").dataType().simpleString())
        .isEqualTo("int");
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "float(24)", "FLOAT8", "REAL", "DOUBLE", "DOUBLE PRECISION"})
  void numbersWithAFractionHaveAllTheirBits(String type) throws Exception {
    table("id INTEGER, f " + type, "1, 123456789.12", "2, 16777217", "3, 0.1", "4, NULL");
    extract();
    assertThat(rows("select f, typeof(f) from v order by id"))
        .containsExactly(
            "[1.2345678912E8,double]", "[1.6777217E7,double]", "[0.1,double]", "[null,double]");
  }

  @Test
  void aColumnWithoutValuesIsOfItsType() throws Exception {
    table("f FLOAT, g FLOAT8", "NULL, NULL");
    extract();
    assertThat(spark().table("v").schema().toDDL()).isEqualTo("f DOUBLE,g DOUBLE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CHAR(5)", "NCHAR(5)", "CHARACTER(5)", "char(1)", "VARCHAR(5)"})
  void textsAreNotPadded(String type) throws Exception {
    table("c " + type, "'DE'");
    extract();
    assertThat(rows("select concat('<', c, '>') from v where c = 'DE'")).containsExactly("[<DE>]");
  }

  @Test
  void aDecimalOfManyDigitsIsItself() throws Exception {
    table("n DECIMAL(38, 18)", "12345678901234567", "0.5");
    extract();
    assertThat(rows("select cast(n as string) from v"))
        .containsExactlyInAnyOrder(
            "[12345678901234567.000000000000000000]", "[0.500000000000000000]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "INTEGER | 'abc'",
        "INTEGER | 2.5",
        "INTEGER | ''",
        "BIGINT | '7 kg'",
        "BOOLEAN | 'true'",
        "BOOLEAN | 2",
        "REAL | 'n/a'",
        "FLOAT | '12,5'",
        "float(24) | 'n/a'",
        "FLOAT8 | 'n/a'",
        "DOUBLE | '1.234,50'",
        "DOUBLE PRECISION | 'n/a'",
        "TINYINT | 'n/a'",
        "SMALLINT | 'n/a'",
        "MEDIUMINT | 'n/a'",
        "NUMERIC | 'n/a'",
        "NUMERIC(9, 2) | '12,5'",
        "DECIMAL | 'n/a'",
        "DECIMAL(10, 2) | 'n/a'",
        "DATE | 'n/a'",
        "TIMESTAMP | 'n/a'",
        "DECIMAL(10, 2) | 123.456"
      })
  void aValueBesideItsTypeIsRefused(String type, String value) throws Exception {
    table("id INTEGER, c " + type, "1, " + value);
    assertThatThrownBy(this::extract)
        .hasMessageContaining("The column 'c' of SQLite is")
        .hasMessageContaining(
            "1 row holds something else, such as '" + value.replace("'", "") + "'")
        .hasMessageContaining("Read the column as text");
  }

  @Test
  void digitsOfSecondsThatAreNotReadAreTold() throws Exception {
    Databases.H2.execute(
        "DROP TABLE IF EXISTS fractions",
        "CREATE TABLE fractions (t TIME(6), n TIMESTAMP(9), u TIMESTAMP(6), f DECFLOAT(20))",
        "INSERT INTO fractions VALUES ('10:00:00.123456', '2024-01-01 10:00:00.123456789',"
            + " '2024-01-01 10:00:00.123456', 2)");
    String keys = "outputView: v, jdbcURL: \"" + Databases.H2.url() + "\", tableName: fractions";
    assertThat(SqlJob.run(stage("JDBCExtract", keys)).runWarnings())
        .extracting(Problem::message)
        .satisfiesExactly(
            message -> assertThat(message).contains("'T' is TIME", "6 digits", "3 of them"),
            message -> assertThat(message).contains("'N' is TIMESTAMP", "9 digits", "6 of them"));
    for (String whole : new String[] {"12345678901234567890", "-1.5E3", "3E19"}) {
      Databases.H2.execute("UPDATE fractions SET f = " + whole);
      SqlJob.run(stage("JDBCExtract", keys));
      assertThat(rows("select f from v"))
          .containsExactly("[" + new BigDecimal(whole).toPlainString() + "]");
    }
    Databases.H2.execute("UPDATE fractions SET f = 1.1");
    SqlJob.run(stage("JDBCExtract", keys));
    assertThatThrownBy(() -> rows("select f from v")).hasStackTraceContaining("'F'");
    Databases.H2.execute("UPDATE fractions SET f = 1E-9");
    SqlJob.run(stage("JDBCExtract", keys));
    assertThatThrownBy(() -> rows("select f from v")).hasStackTraceContaining("'F'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "TIMESTAMP | '2024-07-01 10:00:00.123' | [2024-07-01 10:00:00.123]",
        "TIMESTAMP | '2024-07-01 10:00:00.123456' |",
        "TIMESTAMP | '2024-07-01 10:00:00' | [2024-07-01 10:00:00.0]",
        "TIMESTAMP | '2024-02-31 10:00:00' |",
        "TIMESTAMP | '2024-07-01 10:00' |",
        "DATETIME | '2024-07-01 10:00:00.123' | [2024-07-01 10:00:00.123]",
        "DATETIME(3) | '2024-07-01 10:00:00' | [2024-07-01 10:00:00.0]",
        "datetime | 1719828000123 | [2024-07-01 10:00:00.123]",
        "DATETIME | '2024-07-01' |",
        "DATE | '2024-07-01' |",
        "DATE | '2024-07-01 00:00:00.000' | [2024-07-01]",
        "DATE | '2024-07-01 10:00:00.000' |",
        "NUMERIC | 0.1 | [0.100000000000000000]",
        "NUMERIC | 1.0 / 3 |",
        "JSON | '{}' | [{}]",
        "TEXT | 'x' | [x]",
        "TEXT | '�' | [�]",
        "TEXT | x'ff00' |",
        "TEXT | cast(x'5afc72696368' as text) |"
      })
  void whatTheDriverWouldTakeForAnotherIsNamed(String type, String value, String expected)
      throws Exception {
    table("c " + type, value);
    if (expected == null) {
      assertThatThrownBy(this::extract)
          .hasMessageContaining("column 'c' of SQLite")
          .hasMessageContaining(type.equals("TEXT") ? "hex(c)" : "CAST(… AS TEXT)");
    } else {
      extract();
      assertThat(rows("select * from v")).containsExactly(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "x / 3 | double | [0.8333333333333334]",
        "count(*) | bigint | [2]",
        "total(id) * 1e15 | double | [3.0E15]",
        "9007199254740993 | bigint | [9007199254740993]",
        "group_concat(id) | string | [1,2]",
        "CAST(min(id) AS TEXT) | string | [1]",
        "CAST(x AS NUMERIC) | double | [2.5]",
        "max(any) | string | [z]",
        "x'00ff' | binary | [AP8=]",
        "NULL | decimal(38,18) | [null]"
      })
  void whatHasNoTypeIsReadAsWhatItHolds(String expression, String type, String expected)
      throws Exception {
    table("id INTEGER, x REAL, any", "1, 2.5, 'z'", "2, 2.5, 7");
    extract("(select " + expression + " c from t group by x) q");
    assertThat(spark().table("v").schema().apply("c").dataType().simpleString()).isEqualTo(type);
    String shown = type.equals("binary") ? "base64(c)" : "c";
    assertThat(rows("select " + shown + " from v")).containsExactly(expected);
  }

  @Test
  void whatHasSeveralKindsAndNoTypeIsRefusedWithARemedyThatWorks() throws Exception {
    table("a, b", "'z', 9007199254740993", "7, 0.5", "NULL, NULL");
    assertThatThrownBy(this::extract)
        .hasMessageContaining("The column 'a' of SQLite has no type")
        .hasMessageContaining(
            "1 row holds text, such as 'z'; 1 row holds a whole number. Make one kind")
        .hasMessageContaining("CAST(… AS TEXT)");
    extract("(select CAST(a AS TEXT) a from t) q");
    assertThat(rows("select a from v order by a nulls first"))
        .containsExactly("[null]", "[7]", "[z]");
    assertThatThrownBy(() -> extract("(select b from t) q"))
        .hasMessageContaining(
            "a whole number, 1 beyond 2^53; 1 row holds a number with a fraction");
    extract(
        "(select CASE typeof(b) WHEN 'real' THEN printf('%!.17g', b) ELSE CAST(b AS TEXT) END b"
            + " from t where b is not null) q");
    assertThat(rows("select b from v order by b")).containsExactly("[0.5]", "[9007199254740993]");
  }

  @Test
  void aDatetimeThatIsReadAsADateIsTold() throws Exception {
    table("c DATETIME", "'2024-07-01 10:00:00'");
    assertThat(
            SqlJob.run(
                    stage(
                        "JDBCExtract",
                        "outputView: v, tableName: t, customSchema: \"c DATE\", jdbcURL: \""
                            + url()
                            + "\""))
                .runWarnings())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("'c' is DATETIME in the database and is read as DATE");
  }

  @Test
  void aFileThatIsNotThereIsNotMade() {
    assertThatThrownBy(this::extract)
        .hasMessage(
            "There is no SQLite file "
                + directory.resolve("a.db")
                + ". Correct \"jdbcURL\"; only a load makes a file that is not there.");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void secondsSince1970AreTold() throws Exception {
    table("c TIMESTAMP", "1719828000");
    assertThat(extract().runWarnings())
        .extracting(Problem::remedy)
        .containsExactly("if they are seconds, add ?date_precision=SECONDS to \"jdbcURL\"");
    String url = url() + "?date_precision=SECONDS";
    assertThat(
            SqlJob.run(
                    stage("JDBCExtract", "outputView: v, jdbcURL: \"" + url + "\", tableName: t"))
                .runWarnings())
        .isEmpty();
    assertThat(rows("select unix_timestamp(c) from v")).containsExactly("[1719828000]");
  }

  @Test
  void timesAreComparedAsTimes() throws Exception {
    table("ts TIMESTAMP, id INTEGER", "'2024-07-01 10:00:00.000', 1", "1719914400000, 2");
    extract();
    assertThat(rows("select id from v where ts = timestamp'2024-07-01 10:00:00'"))
        .containsExactly("[1]");
    assertThat(rows("select id from v where ts > timestamp'2024-07-01 00:00:00' order by id"))
        .containsExactly("[1]", "[2]");
  }

  @Test
  void aTypeThatCutsIsTold() throws Exception {
    table("f REAL, n DECIMAL(10, 2), id INTEGER", "2.75, 1.5, 1");
    SqlJob job =
        SqlJob.run(
            stage(
                "JDBCExtract",
                "outputView: v, jdbcURL: \""
                    + url()
                    + "\", tableName: t, customSchema: \"f INT, n DECIMAL(12, 2), other INT\""));
    assertThat(job.runWarnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("'f' is REAL in the database and is read as INT", "no column 'other'")
        .doesNotContain("'n'");
    assertThat(rows("select n from v")).containsExactly("[1.50]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Overwrite", "Append", "ErrorIfExists"})
  void aNewTableIsMade(String mode) throws Exception {
    SqlJob.run(
        view("rows", "select 1 as id, 'x' as s")
            + stage(
                "JDBCLoad",
                "inputView: rows, tableName: t, saveMode: "
                    + mode
                    + ", jdbcURL: \""
                    + url()
                    + "\""));
    extract();
    assertThat(rows("select * from v")).containsExactly("[1,x]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "DOUBLE | double('NaN') | NULL of NaN",
        "DECIMAL(30, 2) | cast('12345678901234567890.12' as decimal(30, 2)) | as a double",
        "TIMESTAMP | timestamp'2024-01-01 10:00:00.123456' | milliseconds",
        "DECIMAL(30, 2) | cast('1234567890.12' as decimal(30, 2)) |",
        "TEXT | '12345678901234567890.12' |"
      })
  void whatSqliteWouldChangeIsNotWritten(String type, String value, String reason)
      throws Exception {
    table("c " + type);
    String job =
        view("rows", "select " + value + " as c")
            + stage(
                "JDBCLoad",
                "inputView: rows, tableName: t, saveMode: Append, jdbcURL: \"" + url() + "\"");
    if (reason == null) {
      SqlJob.run(job);
    } else {
      assertThatThrownBy(() -> SqlJob.run(job)).hasMessageContaining(reason);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "d DATE, 19737, true",
    "d DATE, 20240115, true",
    "d DATETIME, 20240115, true",
    "d DATE, 1705276800000, false",
    "d DATE, 0, false",
    "d DATE, NULL, false"
  })
  void numbersThatAreNoMillisecondsAreTold(String column, String value, boolean isTold)
      throws Exception {
    table(column, value);
    assertThat(extract().runWarnings().stream().map(Problem::message).toList())
        .hasSize(isTold ? 1 : 0)
        .allMatch(
            message ->
                message.endsWith(
                    "the column 'd' of SQLite holds numbers such as "
                        + value
                        + ", which its driver takes for milliseconds since 1970, so that they are"
                        + " hours of its first days"));
  }
}
