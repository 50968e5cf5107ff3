package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that a trigger or a key of a table leaves out as a load adds them. */
class LeftOutRowsTest {

  private static final String TWO = "SELECT * FROM VALUES (1, 'a'), (2, 'b') AS t(id, name)";

  @TempDir Path folder;

  @AfterEach
  void empty() throws SQLException {
    for (Databases database : Databases.values()) {
      database.empty();
    }
  }

  private static void append(String url, String keys) throws Exception {
    SqlJob.run(
        view("rows", TWO)
            + stage(
                "JDBCLoad",
                "inputView: rows, tableName: people, saveMode: Append, jdbcURL: \""
                    + url
                    + "\""
                    + keys));
  }

  private String sqlite(String... statements) throws SQLException {
    String url = "jdbc:sqlite:" + folder.resolve("a.db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
    return url;
  }

  @Test
  void nothingIsWrittenWhereATriggerOfSqliteLeavesRowsOut() throws Exception {
    String url =
        sqlite(
            "CREATE TABLE people (id INTEGER, name TEXT)",
            "CREATE TRIGGER tr BEFORE INSERT ON people WHEN new.id = 2 BEGIN SELECT"
                + " raise(IGNORE); END",
            "INSERT INTO people VALUES (9, 'old')");
    assertRefused(url, "");
    assertThat(ids(url)).containsExactly(9);
  }

  @Test
  void nothingIsWrittenWhereAKeyOfSqliteLeavesRowsOut() throws Exception {
    String url =
        sqlite(
            "CREATE TABLE people (id INTEGER UNIQUE ON CONFLICT IGNORE, name TEXT)",
            "INSERT INTO people VALUES (2, 'old')");
    assertRefused(url, "");
    assertThat(ids(url)).containsExactly(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ", saveMode: Overwrite, truncate: true"})
  void nothingIsWrittenWhereATriggerOfPostgresqlLeavesRowsOut(String keys) throws Exception {
    Databases database = Databases.POSTGRESQL;
    database.execute(
        "CREATE TABLE people (id INT, name TEXT)",
        "INSERT INTO people VALUES (9, 'old')",
        "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER tr BEFORE INSERT ON people FOR EACH ROW WHEN (NEW.id = 2) EXECUTE FUNCTION"
            + " skip()");
    assertRefused(database.url(), keys);
    assertThat(database.rows("SELECT * FROM people")).containsExactly("9,old");
    assertThat(database.tables()).containsExactly("people");
  }

  private static void assertRefused(String url, String keys) {
    assertThatThrownBy(() -> append(url, keys))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("source has 2 records and target created 1 records. The load was")
        .hasMessageContaining("A trigger or rule of the table, or ON CONFLICT IGNORE");
  }

  private static List<Integer> ids(String url) throws SQLException {
    List<Integer> ids = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id FROM people")) {
      while (rows.next()) {
        ids.add(rows.getInt(1));
      }
    }
    return ids;
  }
}
