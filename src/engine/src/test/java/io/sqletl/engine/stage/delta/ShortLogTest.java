package io.sqletl.engine.stage.delta;

import static io.sqletl.engine.stage.SqlJob.spark;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

/** The files of tables that Delta's own statements wrote, against those that Delta finds. */
class ShortLogTest {

  @TempDir private Path folder;

  @Test
  void theFilesAreThoseThatDeltaFinds() {
    sql("CREATE TABLE %s (id INT, part STRING) USING delta PARTITIONED BY (part)");
    requireSame();
    sql("INSERT INTO %s VALUES (1, 'a b'), (2, 'c%%d'), (3, NULL), (4, 'ä/ö')");
    requireSame();
    sql("INSERT INTO %s VALUES (5, 'a b'), (6, 'c%%d')");
    requireSame();
    sql("DELETE FROM %s WHERE id = 1");
    requireSame();
    sql("OPTIMIZE %s");
    requireSame();
    sql("INSERT OVERWRITE %s VALUES (7, 'x')");
    requireSame();
  }

  @Test
  void vectorsAreThoseThatDeltaFinds() {
    sql(
        "CREATE TABLE %s USING delta TBLPROPERTIES (delta.enableDeletionVectors = true)"
            + " AS SELECT id FROM range(0, 100, 1, 1)");
    sql("DELETE FROM %s WHERE id < 3");
    requireSame();
    sql("DELETE FROM %s WHERE id = 50");
    requireSame();
    assertThat(shortLog().orElseThrow()).extracting(AddFile::numDeletedRecords).containsExactly(4L);
  }

  @Test
  void aLogWithACheckpointIsLeftToDelta() {
    sql("CREATE TABLE %s USING delta AS SELECT 1 AS id");
    log().checkpoint(snapshot(), Option.empty());
    sql("INSERT INTO %s VALUES (2)");
    // As a process that has not seen the table grow
    DeltaLog.clearCache();
    assertThat(shortLog()).isEmpty();
  }

  @Test
  void filesOfAnotherTableAreLeftToDelta() {
    sql("CREATE TABLE %s USING delta AS SELECT 1 AS id");
    String clone = folder.resolve("clone").toUri().toString();
    spark().sql("CREATE TABLE delta.`" + clone + "` SHALLOW CLONE " + table());
    DeltaLog log = DeltaLog.forTable(spark(), new org.apache.hadoop.fs.Path(clone));
    assertThat(ShortLog.files(log, log.unsafeVolatileSnapshot())).isEmpty();
  }

  private void requireSame() {
    List<AddFile> ofDelta = List.of((AddFile[]) snapshot().allFiles().collect());
    assertThat(parts(shortLog().orElseThrow())).containsExactlyInAnyOrderElementsOf(parts(ofDelta));
  }

  /** All but tags, which Delta has as none where the log has an empty list of them. */
  private static List<List<?>> parts(List<AddFile> files) {
    return files.stream()
        .<List<?>>map(
            file ->
                Arrays.asList(
                    file.path(),
                    file.partitionValues(),
                    file.size(),
                    file.modificationTime(),
                    file.dataChange(),
                    file.stats(),
                    file.deletionVector()))
        .toList();
  }

  private Optional<List<AddFile>> shortLog() {
    return ShortLog.files(log(), snapshot());
  }

  private Snapshot snapshot() {
    return log().update(false, Option.empty(), Option.empty());
  }

  private DeltaLog log() {
    return DeltaLog.forTable(spark(), new org.apache.hadoop.fs.Path(folder.resolve("t").toUri()));
  }

  private String table() {
    return "delta.`" + folder.resolve("t").toUri() + "`";
  }

  private void sql(String statement) {
    spark().sql(statement.formatted(table()));
  }
}
