package io.sqletl.engine.stage.validate;

import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeltaLakeHistoryValidateStageTest {

  @TempDir private static Path folder;

  @BeforeAll
  static void load() throws Exception {
    String rows = "(1, 'a', 1), (1, 'b', 5), (1, 'D', 7), (1, 'c', 9), (2, 'x', 1)";
    load("full", rows, "");
    load("starts", rows, "validTo: off, onDelete: tombstone");
    load("newest", rows, "historyType: 1");
  }

  private static void load(String table, String values, String keys) throws Exception {
    SqlJob.run(
        view("changes", "SELECT * FROM VALUES " + values + " AS t(id, name, at)")
            + stage(
                "DeltaLakeHistoryLoad",
                "inputView: changes, keys: id, sequenceBy: at, generateSymlinkManifest: false,"
                    + " deleteWhen: \"name = 'D'\", outputURI: \""
                    + table(table)
                    + "\"\n"
                    + keys));
  }

  private static String table(String name) {
    return folder.resolve(name).toString();
  }

  private static SqlJob validate(String table, String keys) throws Exception {
    return SqlJob.run(
        stage("DeltaLakeHistoryValidate", "inputURI: \"" + table(table) + "\"\n" + keys));
  }

  @ParameterizedTest
  @CsvSource({"full,4", "starts,5", "newest,2"})
  void aHistoryAsItIsLoadedIsSound(String table, long versions) throws Exception {
    assertThat(validate(table, "options: {versionAsOf: 0}").detail())
        .containsEntry("versions", versions);
  }

  @Test
  void aBrokenOneFailsAndShowsItsRows() throws Exception {
    overwrite(
        "full",
        """
        (1, 'x', 1, 1, 6, false), (1, 'x', 1, 5, 7, false),
        (2, 'x', 1, 5, NULL, true), (2, 'x', 1, 9, NULL, true),
        (3, 'x', 1, 5, 5, false), (4, 'x', 1, NULL, 5, false),
        (5, 'x', 1, 9, NULL, false), (6, 'x', 1, 9, NULL, NULL), (7, 'x', 1, 1, 5, true),
        (8, 'x', 1, 1, 5, false), (8, 'x', 1, 1, 5, false),
        (9, 'sound', 1, 1, 5, false), (9, 'with a gap', 1, 7, NULL, true),
        (NULL, 'x', 1, 1, NULL, true)
        """);
    assertThatThrownBy(() -> validate("full", ""))
        .isInstanceOf(StageException.class)
        .hasMessage(
            """
            The table at '%s' is not a sound history: 9 of 14 versions are wrong.
              {"id":null,"valid_from":1,"valid_to":null,"is_current":true}: its key has NULL
              {"id":1,"valid_from":5,"valid_to":7,"is_current":false}: it overlaps the version before it
              {"id":2,"valid_from":9,"valid_to":null,"is_current":true}: the version before it has no end
              {"id":3,"valid_from":5,"valid_to":5,"is_current":false}: it ends before it begins
              {"id":4,"valid_from":null,"valid_to":5,"is_current":false}: it has no start
              {"id":5,"valid_from":9,"valid_to":null,"is_current":false}: the mark of the current version is wrong
              {"id":6,"valid_from":9,"valid_to":null,"is_current":null}: the mark of the current version is wrong
              {"id":7,"valid_from":1,"valid_to":5,"is_current":true}: the mark of the current version is wrong
              {"id":8,"valid_from":1,"valid_to":5,"is_current":false}: another version begins at the same time
            Repair them, or go back to a version of the table that was sound (RESTORE TABLE)."""
                .formatted(table("full")));
    assertThat(validate("full", "options: {versionAsOf: 0}").detail())
        .containsEntry("versions", 4L);
  }

  @Test
  void marksAreComparedWhereEndsAreNotStored() throws Exception {
    overwrite("starts", "(1, 'x', 1, 1, true, false), (1, 'x', 5, 5, true, false)");
    assertThatThrownBy(() -> validate("starts", ""))
        .hasMessageContaining("1 of 2 versions is wrong.\n")
        .hasMessageContaining("\"is_current\":true,\"is_deleted\":false}: the mark of the current");
  }

  @Test
  void theNewestIsThereOnce() throws Exception {
    overwrite("newest", "(1, 'x', 1), (NULL, 'y', 2)");
    assertThat(validate("newest", "nullKeys: match").detail()).containsEntry("versions", 2L);
    overwrite("newest", "(1, 'x', 1), (1, 'y', 2)");
    assertThatThrownBy(() -> validate("newest", ""))
        .hasMessageContaining("  {\"id\":1,\"at\":2}: another row has the same key\n");
  }

  private static void overwrite(String table, String rows) {
    SqlJob.spark()
        .sql("INSERT OVERWRITE delta.`" + table(table) + "` SELECT * FROM VALUES " + rows);
  }

  @Test
  void aTableThatIsNoHistoryFails() throws Exception {
    assertThatThrownBy(() -> validate("nowhere", ""))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith("There is no Delta table at");
    SqlJob.run(
        view("plain", "SELECT 1 AS id")
            + stage("DeltaLakeLoad", "inputView: plain, outputURI: \"" + table("plain") + "\""));
    assertThatThrownBy(() -> validate("plain", "")).hasMessageContaining("is no history");
  }
}
