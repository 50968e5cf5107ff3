package io.sqletl.engine.run.failure;

import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Tells data files of Delta tables from other files. */
final class DeltaFiles {

  private DeltaFiles() {}

  /** The table that a file lies in; nothing where there is none, or it cannot be known now. */
  static Optional<String> tableOf(String file) {
    Option<SparkSession> session = SparkSession.getActiveSession();
    if (session.isEmpty()) {
      session = SparkSession.getDefaultSession();
    }
    if (session.isEmpty()) {
      return Optional.empty();
    }
    try {
      Path path = new Path(file);
      FileSystem storage = path.getFileSystem(session.get().sparkContext().hadoopConfiguration());
      for (Path folder = path.getParent(); folder != null; folder = folder.getParent()) {
        if (storage.exists(new Path(folder, "_delta_log"))) {
          return Optional.of(folder.toString());
        }
      }
    } catch (IOException | RuntimeException e) {
      // What failed is told as it is
      return Optional.empty();
    }
    return Optional.empty();
  }
}
