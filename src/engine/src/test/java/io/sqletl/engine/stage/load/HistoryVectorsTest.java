package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.load.HistoryJob.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.history.HistoryCounts;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.AddFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** What loads write where a table has deletion vectors. */
@ExtendWith(OneTask.class)
class HistoryVectorsTest {

  private static final String VECTORS =
      "tableProperties: {\"delta.enableDeletionVectors\": \"true\"}\n";
  private static final String KEYS =
      "keys: id, sequenceBy: at, deleteWhen: \"name = 'D'\"\n" + VECTORS;

  @TempDir private Path folder;

  @Test
  void rowsThatStayAreNotCopied() throws Exception {
    loadThings(0, 100, "a", 1, KEYS);
    String file = files().get(0).path();
    assertThat(changesOf(0, 10, "b", 5)).isEqualTo(new RowChanges(10, 10, 0, 0));
    assertThat(files())
        .filteredOn(each -> each.path().equals(file))
        .extracting(AddFile::numDeletedRecords)
        .containsExactly(10L);
    requireSound("[100,10]");
    // The vector that is there and the new one
    assertThat(loadThings(10, 14, "b", 5, KEYS)).isEqualTo(counts(0, 4, 0, 0, 0, 0));
    assertThat(files())
        .filteredOn(each -> each.path().equals(file))
        .extracting(AddFile::numDeletedRecords)
        .containsExactly(14L);
    requireSound("[100,14]");
    assertThat(loadThings(0, 14, "b", 5, KEYS)).isEqualTo(counts(0, 0, 14, 0, 0, 0));
    assertThat(job().read("id, name, valid_from, valid_to", "id, valid_from"))
        .startsWith("[0,a,1,5]", "[0,b,5,null]", "[1,a,1,5]", "[1,b,5,null]")
        .contains("[13,a,1,5]", "[13,b,5,null]", "[14,a,1,null]");
  }

  @Test
  void aFileOfManyHiddenRowsIsWrittenAnew() throws Exception {
    loadThings(0, 100, "a", 1, KEYS);
    String file = files().get(0).path();
    changesOf(0, 20, "b", 5);
    assertThat(files()).extracting(AddFile::path).contains(file);
    assertThat(changesOf(20, 21, "b", 5)).isEqualTo(new RowChanges(1, 1, 0, 79));
    assertThat(files()).extracting(AddFile::path).doesNotContain(file);
    assertThat(files()).extracting(AddFile::numDeletedRecords).containsOnly(0L);
    requireSound("[100,21]");
  }

  @Test
  void aFileWithoutARowLeftIsRemoved() throws Exception {
    String remove = KEYS + "onDelete: remove";
    loadThings(0, 50, "a", 1, remove);
    String first = files().get(0).path();
    loadThings(50, 100, "a", 1, remove);
    SqlJob job = SqlJob.run(job().stages(things(0, 50, "D", 5), remove));
    assertThat(RowChanges.of(job.detail())).contains(new RowChanges(0, 0, 50, 0));
    assertThat(files()).hasSize(1).extracting(AddFile::path).doesNotContain(first);
    requireSound("[50,0]");
  }

  @Test
  void loadsGoOnAfterWhatOthersDoToTheFiles() throws Exception {
    loadThings(0, 100, "a", 1, KEYS);
    changesOf(0, 5, "b", 5);
    sql("OPTIMIZE %s");
    assertThat(files()).hasSize(1);
    changesOf(5, 10, "b", 5);
    requireSound("[100,10]");
    sql("REORG TABLE %s APPLY (PURGE)");
    assertThat(files()).extracting(AddFile::numDeletedRecords).containsOnly(0L);
    changesOf(10, 15, "b", 5);
    requireSound("[100,15]");
    sql("DELETE FROM %s WHERE id = 99");
    changesOf(15, 16, "b", 5);
    requireSound("[99,16]");
    sql("RESTORE TABLE %s TO VERSION AS OF 1");
    requireSound("[100,5]");
    assertThat(loadThings(0, 16, "b", 5, KEYS)).isEqualTo(counts(0, 11, 5, 0, 0, 0));
    requireSound("[100,16]");
    spark().conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
    try {
      sql("VACUUM %s RETAIN 0 HOURS");
    } finally {
      spark().conf().unset("spark.databricks.delta.retentionDurationCheck.enabled");
    }
    DeltaLog.clearCache();
    requireSound("[100,16]");
    assertThat(files()).extracting(AddFile::numDeletedRecords).contains(16L);
  }

  @Test
  void vectorsCountInAHistoryThatTravelsInTime() throws Exception {
    loadThings(0, 100, "a", 1, KEYS);
    changesOf(0, 5, "b", 5);
    changesOf(5, 10, "b", 5);
    assertThat(extracted("asOf: 4")).containsExactly("[100,0]");
    assertThat(extracted("asOf: 5")).containsExactly("[100,10]");
    assertThat(extracted("versions: current")).containsExactly("[100,10]");
    assertThat(extracted("asOf: 5, options: {versionAsOf: \"1\"}")).containsExactly("[100,5]");
    assertThat(extracted("options: {versionAsOf: \"1\"}")).containsExactly("[105,5]");
  }

  @Test
  void aTableThatGetsVectorsLater() throws Exception {
    loadThings(0, 100, "a", 1, "keys: id, sequenceBy: at");
    sql("ALTER TABLE %s SET TBLPROPERTIES ('delta.enableDeletionVectors' = true)");
    String file = files().get(0).path();
    assertThat(changesOf(0, 10, "b", 5).copied()).isZero();
    requireSound("[100,10]");
    sql("ALTER TABLE %s SET TBLPROPERTIES ('delta.enableDeletionVectors' = false)");
    assertThat(changesOf(10, 11, "b", 5).copied()).isEqualTo(89);
    assertThat(files()).extracting(AddFile::path).doesNotContain(file);
    requireSound("[100,11]");
  }

  @Test
  void onlyFilesOfThePartitionsAreMarked() throws Exception {
    String keys = "keys: [half, id], sequenceBy: at, partitionBy: [half]\n" + VECTORS;
    String rows = "SELECT id %% 2 AS half, * FROM (%s)";
    job().load(rows.formatted(things(0, 100, "a", 1)), keys);
    job().load(rows.formatted(things(0, 20, "b", 5)) + " WHERE id % 2 = 0", keys);
    assertThat(files()).hasSize(3).extracting(AddFile::numDeletedRecords).contains(10L);
    requireSound("[100,10]");
  }

  @Test
  void onlyTheNewestIsKept() throws Exception {
    String keys = KEYS + "historyType: 1";
    loadThings(0, 100, "a", 1, keys);
    SqlJob job = SqlJob.run(job().stages(things(0, 10, "b", 5), keys));
    assertThat(RowChanges.of(job.detail())).contains(new RowChanges(0, 10, 0, 0));
    loadThings(10, 15, "D", 5, keys);
    assertThat(job().read("count(*), count_if(name = 'b')", "1")).containsExactly("[95,10]");
    assertThat(files()).extracting(AddFile::numDeletedRecords).contains(15L);
  }

  @Test
  void noManifestTellsOfRowsThatAreHidden() throws Exception {
    Path manifest = folder.resolve("history/_symlink_format_manifest");
    SqlJob unasked = SqlJob.run(unsaid(things(0, 100, "a", 1), KEYS));
    assertThat(unasked.runWarnings()).isEmpty();
    assertThat(manifest).doesNotExist();
    String asked = "keys: id, sequenceBy: at, generateSymlinkManifest: true";
    assertThatThrownBy(() -> SqlJob.run(unsaid(things(0, 10, "b", 5), asked)))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("Nothing was loaded. Either set \"generateSymlinkManifest\" to false")
        .hasMessageContaining("APPLY (PURGE)");
    assertThat(job().commits()).isEqualTo(1);
    sql("ALTER TABLE %s SET TBLPROPERTIES ('delta.enableDeletionVectors' = false)");
    SqlJob.run(unsaid(things(0, 10, "b", 5), asked));
    assertThat(manifest).exists();
    sql("ALTER TABLE %s SET TBLPROPERTIES ('delta.enableDeletionVectors' = true)");
    SqlJob over = SqlJob.run(unsaid(things(10, 20, "b", 5), "keys: id, sequenceBy: at"));
    assertThat(manifest).doesNotExist();
    assertThat(over.runWarnings()).extracting(Problem::code).containsExactly(ErrorCode.NO_MANIFEST);
    requireSound("[100,20]");
  }

  @Test
  void aTableForAManifestGetsNoVectors() throws Exception {
    String sessionDefault = "spark.databricks.delta.properties.defaults.enableDeletionVectors";
    String asked = "keys: id, sequenceBy: at, generateSymlinkManifest: true\n";
    spark().conf().set(sessionDefault, "true");
    try {
      SqlJob.run(unsaid(things(0, 100, "a", 1), asked));
    } finally {
      spark().conf().unset(sessionDefault);
    }
    SqlJob.run(unsaid(things(0, 10, "b", 5), asked));
    assertThat(files()).extracting(AddFile::numDeletedRecords).containsOnly(0L);
    assertThat(folder.resolve("history/_symlink_format_manifest")).exists();
    assertThat(SqlJob.problems(unsaid(things(0, 1, "a", 1), asked + VECTORS)))
        .extracting(Problem::message)
        .singleElement(STRING)
        .contains("they would read rows that are deleted");
  }

  private String unsaid(String query, String keys) {
    return job().stages(query, keys).replace("generateSymlinkManifest: false", "");
  }

  /** Of the things that are there, in all files and in those that statistics leave. */
  private void requireSound(String currentAndChanged) throws Exception {
    assertThat(extracted("versions: current")).containsExactly(currentAndChanged);
    SqlJob.run(stage("DeltaLakeHistoryValidate", "inputURI: \"" + job().table() + "\""));
    assertThat(job().read("count(*)", "1")).isEqualTo(job().read("count(id + 0)", "1"));
    assertThat(
            rows("SELECT max(id), count(*) FROM delta.`%s` WHERE id < 1".formatted(job().table())))
        .isEqualTo(
            rows(
                "SELECT max(id), count(*) FROM delta.`%s` WHERE -id > -1"
                    .formatted(job().table())));
  }

  private List<String> extracted(String keys) throws Exception {
    SqlJob.run(
        stage(
            "DeltaLakeHistoryExtract",
            "inputURI: \"%s\", outputView: extracted, %s".formatted(job().table(), keys)));
    return rows("SELECT count(*), count_if(name = 'b') FROM extracted");
  }

  private RowChanges changesOf(int from, int to, String name, int at) throws Exception {
    return RowChanges.of(SqlJob.run(job().stages(things(from, to, name, at), KEYS)).detail())
        .orElseThrow();
  }

  private HistoryCounts loadThings(int from, int to, String name, int at, String keys)
      throws Exception {
    return job().load(things(from, to, name, at), keys);
  }

  private static String things(int from, int to, String name, int at) {
    return "SELECT INT(id) AS id, '%s' AS name, %d AS at FROM range(%d, %d, 1, 1)"
        .formatted(name, at, from, to);
  }

  private void sql(String statement) {
    spark().sql(statement.formatted("delta.`" + job().table() + "`")).collectAsList();
  }

  private List<AddFile> files() {
    return DeltaLog.forTable(spark(), new org.apache.hadoop.fs.Path(job().table()))
        .update(false, Option.empty(), Option.empty())
        .allFiles()
        .collectAsList();
  }

  private HistoryJob job() {
    return new HistoryJob(folder);
  }
}
