package io.sqletl.engine.stage.load;

import static io.sqletl.engine.stage.SqlJob.spark;
import static io.sqletl.engine.stage.load.HistoryJob.counts;
import static org.assertj.core.api.Assertions.assertThat;

import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.history.HistoryCounts;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A load is there or it is not: beside another one, and when it is killed. */
@ExtendWith(OneTask.class)
class HistoryTransactionCheck {

  private static final String KEYS = "keys: id, sequenceBy: at\n";
  private static final String BASE =
      "SELECT INT(id) AS id, 'a' AS name, 1 AS at FROM range(0, 4, 1, 1)";
  private static final List<String> OLD =
      List.of("[0,a,1,null]", "[1,a,1,null]", "[2,a,1,null]", "[3,a,1,null]");

  private static CountDownLatch reading;
  private static CountDownLatch committed;

  @TempDir Path folder;
  private HistoryJob job;

  /** The local files as {@code halt:} for what Delta writes its log with. */
  public static final class HaltingLog extends DelegateToFileSystem {
    public HaltingLog(URI uri, Configuration configuration) throws IOException, URISyntaxException {
      super(uri, new HaltingStorage(), configuration, "halt", false);
    }
  }

  @BeforeEach
  void begin() {
    job = new HistoryJob(folder);
    Configuration hadoop = spark().sparkContext().hadoopConfiguration();
    hadoop.set("fs.halt.impl", HaltingStorage.class.getName());
    hadoop.set("fs.halt.impl.disable.cache", "true");
    hadoop.set("fs.AbstractFileSystem.halt.impl", HaltingLog.class.getName());
    reading = new CountDownLatch(1);
    committed = new CountDownLatch(1);
    UDF1<Integer, Integer> afterTheOther =
        value -> {
          reading.countDown();
          assertThat(committed.await(10, TimeUnit.MINUTES)).isTrue();
          return value;
        };
    spark().udf().register("after_the_other", afterTheOther, DataTypes.IntegerType);
  }

  @AfterEach
  void goOn() {
    committed.countDown();
    HaltingStorage.haltAfter(Long.MAX_VALUE);
  }

  private List<String> read() {
    return job.read("id, name, valid_from, valid_to", "id, valid_from");
  }

  /** Of the things whose changes a test is about. */
  private List<String> readFirst() {
    return job.read("id, name, valid_from, valid_to", "id, valid_from").stream()
        .filter(row -> !row.contains(",z,"))
        .toList();
  }

  private boolean hasVectors() {
    return folder.resolve("history").toFile().list((f, n) -> n.endsWith(".bin")).length > 0;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void twoLoadsAtOnceEndAsIfOneAfterTheOther(boolean thereIsATable) throws Exception {
    if (thereIsATable) {
      job.load(BASE, KEYS);
    }
    String slow =
        "SELECT INT(id) AS id, 'slow' AS name, after_the_other(3) AS at FROM range(1, 3, 1, 1)";
    CompletableFuture<SqlJob> other =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return SqlJob.run(job.stages(slow, KEYS).replace("changes", "others"));
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            });
    while (!other.isDone() && !reading.await(100, TimeUnit.MILLISECONDS)) {
      // One that failed before it read anything says why below
    }
    job.load("SELECT INT(id) AS id, 'quick' AS name, 5 AS at FROM range(2, 4, 1, 1)", KEYS);
    committed.countDown();
    assertThat(other.get(10, TimeUnit.MINUTES).detail()).containsEntry("attempts", 2);
    assertThat(read())
        .containsExactlyElementsOf(
            thereIsATable
                ? List.of(
                    "[0,a,1,null]",
                    "[1,a,1,3]",
                    "[1,slow,3,null]",
                    "[2,a,1,3]",
                    "[2,slow,3,5]",
                    "[2,quick,5,null]",
                    "[3,a,1,5]",
                    "[3,quick,5,null]")
                : List.of(
                    "[1,slow,3,null]", "[2,slow,3,5]", "[2,quick,5,null]", "[3,quick,5,null]"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLoadThatIsKilledIsThereOrNot(boolean marksRows) throws Exception {
    String changes = "SELECT INT(id) AS id, 'b' AS name, 5 AS at FROM range(2, 5, 1, 1)";
    List<String> after =
        List.of(
            "[0,a,1,null]",
            "[1,a,1,null]",
            "[2,a,1,5]",
            "[2,b,5,null]",
            "[3,a,1,5]",
            "[3,b,5,null]",
            "[4,b,5,null]");
    // Things enough that two rows are few in their file
    job.load(
        marksRows ? BASE + " UNION ALL SELECT 100 + INT(id), 'z', 1 FROM range(0, 20, 1, 1)" : BASE,
        KEYS + (marksRows ? "tableProperties: {\"delta.enableDeletionVectors\": \"true\"}" : ""));
    if (marksRows) {
      spark().sql("OPTIMIZE delta.`" + job.table() + "`").collectAsList();
    }
    Path kept = folder.resolve("kept");
    FileUtils.copyDirectory(Path.of(job.table()).toFile(), kept.toFile());
    int killedBefore = 0;
    for (long steps = 0; ; steps++) {
      boolean halted = runKilled(changes, steps);
      List<String> seen = readFirst();
      assertThat(seen).as("killed after %s steps", steps).isIn(OLD, after);
      if (!halted) {
        assertThat(seen).isEqualTo(after);
        break;
      }
      boolean isOld = seen.equals(OLD);
      HistoryCounts again = job.load(changes, KEYS);
      assertThat(readFirst()).as("again after %s steps", steps).isEqualTo(after);
      assertThat(hasVectors()).isEqualTo(marksRows);
      assertThat(again).isEqualTo(isOld ? counts(1, 2, 0, 0, 0, 0) : counts(0, 0, 3, 0, 0, 0));
      killedBefore += isOld ? 1 : 0;
      FileUtils.deleteDirectory(Path.of(job.table()).toFile());
      FileUtils.copyDirectory(kept.toFile(), Path.of(job.table()).toFile());
      DeltaLog.clearCache();
    }
    assertThat(killedBefore).isPositive();
  }

  @Test
  void aFirstLoadThatIsKilledLeavesNothingInTheWay() throws Exception {
    boolean halted = runKilled(BASE, 4);
    assertThat(halted).isTrue();
    assertThat(Files.exists(folder.resolve("history"))).isTrue();
    assertThat(job.load(BASE, KEYS)).isEqualTo(counts(4, 0, 0, 0, 0, 0));
    assertThat(read()).isEqualTo(OLD);
  }

  /** Whether the load did not come to its end. */
  private boolean runKilled(String query, long steps) {
    HaltingStorage.haltAfter(steps);
    try {
      SqlJob.run(job.stages(query, KEYS).replace("\"" + job.table(), "\"halt://" + job.table()));
      return false;
    } catch (Exception | Error e) {
      return true;
    } finally {
      HaltingStorage.haltAfter(Long.MAX_VALUE);
      DeltaLog.clearCache();
    }
  }
}
