package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.HadoopFSUtils;

/** The files that a pattern stands for, as Spark will find them, found without a Spark job. */
final class InputFiles {

  private final String glob;
  private final boolean isPathThere;
  private final List<FileStatus> files;

  private InputFiles(String glob, boolean isPathThere, List<FileStatus> files) {
    this.glob = glob;
    this.isPathThere = isPathThere;
    this.files = files;
  }

  /**
   * Looks a pattern up.
   *
   * @throws StageException if the storage cannot be asked
   */
  static InputFiles find(String glob, Configuration configuration) {
    try {
      Path path = new Path(glob);
      FileSystem storage = path.getFileSystem(configuration);
      FileStatus[] roots = storage.globStatus(path);
      List<FileStatus> files = new ArrayList<>();
      for (FileStatus root : roots == null ? new FileStatus[0] : roots) {
        if (root.isDirectory()) {
          list(storage, root.getPath(), files);
        } else {
          addVisible(root, files);
        }
      }
      return new InputFiles(glob, roots != null && roots.length > 0, files);
    } catch (IOException | IllegalArgumentException e) {
      throw new StageException("Cannot read '" + glob + "': " + e.getMessage(), e);
    }
  }

  /** Directories within are read only where their names are values of partition columns. */
  private static void list(FileSystem storage, Path directory, List<FileStatus> files)
      throws IOException {
    FileStatus[] entries = storage.listStatus(directory);
    Arrays.sort(entries, Comparator.comparing(FileStatus::getPath));
    for (FileStatus entry : entries) {
      if (!entry.isDirectory()) {
        addVisible(entry, files);
      } else if (entry.getPath().getName().contains("=")) {
        list(storage, entry.getPath(), files);
      }
    }
  }

  private static void addVisible(FileStatus file, List<FileStatus> files) {
    if (!HadoopFSUtils.shouldFilterOutPathName(file.getPath().getName())) {
      files.add(file);
    }
  }

  String glob() {
    return glob;
  }

  boolean isPathThere() {
    return isPathThere;
  }

  List<Path> all() {
    return files.stream().map(FileStatus::getPath).toList();
  }

  List<Path> withContent() {
    return files.stream().filter(file -> file.getLen() > 0).map(FileStatus::getPath).toList();
  }
}
