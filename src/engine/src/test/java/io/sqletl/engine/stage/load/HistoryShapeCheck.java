package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.load.HistoryJob.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the table of a history looks like, and which tables are refused. */
@ExtendWith(OneTask.class)
class HistoryShapeCheck {

  private static final String KEYS = "keys: id, sequenceBy: at\n";

  @TempDir Path folder;
  private HistoryJob job;

  @BeforeEach
  void begin() {
    job = new HistoryJob(folder);
  }

  private static String values(String rows) {
    return "SELECT * FROM VALUES " + rows + " AS t(id, name, at)";
  }

  @Test
  void anOpenEndMayBeADay() throws Exception {
    String keys =
        "keys: id, sequenceBy: at, exceptColumns: [at], openEnd: \"9999-12-31\"\n"
            + "validFrom: since, validTo: until, isCurrent: newest";
    job.load(values("(1, 'a', DATE '2026-01-01'), (2, 'b', DATE '2026-01-01')"), keys);
    String changes = values("(1, 'x', DATE '2026-02-01'), (2, 'b', DATE '2026-02-01')");
    assertThat(job.load(changes, keys)).isEqualTo(counts(0, 1, 1, 0, 0, 0));
    assertThat(job.load(changes, keys)).isEqualTo(counts(0, 0, 2, 0, 0, 0));
    assertThat(job.read("*", "id, since"))
        .containsExactly(
            "[1,a,2026-01-01,2026-02-01,false]",
            "[1,x,2026-02-01,9999-12-31,true]",
            "[2,b,2026-01-01,9999-12-31,true]");
    assertThatThrownBy(
            () -> job.load(values("(3, 'a', DATE '2026-01-01')"), keys.replace("9999-12-31", "x")))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("\"openEnd\"");
    assertThatThrownBy(() -> job.load(values("(1, 'y', DATE '9999-12-31')"), keys))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("\"openEnd\"");
  }

  @Test
  void columnsThatAreSwitchedOffAreNotThere() throws Exception {
    String keys = KEYS + "validFrom: off, validTo: off, isCurrent: off";
    job.load(values("(1, 'a', 1), (1, 'b', 5)"), keys);
    assertThat(job.load(values("(1, 'c', 3), (1, 'b', 7)"), keys))
        .isEqualTo(counts(0, 1, 0, 0, 1, 0));
    assertThat(job.load(values("(1, 'c', 3), (1, 'b', 7)"), keys))
        .isEqualTo(counts(0, 0, 1, 0, 0, 0));
    assertThat(job.read("*", "id, at")).containsExactly("[1,a,1]", "[1,c,3]", "[1,b,5]");
    assertThatThrownBy(() -> job.load(values("(1, 'd', 9)"), KEYS))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("was made with \"validFrom\": off");
  }

  @Test
  void versionsThatAreDeletedAsTheyBeginLeaveOneTombstone() throws Exception {
    String keys = KEYS + "deleteWhen: name IS NULL, onDelete: tombstone";
    job.load(values("(1, 'a', 3), (1, 'b', 5), (1, 'c', 11)"), keys);
    assertThat(job.load(values("(1, NULL, 3), (1, NULL, 5)"), keys))
        .isEqualTo(counts(0, 1, 0, 0, 2, 0));
    assertThat(job.read("name, valid_from, valid_to, is_deleted", "valid_from"))
        .containsExactly("[a,3,11,true]", "[c,11,null,false]");
  }

  @Test
  void severalColumnsMayOrderChanges() throws Exception {
    String columns = " AS t(id, name, day, number)";
    String keys = "keys: id, sequenceBy: [day, number]";
    job.load("SELECT * FROM VALUES (1, 'b', 1, 2), (1, 'a', 1, 1), (1, 'c', 2, 1)" + columns, keys);
    String late = "SELECT * FROM VALUES (1, 'x', 1, 9)" + columns;
    assertThat(job.load(late, keys)).isEqualTo(counts(0, 1, 0, 0, 1, 0));
    assertThat(job.load(late, keys)).isEqualTo(counts(0, 0, 1, 0, 0, 0));
    assertThat(job.read("name, valid_from, valid_to", "valid_from"))
        .containsExactly("[a,[1,1],[1,2]]", "[b,[1,2],[1,9]]", "[x,[1,9],[2,1]]", "[c,[2,1],null]");
    assertThatThrownBy(
            () -> job.load("SELECT 1 AS id, 'x' AS name, 1 AS day, INT(NULL) AS number", keys))
        .hasMessageContaining("has NULL in \"sequenceBy\"");
  }

  @Test
  void aNewColumnIsAddedOrRefused() throws Exception {
    job.load(values("(1, 'a', 1), (2, 'b', 1)"), KEYS);
    String wider =
        "SELECT *, IF(id = 1, 'x', NULL) AS city FROM (" + values("(1, 'a', 5), (2, 'b', 5)") + ")";
    assertThatThrownBy(() -> job.load(wider, KEYS))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("\"city\"")
        .hasMessageContaining("schemaEvolution");
    assertThat(job.load(wider, KEYS + "schemaEvolution: true")).isEqualTo(counts(0, 1, 1, 0, 0, 0));
    assertThat(job.load(wider, KEYS + "schemaEvolution: true")).isEqualTo(counts(0, 0, 2, 0, 0, 0));
    assertThat(job.read("id, city, valid_from", "id, valid_from"))
        .containsExactly("[1,null,1]", "[1,x,5]", "[2,null,1]");
    assertThatThrownBy(() -> job.load(values("(1, 'a', 9)"), KEYS))
        .hasMessageContaining("lacks the column \"city\"");
  }

  @Test
  void aTableIsLaidOutInFolders() throws Exception {
    String keys = KEYS + "partitionBy: [name]";
    job.load(values("(1, 'a', 1), (2, 'b', 1)"), keys);
    assertThat(job.load(values("(1, 'b', 5), (3, NULL, 5)"), keys))
        .isEqualTo(counts(1, 1, 0, 0, 0, 0));
    assertThat(job.load(values("(1, 'b', 5), (3, NULL, 5)"), keys))
        .isEqualTo(counts(0, 0, 2, 0, 0, 0));
    assertThat(job.read("id, name, valid_from, valid_to", "id, valid_from"))
        .containsExactly("[1,a,1,5]", "[1,b,5,null]", "[2,b,1,null]", "[3,null,5,null]");
    assertThat(folder.resolve("history/name=a")).isDirectory();
  }

  @Test
  void aTableThatIsNoHistoryIsRefused() throws Exception {
    spark().sql(values("(1, 'a', 1)")).write().format("delta").save(job.table());
    assertThatThrownBy(() -> job.load(values("(1, 'b', 5)"), KEYS))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("is not a history: it has no column \"valid_from\"");
    assertThat(job.read("*", "id")).containsExactly("[1,a,1]");
  }

  @Test
  void aHistoryWrittenByHandIsTakenIfItIsSound() throws Exception {
    String columns = " AS t(id, name, at, valid_from, valid_to, is_current)";
    spark()
        .sql("SELECT * FROM VALUES (1, 'a', 1, 1, 5, false), (1, 'b', 4, 4, NULL, true)" + columns)
        .write()
        .format("delta")
        .save(job.table());
    assertThatThrownBy(() -> job.load(values("(2, 'b', 5)"), KEYS))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("is not a sound history")
        .hasMessageContaining("{\"id\":1}, version of 4: it overlaps");
    spark().sql("UPDATE delta.`" + job.table() + "` SET valid_to = 4 WHERE valid_to = 5");
    assertThat(job.load(values("(1, 'c', 9)"), KEYS)).isEqualTo(counts(0, 1, 0, 0, 0, 0));
    assertThatThrownBy(() -> job.load(values("(1, 'c', 9)"), "keys: name, sequenceBy: at"))
        .hasMessageContaining("was made with \"keys\"");

    // What nobody looks at but verify: another thing has two versions that are open
    spark()
        .sql(
            "INSERT INTO delta.`"
                + job.table()
                + "` VALUES (7,'x',1,1,NULL,true), (7,'y',2,2,NULL,true)");
    assertThat(job.load(values("(1, 'd', 12)"), KEYS)).isEqualTo(counts(0, 1, 0, 0, 0, 0));
    assertThatThrownBy(() -> job.load(values("(1, 'e', 15)"), KEYS + "verify: true"))
        .hasMessageContaining("{\"id\":7}, version of 2: the version before it has no end");
    assertThatThrownBy(() -> job.load(values("(7, 'e', 15)"), KEYS))
        .hasMessageContaining("is not a sound history");
  }

  @Test
  void filesOfOthersAreRefused() throws Exception {
    Files.createDirectories(Path.of(job.table()));
    Files.writeString(Path.of(job.table(), "mine.parquet"), "PAR1");
    assertThatThrownBy(() -> job.load(values("(1, 'a', 1)"), KEYS))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("mine.parquet");
    assertThat(Path.of(job.table(), "_delta_log")).doesNotExist();
  }

  @Test
  void anEmptySnapshotFailsUnlessItIsMeant() throws Exception {
    String keys = "keys: id, source: snapshot, exceptColumns: [at], sequenceBy: ";
    String none = "SELECT * FROM (" + values("(1, 'a', 1)") + ") WHERE id = 9";
    job.load(values("(1, 'a', 0), (2, 'b', 0)"), keys + "\"2026-01-01\"");
    assertThatThrownBy(() -> job.load(none, keys + "\"2026-01-02\""))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("has no rows, which would delete everything");
    String delete = keys + "\"2026-01-02\", emptySnapshot: delete";
    assertThat(job.load(none, delete)).isEqualTo(counts(0, 0, 0, 2, 0, 0));
    assertThat(job.load(none, delete)).isEqualTo(counts(0, 0, 0, 0, 0, 0));
    assertThat(job.read("id, valid_to, is_current", "id"))
        .containsExactly("[1,2026-01-02,false]", "[2,2026-01-02,false]");
  }

  @Test
  void emptyChangesMakeATableAndChangeNone() throws Exception {
    String none = "SELECT * FROM (" + values("(1, 'a', 1)") + ") WHERE id = 9";
    assertThat(job.load(none, KEYS)).isEqualTo(counts(0, 0, 0, 0, 0, 0));
    assertThat(job.load(none, KEYS)).isEqualTo(counts(0, 0, 0, 0, 0, 0));
    assertThat(job.commits()).isEqualTo(1);
    assertThat(job.load(values("(1, 'a', 1)"), KEYS)).isEqualTo(counts(1, 0, 0, 0, 0, 0));
  }

  @Test
  void nullMayBeAKeyAndRowsWithoutOneAreShown() throws Exception {
    String match = KEYS + "nullKeys: match";
    String rows =
        "SELECT IF(id = 0, NULL, id) AS id, name, at FROM ("
            + values("(0, 'n', 1), (1, 'a', 1)")
            + ")";
    job.load(rows, match);
    assertThat(job.load(rows.replace("'n', 1", "'m', 5"), match))
        .isEqualTo(counts(0, 1, 1, 0, 0, 0));
    assertThat(job.read("id, name, valid_to", "id, valid_from"))
        .containsExactly("[null,n,5]", "[null,m,null]", "[1,a,null]");
    assertThatThrownBy(() -> job.load(rows, KEYS))
        .hasMessageContaining(
            "1 row of the view \"changes\" has NULL in its key:\n  {\"name\":\"n\",\"at\":1}\n");
  }
}
