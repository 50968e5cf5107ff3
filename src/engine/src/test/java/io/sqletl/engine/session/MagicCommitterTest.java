package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.stage.SqlJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the bucket holds while Spark writes to it, and after a write that failed. */
class MagicCommitterTest {

  private static final String HADOOP = "spark.hadoop.";
  private static final String OUTPUT = "s3a://datalake/out";

  @TempDir private Path folder;

  private Lake lake;
  private final Map<String, String> options = new HashMap<>();
  private final Map<String, String> before = new HashMap<>();

  /** The committers of the engine's own sessions, in the session that all tests share. */
  @BeforeEach
  void setCommitters() {
    lake = Lake.at(folder);
    options.putAll(lake.hadoopConfiguration());
    options.put("fs.s3a.impl.disable.cache", "true");
    SparkSettings.of("test", "k8s://x")
        .all()
        .forEach(
            (name, value) -> {
              if (name.startsWith(HADOOP)) {
                options.put(name.substring(HADOOP.length()), value);
              } else if (name.contains("commit")) {
                before.put(name, SqlJob.spark().conf().get(name, null));
                SqlJob.spark().conf().set(name, value);
              }
            });
    assertThat(before).hasSize(2);
  }

  @AfterEach
  void restore() {
    before.forEach(
        (name, value) -> {
          if (value == null) {
            SqlJob.spark().conf().unset(name);
          } else {
            SqlJob.spark().conf().set(name, value);
          }
        });
    lake.close();
  }

  @Test
  void aFailedTaskLeavesNoFile() throws IOException {
    String halfWay =
        "SELECT id, CASE WHEN id = 900 THEN raise_error('half-way') END AS e"
            + " FROM range(0, 1000, 1, 2)";

    assertThatThrownBy(() -> write(halfWay)).hasMessageContaining("half-way");

    assertThat(objects()).isEmpty();
  }

  @Test
  void whatATaskHasCommittedIsSeenWhenTheJobCommits() throws Exception {
    String slow =
        "SELECT id, CASE WHEN id = 1 THEN java_method('java.lang.Thread', 'sleep', bigint(4000))"
            + " END AS e FROM range(0, 2, 1, 2)";
    CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(slow));

    // The first task tells by a file of its own what it has uploaded; the parts are not objects yet
    List<String> meanwhile = objects();
    while (!writing.isDone() && meanwhile.stream().noneMatch(key -> key.endsWith(".pendingset"))) {
      TimeUnit.MILLISECONDS.sleep(10);
      meanwhile = objects();
    }
    assertThat(meanwhile).isNotEmpty().allMatch(key -> key.startsWith("out/__magic"));
    writing.get();

    assertThat(objects())
        .hasSize(3)
        .contains("out/_SUCCESS")
        .filteredOn(key -> key.startsWith("out/part-"))
        .hasSize(2);
    JsonNode success =
        new ObjectMapper().readTree(folder.resolve("datalake/out/_SUCCESS").toFile());
    assertThat(success.path("committer").asText()).isEqualTo("magic");
  }

  @Test
  void aFailedAppendLeavesTheFilesThatWereThere() throws IOException {
    write("SELECT 1 AS id");
    List<String> good = parts();

    assertThatThrownBy(
            () ->
                SqlJob.spark()
                    .sql("SELECT raise_error('refused') AS id")
                    .write()
                    .options(options)
                    .mode(SaveMode.Append)
                    .parquet(OUTPUT))
        .hasMessageContaining("refused");

    assertThat(parts()).hasSize(1).isEqualTo(good);
  }

  private void write(String query) {
    SqlJob.spark().sql(query).write().options(options).parquet(OUTPUT);
  }

  private List<String> parts() throws IOException {
    return objects().stream().filter(key -> key.startsWith("out/part-")).toList();
  }

  /** The keys of all objects; folders that a file system may keep are none. */
  private List<String> objects() throws IOException {
    Path bucket = lake.createBucket("datalake");
    try (Stream<Path> tree = Files.walk(bucket)) {
      return tree.filter(Files::isRegularFile)
          .map(path -> bucket.relativize(path).toString())
          .sorted()
          .toList();
    } catch (java.io.UncheckedIOException e) {
      // Files come and go while they are listed
      if (e.getCause() instanceof NoSuchFileException) {
        return objects();
      }
      throw e;
    }
  }
}
