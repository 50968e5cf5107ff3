package io.sqletl.engine.stage.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.storage.ClosableIterator;
import org.apache.spark.sql.delta.util.DeltaCommitFileProvider;
import org.apache.spark.sql.types.StructField;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The files that commits of a Delta table wrote, by its log: what their statistics say, and their
 * rows. A file that only got a deletion vector is none of them.
 */
public final class AddedFiles {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

  private final DeltaLog log;
  private final Snapshot snapshot;
  private final List<JsonNode> files;
  private final boolean areAll;

  private AddedFiles(DeltaLog log, Snapshot snapshot, List<JsonNode> files, boolean areAll) {
    this.log = log;
    this.snapshot = snapshot;
    this.files = files;
    this.areAll = areAll;
  }

  /**
   * Those that are still part of the table.
   *
   * @param before the version before the commits; -1 for a table that was not there
   */
  public static AddedFiles since(SparkSession spark, String uri, long before) throws IOException {
    DeltaLog log = DeltaLog.forTable(spark, new Path(uri));
    Snapshot now = log.unsafeVolatileSnapshot();
    List<JsonNode> files = new ArrayList<>();
    Set<String> removed = new HashSet<>();
    boolean areAll = true;
    for (long version = now.version(); version > before; version--) {
      areAll &= read(log, DeltaCommitFileProvider.apply(now).deltaFile(version), files, removed);
    }
    return new AddedFiles(log, now, files, areAll);
  }

  /**
   * @param removed by later commits; those that this one removes are added
   */
  private static boolean read(DeltaLog log, Path commit, List<JsonNode> files, Set<String> removed)
      throws IOException {
    Set<String> removedHere = new HashSet<>();
    try (ClosableIterator<String> lines =
        log.store().readAsIterator(commit, log.newDeltaHadoopConf())) {
      while (lines.hasNext()) {
        JsonNode action = JSON.readTree(lines.next());
        JsonNode file = action.path("add");
        if (file.isObject()
            && !file.hasNonNull("deletionVector")
            && !removed.contains(file.path("path").asText())) {
          files.add(action);
        }
        if (action.path("remove").isObject()) {
          removedHere.add(action.path("remove").path("path").asText());
        }
      }
    } catch (FileNotFoundException e) {
      // Cleaned up, or in a checkpoint alone
      return false;
    }
    removed.addAll(removedHere);
    return true;
  }

  /**
   * Whether a file may hold NULL.
   *
   * @param column a column of the table, in any letter case
   * @return false only if none does; true too where Delta does not say
   */
  public boolean mayHoldNull(String column) throws IOException {
    String name =
        Arrays.stream(snapshot.schema().fields())
            .filter(field -> field.name().equalsIgnoreCase(column))
            .map(AddedFiles::physicalName)
            .findFirst()
            .orElse(column);
    if (!areAll) {
      return true;
    }
    for (JsonNode action : files) {
      if (mayHoldNull(name, action.path("add"))) {
        return true;
      }
    }
    return false;
  }

  private static String physicalName(StructField field) {
    return field.metadata().contains(PHYSICAL_NAME)
        ? field.metadata().getString(PHYSICAL_NAME)
        : field.name();
  }

  private static boolean mayHoldNull(String name, JsonNode file) throws IOException {
    JsonNode partitions = file.path("partitionValues");
    if (partitions.has(name)) {
      return partitions.get(name).isNull() || partitions.get(name).asText().isEmpty();
    }
    String statistics = file.path("stats").asText("");
    // A file whose count is missing is taken for one that holds some
    return statistics.isEmpty()
        || JSON.readTree(statistics).path("nullCount").path(name).asLong(1) > 0;
  }

  /** Their size in bytes. */
  public long bytes() {
    return files.stream().mapToLong(action -> action.path("add").path("size").asLong()).sum();
  }

  /**
   * Their rows, with the columns of the table.
   *
   * @return nothing where the log does not know of all files
   */
  public Optional<Dataset<Row>> rows() {
    if (!areAll) {
      return Optional.empty();
    }
    List<AddFile> added =
        files.stream().map(action -> (AddFile) Action.fromJson(action.toString())).toList();
    return Optional.of(
        log.createDataFrame(
            snapshot, CollectionConverters.asScala(added).toSeq(), false, Option.empty()));
  }
}
