package io.sqletl.engine.stage.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.storage.ClosableIterator;
import org.apache.spark.sql.delta.util.DeltaCommitFileProvider;
import org.apache.spark.sql.types.StructField;

/**
 * What the commits of a Delta table say of NULL in the files that they add: by the statistics that
 * Delta writes of each file, so that no file is read.
 */
public final class AddedNulls {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADD = "{\"add\":";
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";

  private final DeltaLog log;
  private final long before;

  private AddedNulls(DeltaLog log, long before) {
    this.log = log;
    this.before = before;
  }

  /**
   * @param before the version before the commits; -1 for a table that was not there
   */
  public static AddedNulls since(SparkSession spark, String uri, long before) {
    return new AddedNulls(DeltaLog.forTable(spark, new Path(uri)), before);
  }

  /**
   * Whether a file that was added may hold NULL.
   *
   * @param column a column of the table, in any letter case
   * @return false only if none does; true too where Delta does not say
   */
  public boolean mayBeIn(String column) throws IOException {
    Snapshot now = log.unsafeVolatileSnapshot();
    String name =
        Arrays.stream(now.schema().fields())
            .filter(field -> field.name().equalsIgnoreCase(column))
            .map(AddedNulls::physicalName)
            .findFirst()
            .orElse(column);
    for (long version = now.version(); version > before; version--) {
      if (mayBeIn(name, DeltaCommitFileProvider.apply(now).deltaFile(version))) {
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

  private boolean mayBeIn(String name, Path commit) throws IOException {
    try (ClosableIterator<String> actions =
        log.store().readAsIterator(commit, log.newDeltaHadoopConf())) {
      while (actions.hasNext()) {
        String action = actions.next();
        if (action.startsWith(ADD) && mayBeIn(name, JSON.readTree(action).path("add"))) {
          return true;
        }
      }
      return false;
    } catch (FileNotFoundException e) {
      // Cleaned up, or in a checkpoint alone
      return true;
    }
  }

  private static boolean mayBeIn(String name, JsonNode file) throws IOException {
    JsonNode partitions = file.path("partitionValues");
    if (partitions.has(name)) {
      return partitions.get(name).isNull() || partitions.get(name).asText().isEmpty();
    }
    String statistics = file.path("stats").asText("");
    // A file whose count is missing is taken for one that holds some
    return statistics.isEmpty()
        || JSON.readTree(statistics).path("nullCount").path(name).asLong(1) > 0;
  }
}
