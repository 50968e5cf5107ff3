package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.Folder;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.LoadMarks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The load that makes a Delta table, where one before it was killed or failed. */
class FirstDeltaLoadTest {

  private static final String MERGE =
      "condition: \"source.id = target.id\", whenNotMatchedByTargetInsert: {},"
          + " createTableIfNotExists: true";

  @TempDir Path directory;
  private Folder folder;

  @BeforeEach
  void makeFolder() {
    folder = new Folder(directory);
  }

  private SqlJob load(String type, String keys, String query) throws Exception {
    return SqlJob.run(
        view("changes", query)
            + stage(type, "inputView: changes, outputURI: \"" + folder.of("t") + "\"\n" + keys));
  }

  private List<String> read() {
    return rows("select id from delta.`" + folder.of("t") + "` order by id");
  }

  /** What a process leaves that is killed before the commit: files, an empty log, and its mark. */
  private void kill(String owner) throws Exception {
    load("DeltaLakeLoad", "partitionBy: [p]", "select 7 as id, 'x' as p");
    FileUtils.deleteDirectory(directory.resolve("t/_delta_log").toFile());
    Files.createDirectory(directory.resolve("t/_delta_log"));
    Path mark = directory.resolve("t").resolve(LoadMarks.FOLDER).resolve("aa.loading");
    Files.createDirectories(mark.getParent());
    Files.writeString(mark, owner);
    FileUtils.touch(mark.toFile());
    try (var files = Files.walk(directory.resolve("t/p=x"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        FileUtils.touch(file.toFile());
      }
    }
    forgetTable();
  }

  private static void forgetTable() {
    org.apache.spark.sql.delta.DeltaLog.clearCache();
    spark().catalog().clearCache();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"DeltaLakeLoad|", "DeltaLakeLoad|partitionBy: [p]", "DeltaLakeMergeLoad|" + MERGE})
  void theSameCommandSucceedsAfterAKill(String type, String keys) throws Exception {
    kill(java.net.InetAddress.getLocalHost().getHostName() + " 4000000 1700000000000");
    load(type, keys == null ? "" : keys, "select 1 as id, 'y' as p");
    assertThat(read()).containsExactly("[1]");
    assertThat(folder.files("t"))
        .noneMatch(name -> name.startsWith("p=x") || name.startsWith(LoadMarks.FOLDER))
        .filteredOn(name -> name.endsWith(".parquet"))
        .hasSize(1);
  }

  @Test
  void whatARunOnAnotherMachineMayStillUseStays() throws Exception {
    kill("elsewhere 1 " + System.currentTimeMillis());
    load("DeltaLakeLoad", "", "select 1 as id, 'y' as p");
    assertThat(read()).containsExactly("[1]");
    assertThat(folder.files("t")).anyMatch(name -> name.startsWith("p=x"));
  }

  @Test
  void filesOfOthersAreRefusedAllTheSame() throws Exception {
    kill("elsewhere 1 " + System.currentTimeMillis());
    folder.with("t/mine.parquet", "PAR1");
    assertThatThrownBy(() -> load("DeltaLakeLoad", "", "select 1 as id"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("is no Delta table and holds 1 file (mine.parquet)");
    assertThat(folder.files("t")).contains("mine.parquet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"DeltaLakeLoad", "DeltaLakeMergeLoad"})
  void aLoadThatFailsLeavesNothing(String type) throws Exception {
    String query =
        "select if(id = 9, raise_error('no'), id) as id, id % 2 as p from range(0, 10, 1, 5)";
    String keys = type.equals("DeltaLakeLoad") ? "" : MERGE + "\n";
    assertThatThrownBy(() -> load(type, keys + "partitionBy: [p]", query))
        .hasStackTraceContaining("no");
    assertThat(directory).isEmptyDirectory();
    load(type, keys, "select 1 as id");
    assertThat(read()).containsExactly("[1]");
  }
}
