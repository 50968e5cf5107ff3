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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A load that is killed before each change of the storage in turn: readers see old or new. */
class KilledLoadTest {

  private static final List<String> OLD = List.of("[0,0]", "[1,1]", "[2,0]", "[3,1]");
  private static final List<String> NEW = List.of("[10,0]", "[11,1]", "[12,2]");
  private static final String OLD_ROWS = "select id, id % 2 as p from range(0, 4, 1, 1)";
  private static final String NEW_ROWS = "select id + 10 as id, id as p from range(0, 3, 1, 1)";

  @TempDir Path directory;
  private Folder folder;

  /** What extracts warn of. */
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void mount() {
    folder = new Folder(directory);
    spark()
        .sparkContext()
        .hadoopConfiguration()
        .set("fs.halt.impl", HaltingStorage.class.getName());
    spark().sparkContext().hadoopConfiguration().set("fs.halt.impl.disable.cache", "true");
  }

  @AfterEach
  void goOn() {
    HaltingStorage.haltAfter(Long.MAX_VALUE);
  }

  private static String load(String query, String scheme, String out, String keys) {
    return view("rows", query)
        + stage("ParquetLoad", "inputView: rows, outputURI: \"" + scheme + out + "\"\n" + keys);
  }

  private List<String> read(String out) throws Exception {
    SqlJob.run(
            stage(
                "ParquetExtract", "inputURI: \"file://" + folder.of(out) + "\", outputView: seen"))
        .runWarnings()
        .forEach(warning -> told.add(warning.message()));
    return rows("select id, p from seen order by id");
  }

  @ParameterizedTest
  @CsvSource({"Overwrite,partitionBy: [p]", "Append,''"})
  void readersSeeTheOldFilesOrTheNew(String mode, String layout) throws Exception {
    List<String> after =
        mode.equals("Append") ? Stream.concat(OLD.stream(), NEW.stream()).toList() : NEW;
    String keys = layout + "\nsaveMode: " + mode;
    int kills = 0;
    SqlJob.run(load(OLD_ROWS, "file://", folder.of("old"), layout));
    for (long steps = 0; ; steps++) {
      String out = "out" + steps;
      FileUtils.copyDirectory(directory.resolve("old").toFile(), directory.resolve(out).toFile());
      HaltingStorage.haltAfter(steps);
      boolean halted = false;
      try {
        SqlJob.run(load(NEW_ROWS, "halt://", folder.of(out), keys));
      } catch (Exception | Error e) {
        halted = true;
      }
      HaltingStorage.haltAfter(Long.MAX_VALUE);
      assertThat(read(out)).as("killed after %s steps", steps).isIn(OLD, after);
      if (!halted) {
        assertThat(read(out)).isEqualTo(after);
        break;
      }
      kills++;
      List<String> expected = mode.equals("Append") && read(out).equals(after) ? null : after;
      SqlJob.run(load(NEW_ROWS, "halt://", folder.of(out), keys));
      if (expected != null) {
        assertThat(read(out)).as("run again after %s steps", steps).isEqualTo(expected);
      }
      assertThat(folder.files(out))
          .as("run again after %s steps", steps)
          .allMatch(name -> name.equals("_SUCCESS") || name.endsWith(".parquet"));
      assertThat(Files.exists(Path.of(folder.of(out + "/_sqletl_load")))).isFalse();
    }
    assertThat(kills).isGreaterThan(5);
    assertThat(told)
        .isNotEmpty()
        .allMatch(
            message ->
                message.endsWith(
                    " was killed before it ended; what it wrote does not count and is not read"));
  }

  @Test
  void aFirstLoadThatWasKilledIsAnEmptyFolder() throws Exception {
    int seen = 0;
    for (long steps = 0; ; steps++) {
      String out = "first" + steps;
      HaltingStorage.haltAfter(steps);
      boolean halted = false;
      try {
        SqlJob.run(load(NEW_ROWS, "halt://", folder.of(out), ""));
      } catch (Exception | Error e) {
        halted = true;
      }
      HaltingStorage.haltAfter(Long.MAX_VALUE);
      if (!halted) {
        break;
      }
      try {
        SqlJob.run(
            stage(
                "ParquetExtract", "inputURI: \"file://" + folder.of(out) + "\", outputView: seen"));
        assertThat(rows("select id, p from seen order by id")).as("%s steps", steps).isEqualTo(NEW);
        seen++;
      } catch (StageException e) {
        // Nothing is there yet, and the extract says so
      }
      SqlJob.run(load(NEW_ROWS, "halt://", folder.of(out), ""));
    }
    assertThat(seen).isPositive();
  }

  private Path markOfAnotherMachine(String out) throws Exception {
    Path mark = directory.resolve(out).resolve("_sqletl_load/f00d.loading");
    Files.createDirectories(mark.getParent());
    Files.writeString(mark, "elsewhere 1 " + System.currentTimeMillis());
    folder.with(out + "/part-00000-f00d-c000.snappy.parquet", "unfinished");
    return mark;
  }

  @Test
  void aLoadOfAnotherMachineThatIsAtWorkIsNotDisturbed() throws Exception {
    SqlJob.run(load(OLD_ROWS, "file://", folder.of("out"), ""));
    Path mark = markOfAnotherMachine("out");
    AtomicBoolean goesOn = new AtomicBoolean(true);
    Thread other =
        new Thread(
            () -> {
              for (long time = 1; goesOn.get(); time++) {
                mark.toFile().setLastModified(System.currentTimeMillis() - time % 2 * 5_000);
                Thread.yield();
              }
            });
    other.start();
    try {
      assertThatThrownBy(() -> SqlJob.run(load(NEW_ROWS, "file://", folder.of("out"), "")))
          .isInstanceOf(StageException.class)
          .hasMessageContaining("Another run (process 1 on elsewhere) is loading into");
    } finally {
      goesOn.set(false);
      other.join();
    }
    assertThat(Files.exists(mark)).isTrue();
    assertThat(read("out")).isEqualTo(OLD);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 86_400_000})
  void aLoadOfAnotherMachineThatWasKilledIsPutRight(long age) throws Exception {
    SqlJob.run(load(OLD_ROWS, "file://", folder.of("out"), ""));
    Path mark = markOfAnotherMachine("out");
    assertThat(mark.toFile().setLastModified(System.currentTimeMillis() - age)).isTrue();
    System.setProperty(LoadMarks.QUIET, "1");
    try {
      SqlJob.run(load(NEW_ROWS, "file://", folder.of("out"), ""));
    } finally {
      System.clearProperty(LoadMarks.QUIET);
    }
    assertThat(read("out")).isEqualTo(NEW);
    assertThat(folder.files("out")).allMatch(name -> !name.contains("f00d"));
  }
}
