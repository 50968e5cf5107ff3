package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a load adds to a Delta table that is there, or takes from it. */
class DeltaAppendTest {

  private static final String APPEND = ", saveMode: Append";

  @TempDir Path folder;

  private String table() {
    return folder.resolve("t").toString();
  }

  private SqlJob load(String query, String keys) throws Exception {
    return SqlJob.run(
        view("changes", query)
            + stage(
                "DeltaLakeLoad",
                "inputView: changes, outputURI: \""
                    + table()
                    + "\", generateSymlinkManifest: false"
                    + keys));
  }

  private List<String> read(String columns) {
    return rows("select " + columns + " from delta.`" + table() + "` order by id");
  }

  private static List<String> told(SqlJob job) {
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  @Test
  void aNumberGoesIntoAWiderType() throws Exception {
    load(
        "select 1L as id, 1 as i, 1.5d as x, 2.5d as y, cast(1.5 as decimal(12, 3)) as d,"
            + " cast(7 as decimal(10)) as n, array(named_struct('a', 1L, 'b', 'x')) as l, map('k', 2.5d) as m",
        "");
    SqlJob job =
        load(
            "select 2 as id, cast(2 as tinyint) as i, 0.5f as x, 3 as y,"
                + " cast(2.25 as decimal(9, 2)) as d, cast(8 as smallint) as N,"
                + " array(named_struct('b', 'y', 'a', 2)) as l, map('k', 3) as m",
            APPEND);
    assertThat(told(job)).isEmpty();
    assertThat(read("* except (m), m['k']"))
        .hasSize(2)
        .last()
        .asString()
        .startsWith("[2,2,0.5,3.0,2.250,8,")
        .contains("[2,y]")
        .endsWith(",3.0]");
  }

  @Test
  void aNumberThatMayNotFitIsRefusedAsBefore() throws Exception {
    load("select 1 as id, 1.5d as x", "");
    assertThatThrownBy(() -> load("select 2L as id, 1.5d as x", APPEND))
        .hasStackTraceContaining("Failed to merge fields 'id'");
    assertThatThrownBy(() -> load("select 2 as id, 9007199254740993L as x", APPEND))
        .hasStackTraceContaining("Failed to merge fields 'x'");
    assertThat(read("*")).containsExactly("[1,1.5]");
  }

  @Test
  void partsOfATableAreReplacedByNarrowerNumbersToo() throws Exception {
    load("select id from range(3)", "");
    load("select 2 as id", ", replaceWhere: \"id = 2\"");
    assertThat(read("*")).containsExactly("[0]", "[1]", "[2]");
  }

  @Test
  void aFieldOfAStructThatTheViewLacksIsToldByItsPath() throws Exception {
    load(
        "select 1L as id, named_struct('x', 1L, 'y', 'a') as s,"
            + " array(named_struct('x', 1L, 'y', 'a')) as l,"
            + " map('k', named_struct('x', 1L, 'y', 'a')) as m",
        "");
    SqlJob job =
        load(
            "select 2L as id, named_struct('X', 2L) as s, array(named_struct('x', 2L)) as l,"
                + " map('k', named_struct('x', 2L)) as m",
            APPEND);
    assertThat(told(job))
        .singleElement()
        .asString()
        .contains("has no columns s.y, l.element.y, m.value.y of the table");
    String all =
        "select 3L as id, named_struct('y', 'c', 'x', 3L) as s,"
            + " array(named_struct('x', 3L, 'y', 'c')) as l,"
            + " map('k', named_struct('x', 3L, 'y', 'c')) as m";
    assertThat(told(load(all, APPEND))).isEmpty();
  }

  @Test
  void columnsThatTheTableFillsAreNotMissed() throws Exception {
    rows(
        "create table delta.`"
            + table()
            + "` (k bigint generated always as identity, id int, day date,"
            + " y int generated always as (year(day)), more string) using delta");
    SqlJob job = load("select 1 as id, date'2024-05-05' as day", APPEND);
    assertThat(told(job)).singleElement().asString().contains("has no column more of the table");
    assertThat(read("*")).containsExactly("[1,1,2024-05-05,2024,null]");
  }

  @Test
  void aTableThatLosesItsPartitionsIsTold() throws Exception {
    load("select 1 as id, 'a' as p", ", partitionBy: [p]");
    assertThat(told(load("select 2 as id, 'b' as p", ", partitionBy: [p]"))).isEmpty();
    assertThat(told(load("select 2 as id, 'b' as p", ", replaceWhere: \"p = 'b'\""))).isEmpty();
    assertThat(told(load("select 3 as id, 'c' as p", "")))
        .singleElement()
        .asString()
        .contains("is partitioned by p, and the load that replaces it has no \"partitionBy\"");
    assertThat(told(load("select 3 as id, 'c' as p", ""))).isEmpty();
  }

  @Test
  void aViewWithoutRowsThatReplacesRowsIsTold() throws Exception {
    String none = "select 1 as id where false";
    assertThat(told(load(none, ""))).isEmpty();
    assertThat(told(load(none, ""))).isEmpty();
    load("select 1 as id", "");
    assertThat(told(load(none, "")))
        .singleElement()
        .asString()
        .contains("has no rows, so the table", "where it had some before");
    assertThat(told(load(none, ""))).as("there was none").isEmpty();
  }

  @Test
  void rowsThatAReplacementKeepsAreNotCountedAsWritten() throws Exception {
    load("select id from range(0, 3, 1, 1)", "");
    SqlJob job = load("select 2L as id", ", replaceWhere: \"id > 0\"");
    assertThat(RowChanges.of(job.detail())).contains(new RowChanges(1, 0, 2, 1));
    assertThat(RowChanges.of(load("select 7L as id", "").detail())).isEmpty();
  }

  private static final String RULES =
      " (id int not null, v int comment 'money', d int generated always as (v * 2),"
          + " st string default 'new', c varchar(3), k char(2)) using delta"
          + " tblproperties('delta.feature.allowColumnDefaults' = 'supported')";

  private static final String ROW =
      "select 1 as id, 5 as v, 10 as d, 'q' as st, 'abc' as c, 'x' as k";

  private void makeTable(String columns) {
    rows("create table delta.`" + table() + "`" + columns);
  }

  @Test
  void anOverwriteByTheSameColumnsKeepsWhatTheTableSaysOfThem() throws Exception {
    makeTable(RULES);
    load(ROW, "");
    assertThat(told(load(ROW.replace("1 as id", "2 as id"), ""))).isEmpty();
    assertThat(read("id, v, d, st, c, trim(k)")).containsExactly("[2,5,10,q,abc,x]");
    for (String wrong :
        List.of(
            ROW.replace("1 as id", "cast(null as int) as id"),
            ROW.replace("10 as d", "11 as d"),
            ROW.replace("'abc'", "'abcd'"),
            ROW.replace("'x'", "'xyz'"))) {
      for (String mode : List.of("", APPEND)) {
        assertThatThrownBy(() -> load(wrong, mode)).as(wrong + mode).isInstanceOf(Exception.class);
      }
    }
    assertThat(read("id")).containsExactly("[2]");
    assertThat(told(load(ROW, ", overwriteSchema: true")))
        .singleElement()
        .asString()
        .contains("NOT NULL of 'id'", "(money)", "('new')", "(varchar(3))", "(char(2))");
  }

  @Test
  void anOverwriteKeepsPartitionsWithTheRules() throws Exception {
    makeTable(" (id int not null, p int) using delta partitioned by (p)");
    load("select 1 as id, 2 as p", ", partitionBy: [p]");
    assertThatThrownBy(() -> load("select cast(null as int) as id, 2 as p", ", partitionBy: [p]"))
        .isInstanceOf(Exception.class);
    assertThat(told(load("select 1 as id, 2 as p", "")))
        .hasSize(2)
        .anyMatch(text -> text.contains("has no \"partitionBy\""))
        .anyMatch(text -> text.contains("NOT NULL of 'id'"));
  }

  @Test
  void rulesThatAnOverwriteTakesAreTold() throws Exception {
    makeTable(RULES);
    SqlJob job = load(ROW.replace("5 as v", "5L as v"), "");
    assertThat(told(job))
        .hasSize(2)
        .anyMatch(text -> text.contains("'v' was INT and is BIGINT"))
        .anyMatch(
            text ->
                text.endsWith(
                    "is gone: NOT NULL of 'id'; the comment of 'v' (money); the expression of 'd'"
                        + " (v * 2); the default of 'st' ('new'); the limit of 'c' (varchar(3));"
                        + " the limit of 'k' (char(2))"));
    assertThat(job.runWarnings())
        .extracting(Problem::remedy)
        .anyMatch(r -> r.contains("VERSION AS OF 0"));
    assertThat(told(load("select 1 as id", "")))
        .noneMatch(text -> text.contains("made the columns"));
  }

  @Test
  void anOverwriteThatIsToMakeTheColumnsAnewDoes() throws Exception {
    makeTable(" (sk bigint generated by default as identity, id int) using delta");
    assertThat(told(load("select 7L as sk, 1 as id", ""))).isEmpty();
    assertThat(told(load("select 7L as sk, 1 as id", ", overwriteSchema: true")))
        .singleElement()
        .asString()
        .contains("the identity of 'sk'");
  }

  @Test
  void aColumnThatAnotherProgramAddedMeanwhileIsMissed() throws Exception {
    load("select 1 as id", "");
    load("select 2 as id", APPEND);
    Path log = folder.resolve("t/_delta_log");
    String metadata =
        Files.readAllLines(log.resolve("00000000000000000000.json")).stream()
            .filter(line -> line.startsWith("{\"metaData\""))
            .findFirst()
            .orElseThrow();
    Files.writeString(
        log.resolve("00000000000000000002.json"),
        metadata.replace(
                "\\\"fields\\\":[",
                "\\\"fields\\\":[{\\\"name\\\":\\\"more\\\",\\\"type\\\":\\\"string\\\","
                    + "\\\"nullable\\\":true,\\\"metadata\\\":{}},")
            + "\n");
    assertThat(told(load("select 3 as id", APPEND)))
        .singleElement()
        .asString()
        .contains("has no column more of the table");
  }
}
