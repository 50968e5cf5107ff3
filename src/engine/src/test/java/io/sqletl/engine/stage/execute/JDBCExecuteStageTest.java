package io.sqletl.engine.stage.execute;

import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JDBCExecuteStageTest {

  private static final String URL = "jdbc:h2:mem:ledger";

  @TempDir Path folder;
  private Connection database;

  @BeforeEach
  void open() throws SQLException {
    database = DriverManager.getConnection(URL, "etl", "hunter2");
  }

  @AfterEach
  void close() throws SQLException {
    database.close();
  }

  @Test
  void runsStatementsWithParametersAndProperties() throws Exception {
    String params = ", params: {user: etl, password: hunter2}";
    execute("CREATE TABLE ${table} (id INT)", URL, params + ", sqlParams: {table: entries}");
    SqlJob job = execute("INSERT INTO entries VALUES (1), (2)", URL, params);
    assertThat(job.detail())
        .containsEntry("driver", "org.h2.Driver")
        .containsEntry("jdbcURL", URL)
        .containsEntry("sql", "INSERT INTO entries VALUES (1), (2)")
        .containsEntry("params", Map.of("user", "etl", "password", "*****"));
    try (Statement statement = database.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM entries")) {
      rows.next();
      assertThat(rows.getInt(1)).isEqualTo(2);
    }
  }

  @Test
  void sqliteRunsAllStatementsOfAFile() throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("a.db");
    execute(
        """
        CREATE TABLE t (id INT UNIQUE, name TEXT); -- with; a comment
        INSERT INTO t VALUES (1, 'a;b');
        CREATE TRIGGER twice AFTER INSERT ON t WHEN new.id = 5
        BEGIN
          INSERT INTO t VALUES (6, 'by; trigger');
          SELECT 1;
        END;
        INSERT INTO t VALUES (5, 'c')
        """,
        url,
        "");
    assertThatThrownBy(
            () -> execute("SELECT 1; INSERT INTO t VALUES (7, 'd'), (1, 'twice')", url, ""))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("UNIQUE constraint failed: t.id");
    try (Connection sqlite = DriverManager.getConnection(url);
        Statement statement = sqlite.createStatement();
        ResultSet rows = statement.executeQuery("SELECT group_concat(id || name) FROM t")) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo("1a;b,5c,6by; trigger");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table a (i int);\nbegin; insert into a values (1);",
        "-- first\nBEGIN TRANSACTION;\nINSERT INTO a VALUES ('COMMIT;') -- COMMIT;",
        "SELECT 1;\nStart Transaction Isolation Level Serializable; DELETE FROM a",
        "SELECT 1;\nBEGIN; SELECT $$;COMMIT;$$; ROLLBACK TO SAVEPOINT s",
        "SELECT 1;\nBEGIN; COMMIT AND CHAIN; DELETE FROM a",
        "SELECT 1;\nBEGIN; CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END;",
      })
  void aTransactionThatIsNotEndedIsRefusedBeforeTheRun(String sql) throws IOException {
    assertThat(SqlJob.problems(stages(sql, URL, "")))
        .singleElement()
        .extracting(Problem::headline)
        .asString()
        .contains("line 2 of ", "begins a transaction", "add COMMIT;");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BEGIN; INSERT INTO a VALUES (1); COMMIT;",
        "begin immediate; delete from a; end transaction",
        "BEGIN; DELETE FROM a; ROLLBACK",
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; SELECT 1; END;",
        "BEGIN; CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END; COMMIT",
        "BEGIN proc(1); END;",
        "SELECT E'it\\'s; BEGIN; '",
        "DO $$ BEGIN PERFORM 1; END $$",
        "CREATE FUNCTION f() RETURNS int AS $body$ BEGIN; RETURN 1; END $body$ LANGUAGE plpgsql",
        "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO a VALUES (1); END",
        "SELECT 'it''s; BEGIN'; /* ; BEGIN; */ SELECT \"; BEGIN;\"",
      })
  void transactionsThatEndAndBodiesOfProceduresAreNone(String sql) throws IOException {
    assertThat(SqlJob.problems(stages(sql, URL, ""))).isEmpty();
  }

  @Test
  void aQueryFailsWithItsFirstRow() {
    assertThatThrownBy(() -> execute("SELECT 1 / x FROM (VALUES (0)) AS t(x)", URL, credentials()))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("Division by zero");
  }

  @Test
  void userAndPasswordMayBeKeys() throws Exception {
    SqlJob job = execute("SELECT 1", URL, ", user: etl, password: hunter2");
    assertThat(job.detail()).containsEntry("params", Map.of("user", "etl", "password", "*****"));
  }

  @Test
  void aWrongPasswordFails() {
    assertThatThrownBy(() -> execute("SELECT 1", URL, ", user: etl, password: wrong"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("Wrong user name or password");
  }

  @Test
  void aMissingDatabaseFails() {
    String url = "jdbc:h2:" + folder.resolve("none") + ";IFEXISTS=TRUE;PASSWORD=hunter2";
    assertThatThrownBy(() -> execute("SELECT 1", url, ""))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("none\" not found");
  }

  @Test
  void secretsReachNeitherDetailNorError() throws Exception {
    String url = URL + ";USER=etl;Password=hunter2;DB_CLOSE_DELAY=0";
    SqlJob job = execute("SELECT 1", url, "");
    assertThat(job.detail())
        .containsEntry("jdbcURL", URL + ";USER=etl;Password=*****;DB_CLOSE_DELAY=0");
    assertThatThrownBy(
            () ->
                execute(
                    "CREATE USER u PASSWORD '${user_password}' NONSENSE",
                    url + ";NO_SUCH_SETTING=1",
                    ", sqlParams: {user_password: \"swordfish\"}"))
        .satisfies(JDBCExecuteStageTest::hasNoSecrets);
    assertThatThrownBy(
            () ->
                execute(
                    "CREATE USER u PASSWORD '${user_password}' NONSENSE",
                    url,
                    ", sqlParams: {user_password: \"swordfish\"}"))
        .hasMessageContaining("NONSENSE")
        .satisfies(JDBCExecuteStageTest::hasNoSecrets);
  }

  @Test
  void aMissingDriverIsReportedBeforeTheRun() throws IOException {
    assertThat(problems("jdbc:nosuch://h/db?password=hunter2", ""))
        .startsWith(
            "job.conf line 3: Invalid driver for ('jdbc:nosuch://h/db?password=*****')."
                + " Available JDBC drivers: [")
        .contains("org.h2.Driver")
        .contains("add the jar of the database's driver: ETL_CLASSPATH=DRIVER.jar ./etl run …")
        .doesNotContain("hunter2");
    assertThat(problems(URL, "\nparams: {\n  driver: com.nosuch.Driver}"))
        .isEqualTo(
            "job.conf line 5: The driver com.nosuch.Driver is not on the class path; add its jar,"
                + " ETL_CLASSPATH=DRIVER.jar ./etl run …; or leave \"driver\" out"
                + " [INVALID_VALUE]");
    assertThat(problems(URL, "\nparams: {\n  driver: org.mariadb.jdbc.Driver}"))
        .contains("add the jar of org.mariadb.jdbc:mariadb-java-client (Maven Central)");
  }

  @ParameterizedTest
  @CsvSource({
    "mysql://h/d, com.mysql:mysql-connector-j",
    "MariaDB://h/d, org.mariadb.jdbc:mariadb-java-client",
    "sqlserver://h, com.microsoft.sqlserver:mssql-jdbc",
    "oracle:thin:@h:1521/x, com.oracle.database.jdbc:ojdbc11",
  })
  void theJarOfAMissingDriverIsNamed(String url, String artifact) throws IOException {
    assertThat(problems("jdbc:" + url, ""))
        .endsWith(
            "correct the URL, or add the jar of "
                + artifact
                + " (Maven Central): ETL_CLASSPATH="
                + artifact.substring(artifact.indexOf(':') + 1)
                + "-VERSION.jar ./etl run … [INVALID_VALUE]");
  }

  @Test
  void aDriverThatSaysNothingIsPutIntoWords() throws Exception {
    Driver silent =
        (Driver)
            Proxy.newProxyInstance(
                Driver.class.getClassLoader(),
                new Class<?>[] {Driver.class},
                (proxy, method, given) ->
                    switch (method.getName()) {
                      case "acceptsURL" -> given[0].toString().startsWith("jdbc:silent:");
                      case "connect" -> {
                        if (given[0].toString().startsWith("jdbc:silent:")) {
                          throw new SQLException(null, new EOFException());
                        }
                        yield null;
                      }
                      case "equals" -> proxy == given[0];
                      case "toString" -> "a silent driver";
                      default -> 0;
                    });
    DriverManager.registerDriver(silent);
    try {
      assertThatThrownBy(() -> execute("SELECT 1", "jdbc:silent:", ""))
          .hasMessage("it ends before it is complete");
    } finally {
      DriverManager.deregisterDriver(silent);
    }
  }

  @Test
  void parametersAreCheckedBeforeTheRun() throws IOException {
    assertThat(problems(URL, ", sqlParams: {table: t}"))
        .contains("No placeholder found for parameter: 'table'");
  }

  private static String credentials() {
    return ", params: {user: etl, password: hunter2}";
  }

  private static void hasNoSecrets(Throwable exception) {
    StringWriter trace = new StringWriter();
    exception.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("hunter2").doesNotContain("swordfish");
  }

  private SqlJob execute(String sql, String url, String keys) throws Exception {
    return SqlJob.run(stages(sql, url, keys));
  }

  private String problems(String url, String keys) throws IOException {
    return SqlJob.problems(stages("SELECT 1", url, keys)).stream()
        .map(Problem::headline)
        .reduce((first, second) -> first + "\n" + second)
        .orElse("");
  }

  private String stages(String sql, String url, String keys) throws IOException {
    Path file = Files.writeString(folder.resolve("statement.sql"), sql);
    return stage("JDBCExecute", "jdbcURL: \"" + url + "\", inputURI: \"" + file + "\"" + keys);
  }
}
