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

  private final List<String> globs;
  private final List<String> missing;
  private final List<FileStatus> files;
  private final PassedOver passedOver;

  private InputFiles(
      List<String> globs, List<String> missing, List<FileStatus> files, PassedOver passedOver) {
    this.globs = globs;
    this.missing = missing;
    this.files = files;
    this.passedOver = passedOver;
  }

  /**
   * Looks patterns up.
   *
   * @throws StageException if the storage cannot be asked
   */
  static InputFiles find(List<String> globs, Configuration configuration) {
    return find(globs, configuration, false);
  }

  /**
   * The same.
   *
   * @param isRecursive whether files of all folders below belong to the input
   */
  static InputFiles find(List<String> globs, Configuration configuration, boolean isRecursive) {
    List<FileStatus> files = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    List<String> found = new ArrayList<>();
    PassedOver passedOver = new PassedOver(configuration);
    for (String glob : globs) {
      try {
        String name = asName(glob, configuration);
        found.add(name);
        if (!find(new Path(name), configuration, isRecursive, files, passedOver)) {
          missing.add(glob);
        }
      } catch (IOException | IllegalArgumentException e) {
        throw new StageException(
            "Cannot read '"
                + glob
                + "': "
                + e.getMessage()
                + "; see that the path is right and that the run may read it",
            e);
      }
    }
    return new InputFiles(List.copyOf(found), missing, files, passedOver);
  }

  private static boolean find(
      Path path,
      Configuration configuration,
      boolean isRecursive,
      List<FileStatus> files,
      PassedOver passedOver)
      throws IOException {
    FileSystem storage = path.getFileSystem(configuration);
    FileStatus[] roots = storage.globStatus(path);
    if (roots == null || roots.length == 0) {
      return false;
    }
    for (FileStatus root : roots) {
      if (root.isDirectory()) {
        list(storage, root.getPath(), isRecursive, files, passedOver);
      } else {
        addVisible(root, files, passedOver);
      }
    }
    return true;
  }

  /** Directories within are read only where their names are values of partition columns. */
  private static void list(
      FileSystem storage,
      Path directory,
      boolean isRecursive,
      List<FileStatus> files,
      PassedOver passedOver)
      throws IOException {
    FileStatus[] entries = storage.listStatus(directory);
    Arrays.sort(entries, Comparator.comparing(FileStatus::getPath));
    for (FileStatus entry : entries) {
      if (!entry.isDirectory()) {
        addVisible(entry, files, passedOver);
      } else if (isRecursive
          ? !HadoopFSUtils.shouldFilterOutPathName(entry.getPath().getName())
          : entry.getPath().getName().contains("=")) {
        list(storage, entry.getPath(), isRecursive, files, passedOver);
      } else {
        passedOver.addFolder(entry.getPath());
      }
    }
  }

  private static void addVisible(FileStatus file, List<FileStatus> files, PassedOver passedOver) {
    if (HadoopFSUtils.shouldFilterOutPathName(file.getPath().getName())) {
      passedOver.addFile(file);
    } else {
      files.add(file);
    }
  }

  /** A file whose name looks like a pattern that matches nothing is meant by its name. */
  private static String asName(String glob, Configuration configuration) throws IOException {
    Path path = new Path(glob);
    if (!glob.contains("[") && !glob.contains("{")) {
      return glob;
    }
    FileSystem storage = path.getFileSystem(configuration);
    FileStatus[] roots = storage.globStatus(path);
    boolean matches = roots != null && roots.length > 0;
    return matches || !storage.exists(path) ? glob : glob.replaceAll("([\\[\\]{}])", "\\\\$1");
  }

  /** What lies beside the files and is not read. */
  PassedOver passedOver() {
    return passedOver;
  }

  /** What was looked for, for a message. */
  String glob() {
    return String.join(",", globs);
  }

  /** What was looked for, as Spark takes it. */
  String[] globs() {
    return globs.toArray(String[]::new);
  }

  boolean isPathThere() {
    return missing.isEmpty();
  }

  /** Those of the patterns that nothing matches, for a message. */
  String missing() {
    return String.join(",", missing);
  }

  List<FileStatus> statuses() {
    return files.stream().filter(file -> file.getLen() > 0).toList();
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
