package io.sqletl.engine.stage.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;

/**
 * Replaces the files of a folder without a moment in which there are none: new files are added by
 * Spark's own commit, and only then the old ones go. Spark's overwrite deletes first, so that a
 * load that fails after it has lost both.
 *
 * <p>A process that dies between the two leaves both; the next overwrite removes both.
 */
final class SafeOverwrite {

  static final SafeOverwrite NONE = new SafeOverwrite(null, List.of());

  /** Written anew by each commit under the same name. */
  private static final String SUCCESS = "_SUCCESS";

  private final FileSystem files;
  private final List<Path> old;

  private SafeOverwrite(FileSystem files, List<Path> old) {
    this.files = files;
    this.old = old;
  }

  /** Remembers the files that a folder has. */
  static SafeOverwrite begin(SparkSession spark, String uri) throws IOException {
    Configuration hadoop = spark.sessionState().newHadoopConf();
    Path folder = new Path(uri);
    FileSystem files = folder.getFileSystem(hadoop);
    List<Path> old = new ArrayList<>();
    if (files.exists(folder)) {
      RemoteIterator<LocatedFileStatus> listed = files.listFiles(folder, true);
      while (listed.hasNext()) {
        Path file = listed.next().getPath();
        if (!file.getName().equals(SUCCESS)) {
          old.add(file);
        }
      }
    }
    return new SafeOverwrite(files, old);
  }

  /** Removes the files that were there before, and the folders that are empty without them. */
  void finish() throws IOException {
    Set<Path> folders = new TreeSet<>(java.util.Comparator.reverseOrder());
    for (Path file : old) {
      files.delete(file, false);
      folders.add(file.getParent());
    }
    for (Path folder : folders) {
      removeIfEmpty(folder);
    }
  }

  private void removeIfEmpty(Path folder) throws IOException {
    if (!files.exists(folder)) {
      return;
    }
    FileStatus[] left = files.listStatus(folder);
    if (left.length == 0) {
      files.delete(folder, false);
      removeIfEmpty(folder.getParent());
    }
  }
}
