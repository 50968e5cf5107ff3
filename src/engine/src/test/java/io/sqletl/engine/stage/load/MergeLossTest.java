package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns, keys and values that a load into a Delta table would lose. */
class MergeLossTest {

  @TempDir Path folder;

  private String table() {
    return folder.resolve("t").toString();
  }

  private SqlJob load(String type, String query, String keys) throws Exception {
    return SqlJob.run(
        view("changes", query)
            + stage(type, "inputView: changes, outputURI: \"" + table() + "\"\n" + keys));
  }

  private SqlJob merge(String query, String keys) throws Exception {
    return load(
        "DeltaLakeMergeLoad",
        query,
        "condition: \"source.id = target.id\", whenMatchedUpdate: {}\n"
            + "whenNotMatchedByTargetInsert: {}\n"
            + keys);
  }

  private List<String> read() {
    return rows("select * from delta.`" + table() + "` order by id");
  }

  private static List<String> told(SqlJob job) {
    return job.runWarnings().stream().map(Problem::message).toList();
  }

  @Test
  void aNewColumnIsToldOrAdded() throws Exception {
    load("DeltaLakeLoad", "select 1 as id", "");
    SqlJob job = merge("select 2 as id, 'x' as more", "");
    assertThat(told(job)).singleElement().asString().contains("has no column more");
    assertThat(read()).containsExactly("[1]", "[2]");
    job = merge("select 2 as id, 'x' as more", "mergeSchema: true");
    assertThat(told(job)).isEmpty();
    assertThat(read()).containsExactly("[1,null]", "[2,x]");
    assertThat(told(merge("select 'y' as MORE, 3 as ID", ""))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "whenMatchedUpdate: {}",
        "whenMatchedDelete: {}",
        "whenNotMatchedBySourceDelete: {}"
      })
  void rowsThatNoClauseInsertsIntoANewTableAreTold(String clause) throws Exception {
    String keys = "condition: \"source.id = target.id\", createTableIfNotExists: true\n" + clause;
    SqlJob job = load("DeltaLakeMergeLoad", "select explode(array(9, 8)) as id", keys);
    assertThat(told(job))
        .containsExactly(
            "2 rows of the view \"changes\" go nowhere: there was no table at "
                + table()
                + ", so the merge made an empty one, and no clause inserts");
    assertThat(job.runWarnings()).extracting(Problem::code).containsExactly(ErrorCode.LOST_IN_LOAD);
    assertThat(read()).isEmpty();
    assertThat(told(load("DeltaLakeMergeLoad", "select 9 as id", keys)))
        .as("the table is there")
        .noneMatch(told -> told.contains("go nowhere") || told.contains("goes nowhere"));
  }

  @Test
  void aViewWithoutRowsLosesNoneInANewTable() throws Exception {
    String keys = "condition: \"source.id = target.id\", createTableIfNotExists: true\n";
    assertThat(
            told(
                load(
                    "DeltaLakeMergeLoad",
                    "select 9 as id where false",
                    keys + "whenMatchedUpdate: {}")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.7d as l", "1.005 as d", "timestamp'2021-01-01 10:00:00' as t"})
  void valuesThatTheTableWouldCutAreRefused(String value) throws Exception {
    String column = value.substring(value.length() - 1);
    load(
        "DeltaLakeLoad",
        "select 1 as id, 5L as l, cast(1.5 as decimal(9, 2)) as d, date'2020-01-01' as t",
        "");
    List<String> before = read();
    String all = "select 1 as id, 5L as l, 1.500 as d, timestamp'2020-01-01 00:00:00' as t";
    merge(all, "");
    assertThat(read()).isEqualTo(before);
    String replaced = all.replaceFirst("[^,]+ as " + column + "(?![a-z])", " " + value);
    assertThatThrownBy(() -> merge(replaced, ""))
        .hasMessageStartingWith(
            "DeltaLakeMergeLoad cannot write a value of the column '" + column + "'")
        .hasMessageContaining("as it is");
    assertThat(read()).isEqualTo(before);
    load(
        "DeltaLakeMergeLoad",
        "select 1 as id, 1.7d as l",
        "condition: \"source.id = target.id\", whenMatchedUpdate: {values: {l: \"source.l\"}}");
    assertThat(read().get(0)).as("an expression is the job's own").startsWith("[1,1,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "partitionBy: [id]"})
  void keysThatAreNullAreToldWithTheirNumber(String layout) throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 'a' as s", layout);
    SqlJob job =
        merge("select * from values (null, 'n'), (null, 'm'), (7, 'b'), (8, 'c') as t(id, s)", "");
    assertThat(told(job))
        .singleElement()
        .asString()
        .contains("2 rows of the view have NULL in the key (id)");
    assertThat(told(merge("select 9 as id, 'd' as s", ""))).isEmpty();
    assertThat(told(merge("select 9 as id, string(null) as s", ""))).isEmpty();
  }

  @Test
  void keysThatAreThereTwiceAreToldWhereNullEqualsNull() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 'a' as s", "");
    String keys =
        "condition: \"source.id <=> target.id\", whenMatchedUpdate: {}\n"
            + "whenNotMatchedByTargetInsert: {}";
    String once = "select * from values (null, 'n'), (1, 'm'), (7, 'b') as t(id, s)";
    assertThat(told(load("DeltaLakeMergeLoad", once, keys))).isEmpty();
    assertThat(told(load("DeltaLakeMergeLoad", once, keys))).isEmpty();
    String twice = "select * from values (5, 'x'), (5, 'y'), (6, 'z') as t(id, s)";
    assertThat(told(load("DeltaLakeMergeLoad", twice, keys)))
        .singleElement()
        .asString()
        .contains("keys that are in the table more than once", "5");
  }

  @Test
  void keysThatAreNullAreToldWhereTheTableGetsAnother() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 'a' as s", "");
    String keys =
        "condition: \"source.k = target.id\"\n"
            + "whenNotMatchedByTargetInsert: {values: {id: \"coalesce(source.k, 0)\", s: \"source.s\"}}";
    SqlJob job = load("DeltaLakeMergeLoad", "select int(null) as k, 'n' as s", keys);
    assertThat(told(job)).singleElement().asString().contains("1 row of the view has NULL");
  }

  @Test
  void keysThatAreNullAreToldWhereDeltaDoesNotCount() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 'a' as s", "");
    rows(
        "alter table delta.`"
            + table()
            + "` set tblproperties ('delta.dataSkippingNumIndexedCols' = '0')");
    SqlJob job = merge("select * from values (null, 'n'), (7, 'b') as t(id, s)", "");
    assertThat(told(job)).singleElement().asString().contains("1 row of the view has NULL");
    assertThat(told(merge("select 8 as id, 'd' as s", ""))).isEmpty();
  }

  @Test
  void keysThatAreNullAreToldWhereTheMergeMakesTheTable() throws Exception {
    SqlJob job = merge("select int(null) as id, 'n' as s", "createTableIfNotExists: true");
    assertThat(told(job)).singleElement().asString().contains("1 row of the view has NULL");
  }

  @Test
  void aColumnThatAnAppendLacksIsTold() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 'a' as s", "");
    SqlJob job = load("DeltaLakeLoad", "select 2 as ID", "saveMode: Append");
    assertThat(told(job)).singleElement().asString().contains("has no column s of the table");
    assertThat(told(load("DeltaLakeLoad", "select 'b' as s, 3 as id", "saveMode: Append")))
        .isEmpty();
    assertThat(read()).containsExactly("[1,a]", "[2,null]", "[3,b]");
  }

  @Test
  void aNumberThatDoesNotFitFails() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 1 as n", "");
    assertThatThrownBy(() -> merge("select 1 as id, 3000000000L as n", ""))
        .hasMessageContaining("it does not fit INT as it is")
        .hasMessageContaining("The first such value is 3000000000.");
    assertThatThrownBy(
            () -> load("DeltaLakeLoad", "select 1 as id, 3000000000L as n", "saveMode: Append"))
        .isInstanceOf(Exception.class);
    assertThat(read()).containsExactly("[1,1]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'7' as l | true",
        "'9007199254740993' as x | false",
        "'0.1' as x | true",
        "'1.5' as d | true",
        "'1.005' as d | false",
        "'1d' as d | false",
        "'2026-02-01' as t | true",
        "'2026-02-01 23:59' as t | false",
        "'2026-01-01 10:00:00.1234567' as s | false",
        "'2026-01-01T10:00:00.123456Z' as s | true",
        "null as l | true"
      })
  void textsThatTheTableWouldAlterAreRefused(String value, boolean isTaken) throws Exception {
    load(
        "DeltaLakeLoad",
        "select 1 as id, 5L as l, 1.5d as x, cast(1.5 as decimal(9, 2)) as d, date'2020-01-01' as"
            + " t, timestamp'2020-01-01 00:00:00' as s",
        "");
    List<String> before = read();
    String column = value.substring(value.length() - 1);
    String query =
        "select 1 as id, 5L as l, 1.5d as x, 1.50 as d, date'2020-01-01' as t,"
            + " timestamp'2020-01-01 00:00:00' as s";
    String text = value.replace(" as " + column, "");
    String replaced =
        query.replaceFirst(
            "[^,]+ as " + column + "(?![a-z])", " cast(" + text + " as string) as " + column);
    if (isTaken) {
      merge(replaced, "");
      assertThat(read()).hasSize(1);
    } else {
      assertThatThrownBy(() -> merge(replaced, ""))
          .hasMessageStartingWith(
              "DeltaLakeMergeLoad cannot write a value of the column '" + column + "'");
      assertThat(read()).isEqualTo(before);
    }
  }

  @Test
  void aTextThatIsComparedWithANumberIsTold() throws Exception {
    load("DeltaLakeLoad", "select '007' as id, 'old' as v", "");
    assertThat(told(merge("select 7 as id, 'new' as v", "")))
        .anyMatch(message -> message.contains("source.id (INT) with target.id (STRING)"));
  }

  @ParameterizedTest
  @CsvSource({
    "double(7),7L,doubles",
    "0.1f,0.1,doubles",
    "timestamp'2020-01-01 00:00:00',timestamp_ntz'2020-01-01 00:00:00',session"
  })
  void keysOfTypesThatBlurAreTold(String mine, String there, String why) throws Exception {
    load("DeltaLakeLoad", "select " + there + " as id", "");
    assertThat(told(merge("select " + mine + " as id", ""))).anyMatch(text -> text.contains(why));
  }

  @Test
  void anEmptyTextThatWouldBeTheNameOfAFolderIsRefused() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 'a' as p", "partitionBy: [p]");
    assertThatThrownBy(() -> merge("select 2 as id, '' as p", ""))
        .hasMessageContaining("cannot partition by 'p': it holds an empty text");
    assertThatThrownBy(() -> load("DeltaLakeLoad", "select 2 as id, '' as p", "saveMode: Append"))
        .hasMessageContaining("cannot partition by 'p': it holds an empty text");
    String deletes = "condition: \"source.id = target.id\", whenMatchedDelete: {}";
    load("DeltaLakeMergeLoad", "select 1 as id, '' as p", deletes);
    assertThat(read()).isEmpty();
  }

  @Test
  void aViewWithoutRowsThatEmptiesTheTableIsTold() throws Exception {
    load("DeltaLakeLoad", "select * from values (1), (2) as t(id)", "");
    SqlJob job = merge("select 1 as id where false", "whenNotMatchedBySourceDelete: {}");
    assertThat(told(job)).singleElement().asString().contains("has no rows", "deleted 2");
    load("DeltaLakeLoad", "select * from values (1), (2) as t(id)", "saveMode: Overwrite");
    assertThat(told(merge("select 1 as id", "whenNotMatchedBySourceDelete: {}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "partitionBy: [id]"})
  void aKeyThatIsInsertedTwiceIsTold(String layout) throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 'a' as s", layout);
    String twice = "select * from values (1, 'b'), (7, 'c'), (7, 'd'), (8, 'e') as t(id, s)";
    assertThat(told(merge(twice, "")))
        .singleElement()
        .asString()
        .contains("more than once: id=7 in 2 rows.");
    assertThat(read()).hasSize(4);
    assertThat(told(merge("select * from values (1, 'f'), (9, 'g'), (10, 'h') as t(id, s)", "")))
        .as("the rows of 7 stay where they are, or are copied")
        .allMatch(message -> message.contains("id=7"));
    assertThatThrownBy(
            () ->
                load(
                    "DeltaLakeMergeLoad",
                    twice,
                    "condition: \"source.id = target.id\", whenMatchedUpdate: {}"))
        .hasMessageContaining("id=7");
  }

  @Test
  void aKeyThatIsInsertedTwiceIsToldWhereTheMergeMakesTheTable() throws Exception {
    SqlJob job =
        merge(
            "select * from values (7), (7), (null), (null) as t(id)",
            "createTableIfNotExists: true");
    assertThat(told(job)).anyMatch(message -> message.contains("more than once: id=7 in 2 rows"));
  }

  @Test
  void aKeyThatHasARowForEachVersionIsNotTold() throws Exception {
    load("DeltaLakeLoad", "select 1 as id, 1 as now, 'a' as s", "");
    String condition =
        "condition: \"source.id = target.id AND target.now = 1\", whenMatchedUpdate: {}\n"
            + "whenNotMatchedByTargetInsert: {}";
    String versions = "select * from values (7, 0, 'b'), (7, 1, 'c') as t(id, now, s)";
    assertThat(told(load("DeltaLakeMergeLoad", versions, condition))).isEmpty();
    String other =
        "condition: \"source.k = target.id\"\n"
            + "whenNotMatchedByTargetInsert: {values: {id: \"source.k + source.n\"}}";
    String numbers = "select * from values (20, 1), (20, 2) as t(k, n)";
    assertThat(told(load("DeltaLakeMergeLoad", numbers, other))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "source.id = source.id, source",
    "target.id = TARGET.id AND target.id > 0, target",
    "source.id = target.id,",
    "id = source.id,",
    "1 = 1,",
    "source.id = target.id AND source.id > 0,"
  })
  void aConditionThatNamesOneSideAloneIsToldBeforeTheRun(String condition, String side) {
    List<Problem> warnings =
        SqlJob.plan(
                view("changes", "select 1 as id")
                    + stage(
                        "DeltaLakeMergeLoad",
                        "inputView: changes, whenMatchedUpdate: {}, outputURI: \""
                            + table()
                            + "\", condition: \""
                            + condition
                            + "\""))
            .warnings();
    if (side == null) {
      assertThat(warnings).isEmpty();
    } else {
      assertThat(warnings)
          .singleElement()
          .extracting(Problem::message)
          .asString()
          .contains("\"condition\" names columns of " + side + " alone");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "source.id = target.id",
        "target.ID <=> source.id",
        "source.n = target.n and source.id = target.id",
        "upper(source.id) = upper(target.id)",
        "target.id in (source.id, 'zz')",
        "not (source.id <> target.id)"
      })
  void blanksAtTheEndOfATextOfFixedLengthDoNotCount(String condition) throws Exception {
    rows("create table delta.`" + table() + "` (id char(3), n int, s string) using delta");
    String keys =
        "condition: \"" + condition + "\", whenMatchedUpdate: {}, whenNotMatchedByTargetInsert: {}";
    for (String id : List.of("a", "a", "a  ")) {
      load("DeltaLakeMergeLoad", "select '" + id + "' as id, 1 as n, '" + id + "' as s", keys);
    }
    assertThat(rows("select trim(id), n, s from delta.`" + table() + "`"))
        .containsExactly("[a,1,a  ]");
  }

  @Test
  void conditionsOfClausesTakeTextsOfFixedLengthSoToo() throws Exception {
    rows("create table delta.`" + table() + "` (id int, c char(3)) using delta");
    load("DeltaLakeLoad", "select 1 as id, 'a' as c", "saveMode: Append");
    SqlJob job =
        load(
            "DeltaLakeMergeLoad",
            "select 1 as id, 'a' as c",
            "condition: \"source.id = target.id\","
                + " whenMatchedUpdate: {condition: \"source.c <> target.c\"}");
    assertThat(RowChanges.of(job.detail())).contains(new RowChanges(0, 0, 0, 0));
  }
}
