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
    assertThat(validate(table, "").detail()).containsEntry("versions", versions);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          full   | SET valid_to = 6 WHERE at = 1 AND id = 1          | 1 | {"id":1,"valid_from":5,"valid_to":7,"is_current":false}: it overlaps the version before it
          full   | SET valid_to = NULL, is_current = true WHERE at = 5 | 1 | {"id":1,"valid_from":9,"valid_to":null,"is_current":true}: the version before it has no end
          full   | SET valid_to = 5 WHERE at = 5                     | 1 | it ends before it begins
          full   | SET valid_from = NULL WHERE at = 9                | 1 | it has no start
          full   | SET is_current = false WHERE at = 9               | 1 | the mark of the current version is wrong
          full   | SET is_current = NULL WHERE at = 9                | 1 | the mark of the current version is wrong
          full   | SET id = NULL WHERE id = 2                        | 1 | {"id":null,"valid_from":1,"valid_to":null,"is_current":true}: its key has NULL
          full   | SET valid_from = 1 WHERE at = 5                   | 1 | another version begins at the same time
          starts | SET is_current = true WHERE at = 1 AND id = 1     | 1 | the mark of the current version is wrong
          newest | SET id = 1                                        | 1 | another row has the same key
          """)
  void aBrokenOneFailsAndShowsItsRows(String table, String change, int wrong, String message)
      throws Exception {
    SqlJob.spark().sql("UPDATE delta.`" + table(table) + "` " + change);
    try {
      assertThatThrownBy(() -> validate(table, ""))
          .isInstanceOf(StageException.class)
          .hasMessageContaining("is not a sound history: " + wrong + " of ")
          .hasMessageContaining(message);
      assertThat(validate(table, "options: {versionAsOf: 0}").detail()).containsKey("versions");
    } finally {
      SqlJob.spark().sql("RESTORE TABLE delta.`" + table(table) + "` TO VERSION AS OF 0");
    }
  }

  @Test
  void nullIsAKeyWhereItMayBe() throws Exception {
    load("nulls", "(NULL, 'a', 1), (NULL, 'b', 5)", "nullKeys: match");
    assertThat(validate("nulls", "nullKeys: match").detail()).containsEntry("versions", 2L);
    assertThatThrownBy(() -> validate("nulls", "")).hasMessageContaining("2 of 2 versions are");
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
