package io.sqletl.engine.stage.delta;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.SqlJob;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaLakeExtractStageTest {

  private static final String MERGE =
      "MERGE INTO target AS t USING changes AS s ON t.id = s.id"
          + " WHEN MATCHED THEN UPDATE SET t.name = s.name"
          + " WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)";

  @TempDir Path folder;
  private String table;

  @BeforeEach
  void twoVersions() throws Exception {
    table = folder.resolve("table").toUri().toString();
    load("SELECT 1L AS id, 'one' AS name");
    load("SELECT id, concat('n', id) AS name FROM range(1, 3)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ", persist: true",
        ", numPartitions: 3",
        ", numPartitions: 3, persist: true",
        ", partitionBy: [id], numPartitions: 2",
      })
  void mergeIntoTheViewModifiesTheTable(String keys) throws Exception {
    SqlJob job =
        SqlJob.run(
            extract("target", keys)
                + view("changes", "SELECT 2L AS id, 'two' AS name UNION ALL SELECT 3L, 'three'")
                + view("merged", MERGE));
    assertThat(rows("SELECT * FROM merged")).containsExactly("[2,1,0,1]");
    assertThat(rows("SELECT * FROM target ORDER BY id"))
        .containsExactly("[1,n1]", "[2,two]", "[3,three]");
    assertThat(rows("SELECT * FROM delta.`" + table + "` ORDER BY id"))
        .containsExactly("[1,n1]", "[2,two]", "[3,three]");
    assertThat(SqlJob.spark().catalog().isCached("target")).isEqualTo(keys.contains("persist"));
    assertThat(job.detail()).containsEntry("outputColumns", 4);
    if (keys.contains("numPartitions: 3")) {
      assertThat(SqlJob.spark().table("target").toJavaRDD().getNumPartitions()).isEqualTo(3);
    }
  }

  private String extract(String view, String keys) {
    return stage("DeltaLakeExtract", "inputURI: \"" + table + "\", outputView: " + view + keys);
  }

  private SqlJob load(String sql) throws Exception {
    return SqlJob.run(
        view("rows_to_load", sql)
            + stage(
                "DeltaLakeLoad",
                "inputView: rows_to_load, generateSymlinkManifest: false, outputURI: \""
                    + table
                    + "\""));
  }
}
