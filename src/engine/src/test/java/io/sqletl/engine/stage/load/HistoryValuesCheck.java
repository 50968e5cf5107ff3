package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.load.HistoryJob.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** When a value is another, and which columns are looked at. */
@ExtendWith(OneTask.class)
class HistoryValuesCheck {

  private static final String KEYS = "keys: id, sequenceBy: at\n";

  @TempDir Path folder;
  private HistoryJob job;

  @BeforeEach
  void begin() {
    job = new HistoryJob(folder);
  }

  private static String values(String columns, String... rows) {
    return "SELECT * FROM VALUES " + String.join(", ", rows) + " AS t(" + columns + ")";
  }

  @Test
  void decimalsTakeTheScaleOfTheTableOrFail() throws Exception {
    job.load(values("id, price, at", "(1, 1.50BD, 1)", "(2, 2.00BD, 1)"), KEYS);
    assertThat(
            job.load(
                values("id, price, at", "(1, CAST(1.5 AS DECIMAL(9, 4)), 5)", "(2, 2.1000BD, 5)"),
                KEYS))
        .isEqualTo(counts(0, 1, 1, 0, 0, 0));
    assertThat(job.read("id, price, valid_from, valid_to", "id, valid_from"))
        .containsExactly("[1,1.50,1,null]", "[2,2.00,1,5]", "[2,2.10,5,null]");
    assertThatThrownBy(() -> job.load(values("id, price, at", "(1, 1.505BD, 9)"), KEYS))
        .hasStackTraceContaining(
            "does not fit the table's type decimal(3,2), in the row of the key {\"id\":1}. Round or"
                + " cast it in the view");
    assertThat(job.commits()).isEqualTo(2);
  }

  @Test
  void blanksNullsAndWhatIsInsideOfStructsAndListsCount() throws Exception {
    String columns = "id, text, struct, list, at";
    String first = "named_struct('a', 1, 'b', map('x', 1, 'y', 2)), array(1, NULL)";
    job.load(
        values(
            columns,
            "(1, 'a', " + first + ", 1)",
            "(2, 'a', " + first + ", 1)",
            "(3, 'a', " + first + ", 1)",
            "(4, 'a', " + first + ", 1)",
            "(5, NULL, " + first + ", 1)",
            "(6, 'a', NULL, NULL, 1)"),
        KEYS);
    String loaded =
        values(
            columns,
            "(1, 'a', named_struct('a', 1, 'b', map('y', 2, 'x', 1)), array(1, NULL), 5)",
            "(2, 'a ', " + first + ", 5)",
            "(3, 'a', named_struct('a', NULL, 'b', map('x', 1, 'y', 2)), array(1, NULL), 5)",
            "(4, 'a', named_struct('a', 1, 'b', map('x', 1, 'y', 2)), array(NULL, 1), 5)",
            "(5, '', " + first + ", 5)",
            "(6, 'a', NULL, NULL, 5)");
    assertThat(job.load(loaded, KEYS)).isEqualTo(counts(0, 4, 2, 0, 0, 0));
    assertThat(job.load(loaded, KEYS)).isEqualTo(counts(0, 0, 6, 0, 0, 0));
    assertThat(job.read("id", "id, valid_from"))
        .containsExactly("[1]", "[2]", "[2]", "[3]", "[3]", "[4]", "[4]", "[5]", "[5]", "[6]");
  }

  @Test
  void onlyTrackedColumnsMakeAVersion() throws Exception {
    String keys = KEYS + "trackColumns: [name]";
    String columns = "id, name, note, at";
    job.load(values(columns, "(1, 'a', 'x', 1)", "(2, 'b', 'x', 1)"), keys);
    String changes = values(columns, "(1, 'a', 'y', 5)", "(2, 'c', 'y', 5)");
    assertThat(job.load(changes, keys)).isEqualTo(counts(0, 2, 0, 0, 0, 0));
    assertThat(job.load(changes, keys)).isEqualTo(counts(0, 0, 2, 0, 0, 0));
    assertThat(job.read("id, name, note, at, valid_from, valid_to", "id, valid_from"))
        .containsExactly("[1,a,y,5,1,null]", "[2,b,x,1,1,5]", "[2,c,y,5,5,null]");
    // A row that is late does not undo what a newer one said in place, and fails if it must not
    assertThat(job.load(values(columns, "(1, 'a', 'old', 3)"), keys))
        .isEqualTo(counts(0, 0, 1, 0, 0, 0));
    assertThat(job.load(values(columns, "(1, 'a', 'old', 1)"), keys))
        .isEqualTo(counts(0, 0, 1, 0, 0, 0));
    assertThat(job.load(values(columns, "(2, 'c', 'old', 3)"), keys))
        .isEqualTo(counts(0, 1, 0, 0, 1, 0));
    assertThat(job.read("note, valid_from", "id, valid_from"))
        .containsExactly("[y,1]", "[x,1]", "[y,3]");
  }

  @Test
  void aTombstoneHasTheLastThatWasKnown() throws Exception {
    String keys = KEYS + "onDelete: tombstone, deleteWhen: \"op = 'D'\", exceptColumns: [op]";
    String columns = "id, name, op, at";
    job.load(values(columns, "(1, 'a', 'I', 1)", "(2, 'b', 'I', 1)"), keys);
    String deletes = values(columns, "(1, NULL, 'D', 5)", "(2, 'z', 'D', 1)", "(3, NULL, 'D', 5)");
    assertThat(job.load(deletes, keys)).isEqualTo(counts(0, 0, 1, 2, 0, 0));
    assertThat(job.load(deletes, keys)).isEqualTo(counts(0, 0, 3, 0, 0, 0));
    assertThat(job.read("id, name, valid_from, valid_to, is_current, is_deleted", "id, valid_from"))
        .containsExactly(
            "[1,a,1,5,false,false]", "[1,a,5,null,true,true]", "[2,z,1,null,true,true]");
    String snapshot = "keys: id, source: snapshot, onDelete: tombstone, sequenceBy: at";
    job.load(values("id, name, at", "(2, 'b', 9)"), snapshot);
    job.load(values("id, name, at", "(1, 'c', 12)"), snapshot);
    assertThat(job.read("id, name, at, is_deleted", "id, valid_from"))
        .containsExactly(
            "[1,a,1,false]",
            "[1,a,5,true]",
            "[1,c,12,false]",
            "[2,z,1,true]",
            "[2,b,9,false]",
            "[2,b,12,true]");
  }

  @Test
  void lateRowsThatArePassedOverStayOut() throws Exception {
    String keys = KEYS + "lateRows: ignore, deleteWhen: \"name = 'D'\"";
    String columns = "id, name, at";
    job.load(values(columns, "(1, 'a', 1)", "(1, 'c', 9)", "(2, 'c', 9)", "(3, 'a', 1)"), keys);
    String rows =
        values(columns, "(1, 'a', 9)", "(1, 'z', 5)", "(2, 'D', 9)", "(2, 'z', 5)", "(3, 'b', 4)");
    assertThat(job.load(rows, keys)).isEqualTo(counts(0, 2, 0, 1, 0, 1));
    assertThat(job.load(rows, keys)).isEqualTo(counts(0, 0, 3, 0, 0, 2));
    assertThat(job.read("id, name, valid_from, valid_to", "id, valid_from"))
        .containsExactly("[1,a,1,9]", "[1,a,9,null]", "[2,z,5,9]", "[3,a,1,4]", "[3,b,4,null]");
  }
}
