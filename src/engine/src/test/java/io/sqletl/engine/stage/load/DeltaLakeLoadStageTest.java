package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.tables.DeltaTable;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeltaLakeLoadStageTest {

  private static final String NO_MANIFEST = ", generateSymlinkManifest: false";

  @TempDir Path folder;

  @Test
  void overwritesRowsAndColumns() throws Exception {
    load("SELECT 1 AS id", NO_MANIFEST);
    load("SELECT 'a' AS name, 2 AS number", NO_MANIFEST);
    assertThat(read()).containsExactly("[a,2]");
  }

  @Test
  void tellsTheCommitAndTheOutput() throws Exception {
    SqlJob job = load("SELECT id FROM range(5)", NO_MANIFEST);
    assertThat(job.detail())
        .extractingByKey("commit", InstanceOfAssertFactories.map(String.class, Object.class))
        .containsEntry("version", 0L)
        .extractingByKey("operationMetrics", InstanceOfAssertFactories.MAP)
        .containsEntry("numOutputRows", 5L);
    assertThat(job.outputs()).containsExactly(table());
  }

  @Test
  void aFailedLoadLeavesTheTableAsItWas() throws Exception {
    load("SELECT id FROM range(3)", NO_MANIFEST);
    assertThatThrownBy(
            () ->
                load(
                    "SELECT CASE WHEN id = 7 THEN raise_error('row 7 is bad') ELSE id END AS id"
                        + " FROM range(0, 10, 1, 2)",
                    NO_MANIFEST))
        .hasStackTraceContaining("row 7 is bad");
    assertThat(read()).containsExactly("[0]", "[1]", "[2]");
    load("SELECT 9L AS id", NO_MANIFEST + ", saveMode: Append");
    assertThat(read()).containsExactly("[0]", "[1]", "[2]", "[9]");
  }

  @Test
  void appendAddsNoColumnUnlessAsked() throws Exception {
    load("SELECT 1 AS id", NO_MANIFEST);
    String more = "SELECT 2 AS id, 'b' AS name";
    assertThatThrownBy(() -> load(more, NO_MANIFEST + ", saveMode: Append"))
        .hasMessageContaining("schema");
    load(more, NO_MANIFEST + ", saveMode: Append, options: {mergeSchema: true}");
    assertThat(read()).containsExactly("[1,null]", "[2,b]");
    load("SELECT 3 AS id, 1.5 AS x", NO_MANIFEST + ", saveMode: Append, mergeSchema: true");
    assertThat(read()).containsExactly("[1,null,null]", "[2,b,null]", "[3,null,1.5]");
  }

  @Test
  void replacesOnlyWhatTheConditionNames() throws Exception {
    load("SELECT id, id % 2 AS odd FROM range(4)", NO_MANIFEST + ", partitionBy: [odd]");
    load("SELECT 11L AS id, 1L AS odd", NO_MANIFEST + ", replaceWhere: \"odd = 1\"");
    assertThat(read()).containsExactly("[0,0]", "[11,1]", "[2,0]");
    load(
        "SELECT 12L AS id, 0L AS odd",
        NO_MANIFEST + ", options: {partitionOverwriteMode: dynamic}, partitionBy: [odd]");
    assertThat(read()).containsExactly("[11,1]", "[12,0]");
  }

  @Test
  void otherSaveModesKeepTheTable() throws Exception {
    load("SELECT 1 AS id", NO_MANIFEST);
    load("SELECT 2 AS id", NO_MANIFEST + ", saveMode: Ignore");
    assertThatThrownBy(() -> load("SELECT 3 AS id", NO_MANIFEST + ", saveMode: ErrorIfExists"))
        .isInstanceOf(StageException.class)
        .hasMessage(
            "There is a Delta table at '"
                + table()
                + "' already and 'saveMode' equals 'ErrorIfExists' so cannot continue.");
    assertThat(read()).containsExactly("[1]");
  }

  @Test
  void writesTheManifestPerPartition() throws Exception {
    load("SELECT id, id % 2 AS odd FROM range(4)", ", partitionBy: [odd]");
    Path manifest = folder.resolve("a table/_symlink_format_manifest/odd=1/manifest");
    assertThat(Files.readAllLines(manifest))
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).startsWith("file:").endsWith(".parquet"));
    load("SELECT id, id % 2 AS odd FROM range(1)", ", partitionBy: [odd]");
    assertThat(manifest).doesNotExist();
  }

  @Test
  void writesTheManifestThatDeltaWrites() throws Exception {
    load("SELECT id FROM range(9)", ", numPartitions: 2");
    Path manifest = folder.resolve("a table/_symlink_format_manifest/manifest");
    List<String> ours = Files.readAllLines(manifest);
    DeltaTable.forPath(SqlJob.spark(), table()).generate("symlink_format_manifest");
    assertThat(ours).hasSize(2).containsExactlyInAnyOrderElementsOf(Files.readAllLines(manifest));
    load("SELECT 1L AS id", "");
    assertThat(Files.readAllLines(manifest)).hasSize(1).doesNotContainAnyElementsOf(ours);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "partitionBy: [a] | partitionBy: [b]",
        "partitionBy: [a, b] | partitionBy: [a]",
        "partitionBy: [a] | partitionBy: [a, b]",
        "partitionBy: [a, b] | partitionBy: [a, c]",
        "partitionBy: [a] | partitionBy: []",
        "partitionBy: [] | partitionBy: [a]"
      })
  void theManifestFollowsTheFolders(String first, String second) throws Exception {
    String rows = "SELECT id, id % 2 AS a, id % 3 AS b, 'x y' AS c FROM range(4)";
    load(rows, ", " + first);
    SqlJob again = load(rows, ", " + second);
    assertThat(again.runWarnings()).noneMatch(each -> each.code() == ErrorCode.NO_MANIFEST);
    Path manifest = folder.resolve("a table/_symlink_format_manifest");
    List<String> ours = listed(manifest);
    assertThat(ours).isNotEmpty();
    DeltaTable.forPath(SqlJob.spark(), table()).generate("symlink_format_manifest");
    assertThat(listed(manifest)).isEqualTo(ours);
    load(rows, ", saveMode: Append, " + second);
    assertThat(read()).hasSize(8);
  }

  private static List<String> listed(Path manifest) throws IOException {
    try (Stream<Path> files = Files.walk(manifest)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .map(file -> manifest.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void aManifestThatCannotBeWrittenIsNoFailureOfTheLoad() throws Exception {
    load("SELECT 1 AS id", NO_MANIFEST);
    // No file can be made below a file
    Path home = Files.createDirectory(folder.resolve("home"));
    Path manifest = folder.resolve("a table/_symlink_format_manifest");
    Files.createSymbolicLink(manifest, home.resolve("gone/nowhere"));
    SqlJob job = load("SELECT 2 AS id", ", saveMode: Append");
    assertThat(read()).containsExactly("[1]", "[2]");
    assertThat(job.outputs()).containsExactly(table());
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo(ErrorCode.NO_MANIFEST);
              assertThat(warning.message())
                  .startsWith("The table " + table() + " was written, but its manifest")
                  .contains("so that they may read older rows or none: ");
              assertThat(warning.remedy()).contains("GENERATE symlink_format_manifest");
            });
  }

  @Test
  void aViewWithoutRowsThatReplacesAPartIsTold() throws Exception {
    String months = "SELECT id, IF(id = 0, '2024-01', '2024-02') AS m FROM range(3)";
    String empty = "SELECT id, '2024-02' AS m FROM range(0)";
    for (String partitions : List.of(", partitionBy: [m]", "", ", numPartitions: 1")) {
      load(months, NO_MANIFEST + partitions);
      SqlJob job = load(empty, NO_MANIFEST + ", replaceWhere: \"m = '2024-02'\"");
      assertThat(read()).containsExactly("[0,2024-01]");
      assertThat(RowChanges.of(job.detail()))
          .as("of %s", job.detail())
          .map(RowChanges::describe)
          .contains("2 deleted");
      assertThat(job.runWarnings())
          .singleElement()
          .satisfies(
              warning -> {
                assertThat(warning.code()).isEqualTo(ErrorCode.LOST_IN_LOAD);
                assertThat(warning.message())
                    .contains(
                        "has none of which \"replaceWhere\" (m = '2024-02') is true from now on,"
                            + " where it had 2 before");
                assertThat(warning.remedy()).contains("TO VERSION AS OF ");
              });
      assertThat(load(empty, NO_MANIFEST + ", replaceWhere: \"m = '2024-02'\"").runWarnings())
          .isEmpty();
    }
    SqlJob dynamic =
        load(
            "SELECT 1L AS id, 'a' AS m FROM range(0)",
            NO_MANIFEST + ", options: {partitionOverwriteMode: dynamic}");
    assertThat(dynamic.runWarnings()).hasSize(read().isEmpty() ? 1 : 0);
  }

  @Test
  void columnsThatAreReplacedAreTold() throws Exception {
    load("SELECT 1 AS id, 2 AS qty, 'a' AS name", NO_MANIFEST);
    SqlJob job = load("SELECT '1' AS ID, 'a' AS name, 1 AS more", NO_MANIFEST);
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo(ErrorCode.COLUMNS_DIFFER);
              assertThat(warning.message())
                  .endsWith(": 'id' was INT and is STRING, 'qty' (INT) is gone");
              assertThat(warning.remedy()).endsWith("TO VERSION AS OF 0");
            });
    assertThat(load("SELECT '2' AS id, 'a' AS name, 1 AS more", NO_MANIFEST).runWarnings())
        .isEmpty();
  }

  @Test
  void streamsFromTableToTable() throws Exception {
    load("SELECT id FROM range(3)", NO_MANIFEST);
    JobOptions streaming =
        new JobOptions(
            "test", false, true, false, JobOptions.DEFAULT_STORAGE_LEVEL, true, true, true, true);
    String copy = folder.resolve("copy").toString();
    String extract =
        stage("DeltaLakeExtract", "outputView: arriving, inputURI: \"" + table() + "\"");
    String load = "inputView: arriving, outputURI: \"" + copy + "\"";
    SqlJob unsaid =
        SqlJob.plan(
            "job.conf", "stages = [" + extract + stage("DeltaLakeLoad", load) + "]", streaming);
    assertThatThrownBy(unsaid::run)
        .isInstanceOf(StageException.class)
        .hasMessageContaining("checkpointLocation");
    String checkpoint = ", checkpointLocation: \"" + folder.resolve("checkpoint") + "\"";
    SqlJob.plan(
            "job.conf",
            "stages = [" + extract + stage("DeltaLakeLoad", load + checkpoint) + "]",
            streaming)
        .run();
    StreamingQuery query = SqlJob.spark().streams().active()[0];
    query.processAllAvailable();
    query.stop();
    assertThat(rows("SELECT count(*) FROM delta.`" + copy + "`")).containsExactly("[3]");
  }

  @Test
  void noManifestOfDeletionVectors() throws Exception {
    load(
        "SELECT id FROM range(0, 100, 1, 1)",
        NO_MANIFEST + ", options: {\"delta.enableDeletionVectors\": true}");
    SqlJob.spark().sql("DELETE FROM delta.`" + table() + "` WHERE id = 3").collectAsList();
    SqlJob job = load("SELECT 1000L AS id", ", saveMode: Append");
    assertThat(job.detail())
        .extractingByKey("symlinkManifest", InstanceOfAssertFactories.STRING)
        .contains("deletion vectors");
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.code()).isEqualTo(ErrorCode.NO_MANIFEST);
              assertThat(warning.message()).startsWith("No manifest for Athena and Presto was");
            });
    assertThat(folder.resolve("a table/_symlink_format_manifest")).doesNotExist();
    assertThat(rows("SELECT count(*) FROM delta.`" + table() + "`")).containsExactly("[100]");
  }

  @Test
  void anOlderManifestIsTakenAwayFromDeletionVectors() throws Exception {
    String vectors = ", options: {\"delta.enableDeletionVectors\": true}";
    SqlJob first = load("SELECT id FROM range(0, 100, 1, 1)", vectors);
    Path manifest = folder.resolve("a table/_symlink_format_manifest");
    assertThat(manifest).exists();
    assertThat(first.runWarnings()).isEmpty();
    SqlJob.spark().sql("DELETE FROM delta.`" + table() + "` WHERE id = 3").collectAsList();
    SqlJob job = load("SELECT 1000L AS id", ", saveMode: Append");
    assertThat(manifest).doesNotExist();
    assertThat(job.runWarnings())
        .singleElement()
        .satisfies(
            warning -> {
              assertThat(warning.message()).contains("was taken away");
              assertThat(warning.remedy()).contains("APPLY (PURGE)");
            });
    SqlJob.spark()
        .sql(
            "ALTER TABLE delta.`"
                + table()
                + "` SET TBLPROPERTIES ('delta.enableDeletionVectors' = false)")
        .collectAsList();
    SqlJob.spark().sql("REORG TABLE delta.`" + table() + "` APPLY (PURGE)").collectAsList();
    assertThat(load("SELECT 1001L AS id", ", saveMode: Append").runWarnings()).isEmpty();
    assertThat(manifest).exists();
  }

  @Test
  void columnsWithoutTypeAreLeftOut() throws Exception {
    SqlJob job = load("SELECT 1 AS id, NULL AS nothing", NO_MANIFEST);
    assertThat(job.detail()).containsEntry("drop", Map.of("NullType", List.of("nothing")));
    assertThat(read()).containsExactly("[1]");
  }

  @Test
  void columnsWithoutTypeAreRefusedIfTheRunSaysSo() {
    JobOptions strict =
        new JobOptions(
            "test", false, false, false, JobOptions.DEFAULT_STORAGE_LEVEL, true, true, true, false);
    String text = "stages = [" + stages("SELECT 1 AS id, NULL AS nothing", "") + "]";
    assertThatThrownBy(() -> SqlJob.plan("job.conf", text, strict).run())
        .isInstanceOf(StageException.class)
        .hasMessage(
            "inputView 'rows' contains types {\"NullType\":[\"nothing\"]} which are unsupported by"
                + " DeltaLakeLoad and 'dropUnsupported' is set to false.");
  }

  @Test
  void namesMayHoldAnything() throws Exception {
    load(
        "SELECT 1 AS `größe in.cm`, 2 AS `stra.ße`, 3 AS `back``tick`",
        NO_MANIFEST
            + ", partitionBy: [\"stra.ße\"], options: {\"delta.columnMapping.mode\": name}");
    assertThat(rows("SELECT `größe in.cm`, `stra.ße`, `back``tick` FROM delta.`" + table() + "`"))
        .containsExactly("[1,2,3]");
  }

  @Test
  void partitionsDecideTheFiles() throws Exception {
    SqlJob job = load("SELECT id FROM range(100)", NO_MANIFEST + ", numPartitions: 3");
    assertThat(job.detail())
        .extractingByKey("commit", InstanceOfAssertFactories.map(String.class, Object.class))
        .extractingByKey("operationMetrics", InstanceOfAssertFactories.MAP)
        .containsEntry("numFiles", 3L);
    assertThat(job.detail()).containsEntry("numPartitions", 3);
  }

  @Test
  void aKeyAndAnOptionThatDisagreeAreRefused() {
    assertThat(
            SqlJob.problems(
                stages("SELECT 1 AS id", ", mergeSchema: true, options: {mergeSchema: false}")))
        .extracting(Problem::message)
        .containsExactly("\"mergeSchema\" is \"true\" here and \"false\" in \"options\"");
  }

  @Test
  void unknownAuthenticationIsRefused() {
    assertThat(
            SqlJob.problems(stages("SELECT 1 AS id", ", authentication: {method: AmazonAcessKey}")))
        .extracting(Problem::message)
        .containsExactly("Unable to parse authentication method: 'AmazonAcessKey'");
  }

  private SqlJob load(String sql, String keys) throws Exception {
    return SqlJob.run(stages(sql, keys));
  }

  private String stages(String sql, String keys) {
    return view("rows", sql)
        + stage("DeltaLakeLoad", "inputView: rows, outputURI: \"" + table() + "\"" + keys);
  }

  private String table() {
    return folder.resolve("a table").toString();
  }

  private List<String> read() {
    return rows("SELECT * FROM delta.`" + table() + "`").stream().sorted().toList();
  }
}
