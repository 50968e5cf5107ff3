package io.sqletl.engine.stage.extract;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeltaLakeHistoryExtractStageTest {

  @TempDir private static Path folder;

  @BeforeAll
  static void load() throws Exception {
    String days =
        "(1, 'a', DATE'2026-01-01', 1), (1, 'b', DATE'2026-02-01', 1), (2, 'x', DATE'2026-01-01', 1),"
            + " (2, 'D', DATE'2026-03-01', 1), (3, 'y', DATE'2026-02-15', 1)";
    String deletes = ", deleteWhen: \"name = 'D'\"";
    load("days", days, "exceptColumns: [n, at], sequenceBy: at" + deletes);
    load("newest", days, "exceptColumns: [n], sequenceBy: at, historyType: 1" + deletes);
    load(
        "starts",
        "(1, 'a', 1.5BD, 1), (1, 'b', 2.5BD, 1), (2, 'x', 1.5BD, 1), (2, 'D', 3.5BD, 1),"
            + " (3, 'y', 3.0BD, 1)",
        "exceptColumns: [n], sequenceBy: at, onDelete: tombstone, validTo: off, isCurrent: off,"
            + " validFrom: off, isDeleted: gone"
            + deletes);
    load(
        "times",
        "(1, 'a', TIMESTAMP'2026-01-01 00:00:00', 1), (1, 'b', TIMESTAMP'2026-02-01 12:00:00', 1)",
        "exceptColumns: [n, at], sequenceBy: at, validTo: until, isCurrent: off,"
            + " openEnd: \"9999-12-31 00:00:00\","
            + " tableProperties: {\"delta.columnMapping.mode\": name}");
    load(
        "several",
        "(1, 'a', DATE'2026-01-01', 1), (1, 'b', DATE'2026-01-01', 2), (1, 'c', DATE'2026-02-01', 1)",
        "sequenceBy: [at, n]");
    SqlJob.run(
        view("plain", "SELECT 1 AS id, 1 AS valid_from, 2 AS valid_to, true AS is_current")
            + stage("DeltaLakeLoad", "inputView: plain, outputURI: \"" + table("plain") + "\""));
  }

  private static void load(String table, String values, String keys) throws Exception {
    SqlJob.run(
        view("changes", "SELECT * FROM VALUES " + values + " AS t(id, name, at, n)")
            + stage(
                "DeltaLakeHistoryLoad",
                "inputView: changes, generateSymlinkManifest: false, keys: id, outputURI: \""
                    + table(table)
                    + "\"\n"
                    + keys));
  }

  private static String table(String name) {
    return folder.resolve(name).toString();
  }

  private static String extract(String table, String keys) {
    return stage(
        "DeltaLakeHistoryExtract",
        "outputView: history, inputURI: \"" + table(table) + "\"\n" + keys);
  }

  private static List<String> names(String table, String keys) throws Exception {
    SqlJob.run(extract(table, keys));
    return rows("SELECT concat(id, name) AS name FROM history ORDER BY name").stream()
        .map(row -> row.substring(1, row.length() - 1))
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          days    | asOf: 2025-12-31            |
          days    | asOf: 2026-01-01            | 1a 2x
          days    | asOf: 2026-01-31            | 1a 2x
          days    | asOf: "DATE '2026-02-01'"   | 1b 2x
          days    | asOf: [2026-02-15]          | 1b 2x 3y
          days    | asOf: 2026-03-01            | 1b 3y
          days    | asOf: 9999-12-31            | 1b 3y
          days    | versions: current           | 1b 3y
          days    | versions: all               | 1a 1b 2x 3y
          days    |                             | 1a 1b 2x 3y
          starts  | asOf: 1                     |
          starts  | asOf: 2.4                   | 1a 2x
          starts  | asOf: 3.4                   | 1b 2x 3y
          starts  | asOf: 3.5                   | 1b 3y
          starts  | versions: current           | 1b 3y
          times   | asOf: 2026-02-01            | 1a
          times   | asOf: "2026-02-01 11:59:59.999999" | 1a
          times   | asOf: "2026-02-01T12:00:00Z"       | 1b
          times   | asOf: "2026-02-01 13:59:59+02:00"  | 1a
          times   | asOf: "2026-02-01 14:00:00+02:00"  | 1b
          times   | versions: current           | 1b
          several | asOf: [2026-01-01, 0]       |
          several | asOf: [2026-01-01, 1]       | 1a
          several | asOf: [2026-01-31, 7]       | 1b
          several | asOf: [2026-02-01, 1]       | 1c
          several | versions: current           | 1c
          newest  | versions: current           | 1b 3y
          """)
  void versionsAreThoseThatHeld(String table, String keys, String expected) throws Exception {
    assertThat(names(table, keys == null ? "" : keys))
        .containsExactly(expected == null ? new String[0] : expected.split(" "));
  }

  @Test
  void rowsHaveTheColumnsOfTheTable() throws Exception {
    SqlJob job = SqlJob.run(extract("starts", "asOf: 2, persist: true"));
    assertThat(rows("SELECT * FROM history WHERE id = 1")).containsExactly("[1,a,1.5,false]");
    assertThat(SqlJob.spark().table("history").columns())
        .containsExactly("id", "name", "at", "gone");
    assertThat(job.detail()).containsEntry("records", 2L).containsKeys("input", "commit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          newest  | asOf: 2026-01-01              | keeps only the newest of each thing
          plain   | versions: current             | is no history: it lacks the property "sqletl.history"
          nowhere | versions: current             | does not contain any fields and no schema
          days    | asOf: "2026-01-01 12:00"      | ordered by a date: give a day such as 2026-01-31
          days    | asOf: 5                       | ordered by a date
          days    | asOf: now                     | ordered by a date
          starts  | asOf: 2026-01-01              | ordered by a decimal(2,1)
          starts  | asOf: 2.55                    | ordered by a decimal(2,1)
          several | asOf: 2026-01-01              | ordered by 2 columns: at (date), n (int). Give a list
          days    | asOf: [2026-01-01, 1]         | ordered by one column. Give one value.
          """)
  void whatCannotBeAnsweredIsRefused(String table, String keys, String message) {
    assertThatThrownBy(() -> SqlJob.run(extract(table, keys)))
        .isInstanceOf(StageException.class)
        .hasMessageContaining(message);
  }

  @Test
  void keysThatExcludeEachOtherAreRefusedBeforeTheRun() {
    assertThat(SqlJob.problems(extract("days", "asOf: 2026-01-01, versions: all")))
        .extracting(Problem::message)
        .containsExactly(
            "\"asOf\" and \"versions\" exclude each other: one moment has one version of a thing");
    assertThat(SqlJob.problems(extract("days", "asOf: 2026-02-30")))
        .extracting(Problem::message)
        .containsExactly("\"asOf\" is \"2026-02-30\", and there is no such day or time");
    assertThat(SqlJob.problems(extract("days", "asOf: \"\"")))
        .extracting(Problem::message)
        .containsExactly("\"asOf\" is empty");
    assertThat(SqlJob.problems(extract("days", "versions: curent")))
        .extracting(Problem::remedy)
        .containsExactly("did you mean \"current\"?");
  }

  @Test
  void aViewStaysAsItWasWhenALaterStageLoads() throws Exception {
    String table = copy("days", "growing");
    SqlJob job =
        SqlJob.run(
            extract("growing", "versions: current")
                + view("changes", "SELECT 1 AS id, 'c' AS name, DATE'2026-04-01' AS at")
                + stage(
                    "DeltaLakeHistoryLoad",
                    "inputView: changes, keys: id, sequenceBy: at, exceptColumns: [at],"
                        + " generateSymlinkManifest: false, outputURI: \""
                        + table
                        + "\"")
                + stage(
                    "SQLTransform",
                    "outputView: seen, persist: true, sql: \"SELECT name FROM history\""));
    assertThat(rows("SELECT name FROM seen ORDER BY name")).containsExactly("[b]", "[y]");
    assertThat(job.warnings())
        .extracting(Problem::message)
        .singleElement()
        .asString()
        .contains("\"history\" stays at the version of the table that it finds");
    assertThat(names("growing", "versions: current")).containsExactly("1c", "3y");
    assertThat(names("growing", "versions: current, options: {versionAsOf: 0}"))
        .containsExactly("1b", "3y");
  }

  @Test
  void aColumnThatWasLostIsNamed() throws Exception {
    String table = copy("times", "lost");
    SqlJob.spark().sql("ALTER TABLE delta.`" + table + "` RENAME COLUMN until TO valid_to");
    assertThatThrownBy(() -> SqlJob.run(extract("lost", "versions: current")))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("has lost its column \"until\"");
  }

  private static String copy(String table, String other) throws IOException {
    Path from = folder.resolve(table);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(other).resolve(from.relativize(file).toString()));
      }
    }
    return table(other);
  }

  @Test
  void aMomentThatClocksLeaveOutIsRefused() throws Exception {
    SqlJob.spark().conf().set("spark.sql.session.timeZone", "Europe/Berlin");
    try {
      assertThatThrownBy(() -> names("times", "asOf: \"2024-03-31T02:30:00\""))
          .hasMessageContaining("the clocks of Europe/Berlin never show that time")
          .hasMessageContaining("add the offset");
      names("times", "asOf: \"2024-03-31T02:30:00Z\"");
      names("times", "asOf: \"2024-03-31T03:30:00\"");
      names("times", "asOf: 2024-03-31");
    } finally {
      SqlJob.spark().conf().set("spark.sql.session.timeZone", "UTC");
    }
  }
}
