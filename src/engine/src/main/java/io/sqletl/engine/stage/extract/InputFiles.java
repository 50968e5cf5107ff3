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

/** The files that patterns stand for, as Spark will find them, found without a Spark job. */
final class InputFiles {

  /** How Hadoop complains of a colon. */
  private static final String RELATIVE = "Relative path in absolute URI: ";

  private final List<String> globs;
  private final List<String> missing;
  private final List<FileStatus> files;
  private final FolderSurroundings surroundings;

  private InputFiles(
      List<String> globs,
      List<String> missing,
      List<FileStatus> files,
      FolderSurroundings surroundings) {
    this.globs = globs;
    this.missing = missing;
    this.files = files;
    this.surroundings = surroundings;
  }

  /**
   * Looks patterns up.
   *
   * @throws StageException if the storage cannot be asked
   */
  static InputFiles find(List<String> globs, Configuration configuration) {
    List<FileStatus> files = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    FolderSurroundings surroundings = new FolderSurroundings();
    for (String glob : globs) {
      try {
        if (!find(new Path(glob), configuration, files, surroundings)) {
          missing.add(glob);
        }
      } catch (IllegalArgumentException e) {
        throw withColon(glob, e);
      } catch (IOException e) {
        throw new StageException(
            "Cannot read '"
                + glob
                + "': "
                + e.getMessage()
                + "; see that the path is right and that the run may read it",
            e);
      }
    }
    try {
      surroundings.removeUnfinished(files, configuration);
    } catch (IOException e) {
      throw new StageException(
          "Cannot read '" + String.join(",", globs) + "': " + e.getMessage(), e);
    }
    return new InputFiles(List.copyOf(globs), missing, files, surroundings);
  }

  /** Hadoop looks at every name of a folder, and cannot make a path of one with a colon. */
  private static StageException withColon(String glob, IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    int name = message.indexOf(RELATIVE);
    return new StageException(
        name < 0
            ? "Cannot read '" + glob + "': " + message
            : "Cannot read '"
                + glob
                + "': the folder holds a file with a colon in its name, '"
                + message.substring(name + RELATIVE.length())
                + "', and Hadoop cannot read such names; rename it, such as 10-00-00 for 10:00:00",
        e);
  }

  private static boolean find(
      Path path,
      Configuration configuration,
      List<FileStatus> files,
      FolderSurroundings surroundings)
      throws IOException {
    FileSystem storage = path.getFileSystem(configuration);
    FileStatus[] roots = storage.globStatus(path);
    if (roots == null || roots.length == 0) {
      return false;
    }
    for (FileStatus root : roots) {
      surroundings.root(root);
      if (root.isDirectory()) {
        list(storage, root.getPath(), files, surroundings);
      } else {
        addVisible(root, files);
      }
    }
    return true;
  }

  /** Directories within are read only where their names are values of partition columns. */
  private static void list(
      FileSystem storage, Path directory, List<FileStatus> files, FolderSurroundings surroundings)
      throws IOException {
    FileStatus[] entries = storage.listStatus(directory);
    Arrays.sort(entries, Comparator.comparing(FileStatus::getPath));
    for (FileStatus entry : entries) {
      if (!entry.isDirectory()) {
        addVisible(entry, files);
      } else if (entry.getPath().getName().contains("=")) {
        list(storage, entry.getPath(), files, surroundings);
      } else {
        surroundings.folder(entry.getPath());
      }
    }
  }

  private static void addVisible(FileStatus file, List<FileStatus> files) {
    String name = file.getPath().getName();
    if (!HadoopFSUtils.shouldFilterOutPathName(name)) {
      // On S3 it is read all the same; on this machine the checksum beside it has no path
      if (name.indexOf(':') >= 0 && "file".equals(file.getPath().toUri().getScheme())) {
        throw new IllegalArgumentException(RELATIVE + name);
      }
      files.add(file);
    }
  }

  /** What was looked for, for a message. */
  String glob() {
    return String.join(",", globs);
  }

  /** What was looked for, as Spark takes it. */
  String[] globs() {
    return surroundings.isRestricted()
        ? all().stream().map(Path::toString).toArray(String[]::new)
        : globs.toArray(String[]::new);
  }

  /** What lies around the files. */
  FolderSurroundings surroundings() {
    return surroundings;
  }

  boolean isPathThere() {
    return missing.isEmpty();
  }

  /** Those of the patterns that nothing matches, for a message. */
  String missing() {
    return String.join(",", missing);
  }

  List<Path> all() {
    return files.stream().map(FileStatus::getPath).toList();
  }

  List<Path> withoutContent() {
    return files.stream().filter(file -> file.getLen() == 0).map(FileStatus::getPath).toList();
  }

  List<Path> withContent() {
    return files.stream().filter(file -> file.getLen() > 0).map(FileStatus::getPath).toList();
  }
}
