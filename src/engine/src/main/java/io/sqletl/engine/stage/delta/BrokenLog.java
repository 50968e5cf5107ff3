package io.sqletl.engine.stage.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
          return Optional.of(
              "The log of the Delta table '"
                  + uri
                  + "' is broken: the commit "
                  + commit
                  + " is cut off, as by a full disk. Bring that file back; without it the table is"
                  + " as of the commit before, once the file is moved away");
        }
      }
    } catch (IOException e) {
      thrown.addSuppressed(e);
    }
    return Optional.empty();
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
