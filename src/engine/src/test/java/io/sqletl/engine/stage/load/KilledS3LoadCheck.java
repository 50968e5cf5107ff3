package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.LakeMount;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A load to S3 that is killed before a change of the bucket, of many in turn: readers see the old
 * rows or the new, and the same load puts right what is left.
 */
class KilledS3LoadCheck {

  /** Each change in turn takes minutes; 1 is right for whoever changes how files are committed. */
  private static final int STRIDE = Integer.getInteger("sqletl.test.killStride", 5);

  private static final List<String> OLD = List.of("[0,0]", "[1,1]", "[2,0]");
  private static final List<String> NEW = List.of("[10,0]", "[11,1]", "[12,2]");
  private static final String OLD_ROWS = "select id, id % 2 as p from range(0, 3, 1, 1)";
  private static final String NEW_ROWS = "select id + 10 as id, id as p from range(0, 3, 1, 1)";

  @TempDir Path directory;
  private LakeMount lake;

  @BeforeEach
  void mount() {
    lake = new LakeMount(directory, HaltingS3.SETTINGS);
  }

  @AfterEach
  void unmount() {
    HaltingS3.haltAfter(Long.MAX_VALUE);
    lake.close();
  }

  private void load(String type, String out, String query, String keys) throws Exception {
    SqlJob.run(
        view("rows", query)
            + stage(type, "inputView: rows, outputURI: \"" + lake.uri(out) + "\"\n" + keys));
  }

  /** Whether the load was killed after this number of changes. */
  private boolean killed(String type, String out, String keys, long changes) {
    HaltingS3.haltAfter(changes);
    try {
      load(type, out, NEW_ROWS, keys);
      return false;
    } catch (Exception | Error e) {
      return true;
    } finally {
      HaltingS3.haltAfter(Long.MAX_VALUE);
      DeltaLog.clearCache();
    }
  }

  private List<String> read(String type, String out) throws Exception {
    SqlJob.run(
        stage(
            type.replace("Load", "Extract"),
            "inputURI: \"" + lake.uri(out) + "\", outputView: seen"));
    return rows("select id, p from seen order by id");
  }

  /** The files in the folder, and all that is left over, such as marks and unfinished uploads. */
  private List<String> files(String out) throws Exception {
    try (Stream<Path> tree = Files.walk(lake.path(out))) {
      return tree.filter(Files::isRegularFile)
          .map(file -> lake.path(out).relativize(file).toString())
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ParquetLoad,partitionBy: [p]",
    "DeltaLakeLoad,'partitionBy: [p], options: {partitionOverwriteMode: dynamic}'"
  })
  void readersSeeTheOldRowsOrTheNew(String type, String keys) throws Exception {
    load(type, "old", OLD_ROWS, keys.replaceFirst(", options.*", ""));
    Map<Boolean, Integer> seen = new TreeMap<>();
    for (long changes = 0; ; changes += STRIDE) {
      String out = "out" + changes;
      FileUtils.copyDirectory(lake.path("old").toFile(), lake.path(out).toFile());
      boolean killed = killed(type, out, keys, changes);
      List<String> found = read(type, out);
      assertThat(found).as("killed after %s changes", changes).isIn(OLD, NEW);
      seen.merge(found.equals(OLD), 1, Integer::sum);
      if (!killed) {
        assertThat(found).isEqualTo(NEW);
        break;
      }
      load(type, out, NEW_ROWS, keys);
      assertThat(read(type, out)).as("run again after %s changes", changes).isEqualTo(NEW);
      if (type.equals("ParquetLoad")) {
        assertThat(files(out))
            .as("run again after %s changes", changes)
            .allMatch(name -> name.equals("_SUCCESS") || name.endsWith(".parquet"));
      }
    }
    assertThat(seen.get(true)).isPositive();
    assertThat(seen.get(false)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ParquetLoad", "DeltaLakeLoad"})
  void afterAFirstLoadThatWasKilledThereIsNothingOrAll(String type) throws Exception {
    int seen = 0;
    int told = 0;
    for (long changes = 0; ; changes += STRIDE) {
      String out = "first" + changes;
      boolean killed = killed(type, out, "", changes);
      try {
        assertThat(read(type, out)).as("%s changes", changes).isEqualTo(NEW);
        seen++;
      } catch (StageException e) {
        assertThat(e).hasMessageContaining(lake.uri(out));
        told++;
      }
      if (!killed) {
        break;
      }
      load(type, out, NEW_ROWS, "");
      assertThat(read(type, out)).as("run again after %s changes", changes).isEqualTo(NEW);
    }
    assertThat(told).isPositive();
    assertThat(seen).isPositive();
  }

  /** Few changes, so each of them. */
  @Test
  void aFileThatIsAddedToIsNeverWithoutWhatItHeld() throws Exception {
    int old = 0;
    int added = 0;
    for (long changes = 0; ; changes++) {
      Path folder = Files.createDirectories(lake.path("single" + changes));
      Path file = Files.writeString(folder.resolve("one.txt"), "old");
      HaltingS3.haltAfter(changes);
      boolean killed = true;
      try {
        append("single" + changes, "new");
        killed = false;
      } catch (Exception | Error e) {
        old += Files.readString(file).equals("old") ? 1 : 0;
        added += Files.readString(file).equals("old,new") ? 1 : 0;
      } finally {
        HaltingS3.haltAfter(Long.MAX_VALUE);
      }
      assertThat(Files.readString(file)).as("%s changes", changes).isIn("old", "old,new");
      if (!killed) {
        break;
      }
      append("single" + changes, "next");
      assertThat(Files.readString(file)).as("%s changes", changes).isIn("old,next", "old,new,next");
    }
    assertThat(old).isPositive();
    assertThat(added).isPositive();
  }

  private void append(String out, String text) throws Exception {
    SqlJob.run(
        view("rows", "select '" + text + "' as v")
            + stage(
                "TextLoad",
                "inputView: rows, singleFile: true, separator: \",\", saveMode: Append, outputURI: \""
                    + lake.uri(out)
                    + "/one.txt\""));
  }
}
