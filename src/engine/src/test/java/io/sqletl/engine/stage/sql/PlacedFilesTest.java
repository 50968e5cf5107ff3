package io.sqletl.engine.stage.sql;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that SQL names by their place, among which some do not count. */
class PlacedFilesTest {

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private void load(String type, String name) throws Exception {
    SqlJob.run(
        view("b", "select 1 as id, 'x' as p")
            + stage(
                type, "inputView: b, outputURI: \"" + folder.of(name) + "\", partitionBy: [p]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM parquet.`DIR`",
        "SELECT * FROM PARQUET.`DIR/p=x`",
        "SELECT 1 WHERE EXISTS (SELECT * FROM parquet.`DIR/*/*.parquet`)",
        "SELECT * FROM text.`DIR`",
        "SELECT * FROM json.`DIR`",
        "CREATE OR REPLACE TEMPORARY VIEW w USING parquet OPTIONS (Path 'DIR')",
        "CREATE TABLE placed_files USING parquet LOCATION 'DIR'",
        "CREATE TABLE delta.`DIR-2` USING delta AS SELECT * FROM parquet.`DIR`"
      })
  void thoseOfADeltaTableAreRefused(String sql) throws Exception {
    load("DeltaLakeLoad", "table");
    String written = sql.replace("DIR", folder.of("table"));
    assertThatThrownBy(() -> SqlJob.run(view("v", written)))
        .hasMessageContaining("` holds files of a Delta table ('file:" + folder.of("table"))
        .hasMessageEndingWith(
            "read as files, rows that were replaced or deleted are among them. Write delta.`file:"
                + folder.of("table")
                + "`, or read it with DeltaLakeExtract.");
    assertThat(directory.resolve("table-2")).doesNotExist();
  }

  @Test
  void theTableItselfItsLogAndOtherFilesAreRead() throws Exception {
    load("DeltaLakeLoad", "table");
    load("ParquetLoad", "files");
    SqlJob.run(
        view("v", "SELECT id FROM delta.`" + folder.of("table") + "`")
            + view("l", "SELECT * FROM json.`" + folder.of("table/_delta_log/*.json") + "`")
            + view("f", "SELECT id FROM parquet.`" + folder.of("files") + "`"));
    assertThat(rows("select * from v union all select * from f")).containsExactly("[1]", "[1]");
    assertThat(rows("select * from l")).isNotEmpty();
  }

  @Test
  void thoseOfALoadThatWasKilledAreRefused() throws Exception {
    load("ParquetLoad", "files");
    Path marks = Files.createDirectories(directory.resolve("files/_sqletl_load"));
    Files.writeString(marks.resolve("some-id.loading"), "");
    String sql = "SELECT id FROM parquet.`" + folder.of("files") + "`";
    SqlJob.run(view("v", sql));
    assertThat(rows("select * from v")).containsExactly("[1]");
    Files.writeString(directory.resolve("files/p=x/part-some-id.parquet"), "");
    assertThatThrownBy(() -> SqlJob.run(view("v", sql)))
        .hasMessageEndingWith(
            " holds files that do not count ('part-some-id.parquet'): a load of the folder is under"
                + " way, or was killed. Read it with an extract, which leaves them out; the next"
                + " load of the folder removes them.");
  }
}
