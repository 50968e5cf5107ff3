package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static io.sqletl.engine.stage.load.HistoryJob.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.history.HistoryCounts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(OneTask.class)
class DeltaLakeHistoryLoadStageTest {

  private static final String CHANGES = "keys: id, sequenceBy: at\n";

  @TempDir private Path folder;

  @Test
  void aChangeClosesAVersionAndOpensTheNext() throws Exception {
    assertThat(load("(1, 'a', 1), (2, 'b', 1)", CHANGES)).isEqualTo(counts(2, 0, 0, 0, 0, 0));
    assertThat(load("(1, 'x', 5), (2, 'b', 5), (3, 'c', 5)", CHANGES))
        .isEqualTo(counts(1, 1, 1, 0, 0, 0));
    assertThat(versions())
        .containsExactly(
            "[1,a,1,5,false]", "[1,x,5,null,true]", "[2,b,1,null,true]", "[3,c,5,null,true]");
  }

  @Test
  void theSameLoadTwiceChangesNothing() throws Exception {
    String rows = "(1, 'a', 1), (1, 'b', 3), (1, 'a', 5), (2, 'b', 1)";
    load(rows, CHANGES);
    int version = job().commits();
    assertThat(load(rows, CHANGES)).isEqualTo(counts(0, 0, 2, 0, 0, 0));
    assertThat(job().commits()).isEqualTo(version);
    assertThat(versions())
        .containsExactly(
            "[1,a,1,3,false]", "[1,b,3,5,false]", "[1,a,5,null,true]", "[2,b,1,null,true]");
  }

  @Test
  void whatIsNoTextIsRefused() throws Exception {
    load("(1, 'a', 1)", CHANGES);
    assertThatThrownBy(() -> load("(1, cast(x'636166E9' as string), 5)", CHANGES))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("'name': a value is not valid UTF-8");
    assertThat(versions()).containsExactly("[1,a,1,null,true]");
  }

  @Test
  void aLateRowGoesBetween() throws Exception {
    load("(1, 'a', 1), (1, 'c', 9)", CHANGES);
    assertThat(load("(1, 'b', 5)", CHANGES)).isEqualTo(counts(0, 1, 0, 0, 1, 0));
    assertThat(versions())
        .containsExactly("[1,a,1,5,false]", "[1,b,5,9,false]", "[1,c,9,null,true]");
    assertThat(load("(1, 'c', 7)", CHANGES)).isEqualTo(counts(0, 1, 0, 0, 1, 0));
    assertThat(versions())
        .containsExactly("[1,a,1,5,false]", "[1,b,5,7,false]", "[1,c,7,null,true]");
    assertThat(load("(1, 'z', 0)", CHANGES)).isEqualTo(counts(0, 1, 0, 0, 1, 0));
    assertThat(versions()).contains("[1,z,0,1,false]").hasSize(4);
    assertThat(load("(1, 'z', 6)", CHANGES + "lateRows: ignore"))
        .isEqualTo(counts(0, 0, 1, 0, 0, 1));
    assertThatThrownBy(() -> load("(1, 'z', 6)", CHANGES + "lateRows: fail"))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("1 row of the view \"changes\" came late")
        .hasMessageContaining("\n  {\"id\":1} at 6\nSet \"lateRows\" to \"insert\"");
    assertThat(load("(1, 'z', 0), (1, 'b', 5)", CHANGES + "lateRows: fail"))
        .isEqualTo(counts(0, 0, 1, 0, 0, 0));
    assertThat(versions()).hasSize(4);
  }

  @Test
  void deleteAndReturnGivesAGap() throws Exception {
    String keys = CHANGES + "deleteWhen: \"name = 'D'\"";
    load("(1, 'a', 1), (2, 'b', 1)", keys);
    assertThat(load("(1, 'D', 3), (7, 'D', 3)", keys)).isEqualTo(counts(0, 0, 1, 1, 0, 0));
    assertThat(load("(1, 'a', 6)", keys)).isEqualTo(counts(1, 0, 0, 0, 0, 0));
    assertThat(versions())
        .containsExactly("[1,a,1,3,false]", "[1,a,6,null,true]", "[2,b,1,null,true]");
    assertThat(load("(1, 'D', 3)", keys)).isEqualTo(counts(0, 0, 1, 0, 0, 0));
  }

  @Test
  void lateRowsAreNamedWithWhatToDo() throws Exception {
    String fresh = "(1, 'a', 5), (2, 'a', 5), (3, 'a', 5), (4, 'a', 5), (5, 'a', 5), (6, 'a', 5)";
    load(fresh, CHANGES);
    String late = fresh.replace("'a', 5", "'b', 3") + ", (7, 'b', 3), (1, 'c', 6)";
    assertThatThrownBy(() -> load(late, CHANGES + "lateRows: fail"))
        .hasMessageContaining("\n  {\"id\":1} at 3\n  {\"id\":2} at 3\n")
        .hasMessageContaining("{\"id\":5} at 3\n  …\nSet \"lateRows\" to \"insert\"")
        .hasMessageContaining("or to \"ignore\", and they are passed over")
        .hasMessageNotContainingAny("at 6");
    assertThatThrownBy(
            () -> load("(1, 'a', 0)", "lateRows: fail, keys: id, source: snapshot, sequenceBy: at"))
        .hasMessageContaining("\"lateRows\" is \"fail\". Set it to \"ignore\" to pass the snapshot")
        .hasMessageContaining("Otherwise load snapshots in the order of their times.");
  }

  @Test
  void aSnapshotDeletesWhatItLacks() throws Exception {
    String keys = "keys: id, source: snapshot, exceptColumns: [at], sequenceBy: ";
    load("(1, 'a', 0), (2, 'b', 0)", keys + "\"2026-01-01\"");
    assertThat(load("(2, 'x', 0), (3, 'c', 0)", keys + "\"2026-01-02\""))
        .isEqualTo(counts(1, 1, 0, 1, 0, 0));
    assertThat(load("(2, 'x', 0), (3, 'c', 0)", keys + "\"2026-01-02\""))
        .isEqualTo(counts(0, 0, 2, 0, 0, 0));
    assertThat(versions())
        .containsExactly(
            "[1,a,2026-01-01,2026-01-02,false]",
            "[2,b,2026-01-01,2026-01-02,false]",
            "[2,x,2026-01-02,null,true]",
            "[3,c,2026-01-02,null,true]");
    load("(3, 'z', 0)", keys + "\"2025-12-31\"");
    assertThat(versions()).contains("[3,z,2025-12-31,2026-01-01,false]").hasSize(5);
  }

  @Test
  void onlyTheNewestIsKept() throws Exception {
    String keys = CHANGES + "historyType: 1, deleteWhen: \"name = 'D'\"";
    load("(1, 'a', 1), (1, 'b', 3), (2, 'b', 1), (4, 'D', 1)", keys);
    assertThat(load("(1, 'x', 2), (2, 'D', 2), (3, 'c', 2)", keys))
        .isEqualTo(counts(1, 0, 1, 1, 0, 0));
    assertThat(job().read("*", "id")).containsExactly("[1,b,3]", "[3,c,2]");
  }

  @Test
  void duplicatesFailUnlessTheyMayBe() throws Exception {
    assertThatThrownBy(() -> load("(1, 'a', 1), (1, 'b', 1), (2, 'c', 1)", CHANGES))
        .isInstanceOf(StageException.class)
        .hasMessageContaining(
            "has 1 row too many of one key and one time:\n  {\"id\":1} at 1: 2 rows\n");
    assertThatThrownBy(() -> load("(1, 'a', 1), (1, 'b', 1)", CHANGES + "duplicates: identical"))
        .hasMessageContaining("They differ");
    assertThat(load("(1, 'a', 1), (1, 'a', 1)", CHANGES + "duplicates: identical"))
        .isEqualTo(counts(1, 0, 0, 0, 0, 1));
    assertThat(load("(1, 'b', 2), (1, 'c', 2)", CHANGES + "duplicates: latest, latestBy: name"))
        .isEqualTo(counts(0, 0, 1, 0, 0, 1));
  }

  @Test
  void nullKeysAndTimesFail() {
    assertThatThrownBy(() -> load("(1, 'a', 1), (NULL, 'b', 1)", CHANGES))
        .hasMessageContaining(
            "1 row of the view \"changes\" has NULL in its key:\n  {\"name\":\"b\",\"at\":1}\n");
    assertThatThrownBy(() -> load("(1, 'a', CAST(NULL AS INT))", CHANGES))
        .hasMessageContaining("place in time");
  }

  @Test
  void valuesAreComparedAsValues() throws Exception {
    String first =
        "(1, map('a', 1, 'b', 2), 1), (2, map('a', 1, 'b', NULL), 1), (3, map('a', 1), 1)";
    load(first, CHANGES);
    assertThat(
            load(
                "(1, map('b', 2, 'a', 1), 5), (2, map('b', NULL, 'a', 1), 5), (3, map('a', 2), 5)",
                CHANGES))
        .isEqualTo(counts(0, 1, 2, 0, 0, 0));
  }

  @Test
  void numbersAreComparedAsNumbers() throws Exception {
    load("(1, double('NaN'), 1), (2, -0.0D, 1), (3, NULL, 1), (4, NULL, 1)", CHANGES);
    assertThat(load("(1, double('NaN'), 5), (2, 0.0D, 5), (3, NULL, 5), (4, 1D, 5)", CHANGES))
        .isEqualTo(counts(0, 1, 3, 0, 0, 0));
  }

  @Test
  void itTellsRows() throws Exception {
    load("(1, 'a', 1), (2, 'b', 1), (3, 'c', 1)", CHANGES);
    SqlJob job = SqlJob.run(stages("(1, 'x', 5), (4, 'd', 5)", CHANGES));
    assertThat(RowChanges.of(job.detail())).contains(new RowChanges(2, 1, 0, 2));
    assertThat(job.outputs()).containsExactly(job().table());
  }

  @Test
  void columnsThatAreNotThereAreNamed() {
    assertThatThrownBy(
            () ->
                job()
                    .load(
                        "SELECT inline(array(struct(1 AS id, 1 AS at)))",
                        "keys: idd, sequenceBy: at"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("\"keys\" names the column \"idd\"");
    assertThat(SqlJob.problems(stages("(1, 'a', 1)", "keys: id, sequenceBy: [at, AT]")))
        .extracting(Problem::message)
        .containsExactly("\"sequenceBy\" names \"AT\" twice");
  }

  /** Those that the load itself gives to the frames that it works with. */
  @ParameterizedTest
  @ValueSource(strings = {"", "tableProperties: {\"delta.enableDeletionVectors\": \"true\"}"})
  void columnsMayBeCalledAnything(String more) throws Exception {
    String others =
        ", 0 AS e, 0 AS d, 0 AS m, 0 AS f, 0 AS n, 0 AS tie, 0 AS conflict, 0 AS isEvent, 0 AS change,"
            + " 0 AS counts, 0 AS wanted, 0 AS ek, 0 AS ed, 0 AS ev, 0 AS left, 0 AS right, 0 AS"
            + " values, 0 AS result, 0 AS file, 0 AS path, 0 AS rowIndex, 0 AS problem, 0 AS r FROM"
            + " VALUES ";
    String view = "SELECT k, v, s" + others;
    String names = " AS t(k, v, s)";
    String keys = "keys: k, sequenceBy: s\n" + more + "\n";
    job()
        .load(
            view + "(1, 'a', 1), (2, 'b', 1), (3, 'c', 1), (4, 'd', 1), (5, 'e', 1)" + names, keys);
    assertThat(job().load(view + "(1, 'x', 5), (6, 'f', 5)" + names, keys))
        .isEqualTo(counts(1, 1, 0, 0, 0, 0));
    String snapshot =
        view + "(1, 'x', 7), (2, 'b', 7), (3, 'c', 7), (4, 'd', 7), (6, 'y', 7)" + names;
    assertThat(job().load(snapshot, keys + "source: snapshot")).isEqualTo(counts(0, 1, 4, 1, 0, 0));
    assertThat(job().read("k, v, valid_from, valid_to", "k, valid_from"))
        .containsExactly(
            "[1,a,1,5]",
            "[1,x,5,null]",
            "[2,b,1,null]",
            "[3,c,1,null]",
            "[4,d,1,null]",
            "[5,e,1,7]",
            "[6,f,5,7]",
            "[6,y,7,null]");
  }

  @Test
  void aHistoryThatAnotherLoadReplacedIsRefusedWithWhatItLacks() throws Exception {
    load("(1, 'a', 1)", CHANGES);
    SqlJob.run(
        view("other", rowsOf("(1, 'a', 1)"))
            + stage("DeltaLakeLoad", "inputView: other, outputURI: \"" + job().table() + "\""));
    assertThatThrownBy(() -> load("(1, 'b', 2)", CHANGES))
        .hasMessageContaining("is not a history any more: it has no column \"valid_from\"")
        .hasMessageContaining("RESTORE TABLE");
  }

  @Test
  void keysOfFixedLengthAreFound() throws Exception {
    rows(
        "create table delta.`"
            + job().table()
            + "` (id char(3), name string, valid_from int, valid_to int, is_current boolean)"
            + " using delta");
    load("('a', 'x', 1)", CHANGES + "exceptColumns: [at]\n");
    load("('a', 'y', 2)", CHANGES + "exceptColumns: [at]\n");
    assertThat(job().read("trim(id), name, valid_from, valid_to", "valid_from"))
        .containsExactly("[a,x,1,2]", "[a,y,2,null]");
  }

  private HistoryJob job() {
    return new HistoryJob(folder);
  }

  private HistoryCounts load(String values, String keys) throws Exception {
    return job().load(rowsOf(values), keys);
  }

  private String stages(String values, String keys) {
    return job().stages(rowsOf(values), keys);
  }

  private static String rowsOf(String values) {
    return "SELECT * FROM VALUES " + values + " AS t(id, name, at)";
  }

  private List<String> versions() {
    return job().read("id, name, valid_from, valid_to, is_current", "id, valid_from");
  }
}
