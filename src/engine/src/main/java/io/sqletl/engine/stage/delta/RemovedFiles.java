package io.sqletl.engine.stage.delta;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.OptionalLong;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.storage.ClosableIterator;
import org.apache.spark.sql.delta.util.DeltaCommitFileProvider;

/** The files that a commit of a Delta table took away, by its log. */
final class RemovedFiles {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RemovedFiles() {}

  /**
   * How many rows they had that were part of the table.
   *
   * @return nothing where the log does not say
   */
  static OptionalLong rows(DeltaLog log, long version) {
    long rows = 0;
    try (ClosableIterator<String> lines =
        log.store()
            .readAsIterator(
                DeltaCommitFileProvider.apply(log.unsafeVolatileSnapshot()).deltaFile(version),
                log.newDeltaHadoopConf())) {
      while (lines.hasNext()) {
        JsonNode file = JSON.readTree(lines.next()).path("remove");
        if (file.isObject()) {
          JsonNode count = JSON.readTree(file.path("stats").asText("{}")).path("numRecords");
          if (!count.isNumber()) {
            return OptionalLong.empty();
          }
          rows += count.asLong();
          rows -= file.path("deletionVector").path("cardinality").asLong();
        }
      }
    } catch (IOException e) {
      // Cleaned up since
      return OptionalLong.empty();
    }
    return OptionalLong.of(rows);
  }
}
