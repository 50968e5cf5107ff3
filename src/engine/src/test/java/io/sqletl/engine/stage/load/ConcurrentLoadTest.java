package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.rows;
import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.SqlJob.stage;
import static io.sqletl.engine.stage.SqlJob.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.stage.LakeMount;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.LoadMarks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two loads of one folder at once: one of them says so, and the folder is as the other left it. */
class ConcurrentLoadTest {

  private static final String OLD = "select id from range(0, 4, 1, 1)";
  private static final String FIRST =
      "select id + 10 + " + Gate.EXPRESSION + " as id from range(0, 2, 1, 1)";
  private static final String SECOND = "select id + 20 as id from range(0, 3, 1, 1)";

  @TempDir Path directory;
  private LakeMount lake;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void mount() {
    lake = new LakeMount(directory, Map.of());
  }

  @AfterEach
  void unmount() {
    open();
    threads.shutdown();
    lake.close();
  }

  private String uri(String scheme) {
    return scheme.equals("s3a") ? lake.uri("out") : "file://" + lake.path("out");
  }

  private SqlJob load(String type, String uri, String query, String keys) throws Exception {
    return SqlJob.run(
        view("rows", query) + stage(type, "inputView: rows, outputURI: \"" + uri + "\"\n" + keys));
  }

  private List<String> read(String uri) throws Exception {
    SqlJob.run(stage("ParquetExtract", "inputURI: \"" + uri + "\", outputView: seen"));
    return rows("select id from seen order by id");
  }

  private List<String> names() throws Exception {
    try (Stream<Path> tree = Files.walk(lake.path("out"))) {
      return tree.filter(path -> !path.getFileName().toString().endsWith(".crc"))
          .map(path -> lake.path("out").relativize(path).toString())
          .toList();
    }
  }

  private Future<Object> started(String uri, String mode) throws Exception {
    Gate gate = Gate.closed();
    Future<Object> first =
        threads.submit(() -> load("ParquetLoad", uri, FIRST, "saveMode: " + mode));
    gate.awaitLoad();
    return first;
  }

  /** Until the second load has stepped back, as the first is at work, or is over. */
  private static void awaitSecond(Future<?> second, Path folder) {
    await(second, folder, claims -> claims == 2);
    await(second, folder, claims -> claims < 2);
  }

  private static void await(Future<?> second, Path folder, IntPredicate claims) {
    Path marks = folder.resolve(LoadMarks.FOLDER);
    while (!second.isDone() && !claims.test(claims(marks.toFile().list()))) {
      Thread.onSpinWait();
    }
  }

  private static int claims(String[] names) {
    return names == null
        ? 0
        : (int)
            Stream.of(names)
                .filter(name -> name.endsWith(".claimed") && !name.startsWith("."))
                .count();
  }

  private static void open() {
    Gate.current().open();
  }

  @ParameterizedTest
  @CsvSource({
    "s3a,Overwrite,Overwrite",
    "file,Overwrite,Overwrite",
    "file,Append,Overwrite",
    "s3a,Append,Overwrite",
    "file,ErrorIfExists,Ignore",
    "s3a,Ignore,ErrorIfExists"
  })
  void theSecondOfTwoLoadsChangesNothing(String scheme, String one, String other) throws Exception {
    String uri = uri(scheme);
    boolean joins = one.equals("Append");
    if (joins || one.equals("Overwrite")) {
      load("ParquetLoad", uri, OLD, "");
    }
    Future<Object> first = started(uri, one);
    assertThatThrownBy(() -> load("ParquetLoad", uri, SECOND, "saveMode: " + other))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("Another run (process " + ProcessHandle.current().pid() + " on ")
        .hasMessageContaining("is loading into '" + uri + "' at this moment")
        .hasMessageContaining("has written and removed nothing there. Run it again");
    open();
    first.get();
    assertThat(read(uri))
        .containsExactlyInAnyOrderElementsOf(
            joins ? List.of("[0]", "[1]", "[2]", "[3]", "[10]", "[11]") : List.of("[10]", "[11]"));
    assertThat(names()).noneMatch(name -> name.contains("_sqletl_load"));
    load("ParquetLoad", uri, SECOND, "");
    assertThat(read(uri)).containsExactly("[20]", "[21]", "[22]");
  }

  @ParameterizedTest
  @CsvSource({"s3a,Append", "file,Append", "file,Overwrite"})
  void aLoadWhoseRowsJoinTheOthersWaitsForThem(String scheme, String one) throws Exception {
    Future<Object> first = started(uri(scheme), one);
    Future<SqlJob> second =
        threads.submit(() -> load("ParquetLoad", uri(scheme), SECOND, "saveMode: Append"));
    awaitSecond(second, lake.path("out"));
    open();
    first.get();
    assertThat(second.get().detail())
        .hasEntrySatisfying(
            "waitedFor",
            run -> assertThat(run).asString().contains("" + ProcessHandle.current().pid()));
    assertThat(read(uri(scheme))).containsExactlyInAnyOrder("[10]", "[11]", "[20]", "[21]", "[22]");
    assertThat(names()).noneMatch(name -> name.contains("_sqletl_load"));
  }

  @ParameterizedTest
  @CsvSource({
    "s3a, TextLoad, Append, 'before,one0,two'",
    "file, TextLoad, Append, 'before,one0,two'",
    "file, TextLoad, Overwrite, two",
    "s3a, XMLLoad, Overwrite, <r>two</r>"
  })
  void ofTwoLoadsOfOneFileTheSecondComesAfterTheFirst(
      String scheme, String type, String mode, String expected) throws Exception {
    Files.createDirectories(lake.path("out"));
    Path file = Files.writeString(lake.path("out").resolve("one.txt"), "before");
    String keys = "singleFile: true, separator: \",\", saveMode: " + mode;
    if (type.equals("XMLLoad")) {
      keys = "singleFile: true, saveMode: " + mode;
    }
    String uri = uri(scheme) + "/one.txt";
    String one = type.equals("XMLLoad") ? "'<r>one</r>'" : "'one'";
    String two = type.equals("XMLLoad") ? "'<r>two</r>'" : "'two'";
    Gate gate = Gate.closed();
    String shared = keys;
    Future<SqlJob> first =
        threads.submit(
            () -> load(type, uri, "select " + one + " || " + Gate.EXPRESSION + " as v", shared));
    gate.awaitLoad();
    Future<SqlJob> second =
        threads.submit(() -> load(type, uri, "select " + two + " as v", shared));
    awaitSecond(second, lake.path("out").resolve(".sqletl_single_files"));
    open();
    first.get();
    assertThat(second.get().detail()).containsKey("waitedFor");
    assertThat(file).hasContent(expected);
    assertThat(names()).containsExactlyInAnyOrder("", "one.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "file"})
  void aTableIsNotMadeAmongFilesThatAreBeingWritten(String scheme) throws Exception {
    Future<Object> first = started(uri(scheme), "Overwrite");
    assertThatThrownBy(() -> load("DeltaLakeLoad", uri(scheme), SECOND, ""))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("is writing files to '" + uri(scheme) + "' at this moment");
    open();
    first.get();
    assertThat(read(uri(scheme))).containsExactly("[10]", "[11]");
    assertThat(names()).noneMatch(name -> name.startsWith("_delta_log"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "file"})
  void aLoadWhoseFolderWasRemovedMeanwhileSaysSo(String scheme) throws Exception {
    load("ParquetLoad", uri(scheme), OLD, "");
    load("ParquetLoad", "file://" + lake.path("other"), SECOND, "");
    Future<Object> first = started(uri(scheme), "Overwrite");
    FileUtils.deleteDirectory(lake.path("out").toFile());
    FileUtils.moveDirectory(lake.path("other").toFile(), lake.path("out").toFile());
    open();
    assertThatThrownBy(first::get)
        .cause()
        .isInstanceOf(StageException.class)
        .hasMessageContaining(
            "Another run or program removed what this load was writing to '" + uri(scheme) + "'")
        .hasMessageContaining("the folder is as the other left it");
    assertThat(rows("select id from parquet.`" + lake.path("out") + "` order by id"))
        .containsExactly("[20]", "[21]", "[22]");
    assertThat(names()).noneMatch(name -> name.contains("_sqletl_load"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a", "file"})
  void filesThatAnotherProgramWritesMeanwhileAreNotMixedWithTheNewOnes(String scheme)
      throws Exception {
    load("ParquetLoad", uri(scheme), OLD, "");
    load("ParquetLoad", "file://" + lake.path("other"), SECOND, "");
    Future<Object> first = started(uri(scheme), "Overwrite");
    try (Stream<Path> files = Files.list(lake.path("other"))) {
      Path file = files.filter(path -> path.toString().endsWith(".parquet")).findFirst().get();
      Files.copy(file, lake.path("out").resolve("part-00000-other.parquet"));
    }
    open();
    assertThatThrownBy(first::get)
        .hasStackTraceContaining("wrote 1 file (part-00000-other.parquet) to")
        .hasStackTraceContaining("Nothing that this load wrote counts");
    assertThat(read(uri(scheme))).hasSize(7);
    assertThat(names()).filteredOn(name -> name.endsWith(".parquet")).hasSize(2);
    assertThat(names()).noneMatch(name -> name.contains("_sqletl_load"));
  }

  @Test
  void aFolderThatWasEmptyBeforeStaysWhereALoadLeftNothing() throws Exception {
    Files.createDirectories(lake.path("out"));
    assertThatThrownBy(() -> load("ParquetLoad", uri("file"), SECOND, "saveMode: ErrorIfExists"))
        .hasMessageContaining("already exists");
    assertThat(lake.path("out")).isEmptyDirectory();
  }

  /** As a load leaves it for a moment that has removed its marks and not yet the folder. */
  @Test
  void aFolderThatIsEmptyForAMomentGoesWithTheLoadThatCameThen() throws Exception {
    Files.createDirectories(lake.path("out"));
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(uri("file"));
    FileSystem storage = folder.getFileSystem(spark().sessionState().newHadoopConf());
    FutureTask<Boolean> late =
        new FutureTask<>(
            () -> {
              try (FolderClaim claim =
                  FolderClaim.of(uri("file"), storage, folder, Duration.ZERO)) {
                return claim.foundEmpty();
              }
            });
    Thread thread = new Thread(late);
    thread.start();
    while (thread.getState() != Thread.State.TIMED_WAITING && !late.isDone()) {
      Thread.onSpinWait();
    }
    Files.delete(lake.path("out"));
    assertThat(late.get()).isFalse();
    assertThat(lake.path("out")).doesNotExist();
  }

  @Test
  void ofLoadsThatBeginAtOnceOneHasTheFolder() throws Exception {
    for (String scheme : List.of("s3a", "file")) {
      org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(uri(scheme));
      FileSystem storage = folder.getFileSystem(spark().sessionState().newHadoopConf());
      AtomicInteger holders = new AtomicInteger();
      AtomicInteger had = new AtomicInteger();
      List<Callable<Boolean>> loads = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        loads.add(
            () -> {
              try (FolderClaim claim =
                  FolderClaim.of(uri(scheme), storage, folder, Duration.ZERO)) {
                had.incrementAndGet();
                assertThat(holders.incrementAndGet()).isEqualTo(1);
                claim.require();
                holders.decrementAndGet();
                return true;
              } catch (StageException e) {
                assertThat(e).hasMessageContaining("is loading into");
                return false;
              }
            });
      }
      for (Future<Boolean> load : threads.invokeAll(loads)) {
        load.get();
      }
      assertThat(had.get()).as(scheme).isPositive();
      assertThat(LoadMarks.claimant(storage, folder)).isEmpty();
      assertThat(Files.exists(lake.path("out"))).as(scheme).isFalse();
    }
  }
}
