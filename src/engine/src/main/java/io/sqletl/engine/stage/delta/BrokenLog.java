package io.sqletl.engine.stage.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.stage.StageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.Snapshot;
import scala.jdk.javaapi.CollectionConverters;

/** Finds the file of a table's log that Delta could not read, of which Spark says nothing. */
final class BrokenLog {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Commits before the latest checkpoint are not read, and there is one every ten. */
  private static final int MOST_FILES = 20;

  private BrokenLog() {}

  /**
   * A message for the user.
   *
   * @return nothing where the latest commits are whole, so that something else is wrong
   */
  static Optional<String> find(SparkSession spark, String uri, Exception thrown) {
    Path log = new Path(uri, "_delta_log");
    try {
      FileSystem storage = log.getFileSystem(spark.sessionState().newHadoopConf());
      if (!storage.exists(log)) {
        return Optional.empty();
      }
      List<Path> latest =
          Arrays.stream(storage.listStatus(log))
              .map(FileStatus::getPath)
              .filter(file -> file.getName().matches("\\d{20}\\.json"))
              .sorted(Comparator.comparing(Path::getName).reversed())
              .limit(MOST_FILES)
              .toList();
      for (Path commit : latest) {
        if (!isWhole(storage, commit)) {
          return Optional.of(message(uri, commit, "is cut off"));
        }
      }
    } catch (IOException e) {
      thrown.addSuppressed(e);
    }
    return Optional.empty();
  }

  /**
   * @throws StageException if a commit has no byte, which Delta takes for one that changes nothing
   */
  static void requireContent(Snapshot snapshot, String uri) {
    for (FileStatus commit : CollectionConverters.asJava(snapshot.logSegment().deltas())) {
      if (commit.getLen() == 0) {
        throw new StageException(message(uri, commit.getPath(), "has no byte"));
      }
    }
  }

  private static String message(String uri, Path commit, String problem) {
    return "The log of the Delta table '"
        + uri
        + "' is broken: the commit "
        + commit
        + " "
        + problem
        + ", as by a full disk. Bring that file back; without it the table is as of the commit"
        + " before, once the file is moved away";
  }

  private static boolean isWhole(FileSystem storage, Path commit) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(storage.open(commit), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JSON.readTree(line);
      }
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
