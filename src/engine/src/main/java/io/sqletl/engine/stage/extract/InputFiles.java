package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.PathPattern;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
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
  private final PassedOver passedOver;
  private final FolderSurroundings surroundings;

  private InputFiles(
      List<String> globs,
      List<String> missing,
      List<FileStatus> files,
      PassedOver passedOver,
      FolderSurroundings surroundings) {
    this.globs = globs;
    this.missing = missing;
    this.files = files;
    this.passedOver = passedOver;
    this.surroundings = surroundings;
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
    List<String> missing = new ArrayList<>();
    List<String> found = new ArrayList<>();
    Listing listing =
        new Listing(
            isRecursive,
            new ArrayList<>(),
            new PassedOver(configuration),
            new FolderSurroundings());
    for (String glob : globs) {
      try {
        String name = asName(glob, configuration);
        found.add(name);
        if (!listing.add(new Path(name), configuration)) {
          missing.add(glob);
        }
      } catch (IllegalArgumentException e) {
        throw withColon(glob, e);
      } catch (IOException e) {
        throw new StageException(
            "Cannot read '"
                + glob
                + "': "
                + FaultText.of(e)
                + "; see that the path is right and that the run may read it",
            e);
      }
    }
    try {
      listing.surroundings.removeUnfinished(listing.files, configuration);
    } catch (IOException e) {
      throw new StageException(
          "Cannot read '" + String.join(",", globs) + "': " + FaultText.of(e), e);
    }
    return new InputFiles(
        List.copyOf(found), missing, listing.files, listing.passedOver, listing.surroundings);
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

  /** The files found so far, and what lies beside and around them. */
  private record Listing(
      boolean isRecursive,
      List<FileStatus> files,
      PassedOver passedOver,
      FolderSurroundings surroundings) {

    /** Adds what a pattern stands for; whether there is any. */
    boolean add(Path pattern, Configuration configuration) throws IOException {
      FileSystem storage = pattern.getFileSystem(configuration);
      FileStatus[] roots = storage.globStatus(pattern);
      if (roots == null || roots.length == 0) {
        return false;
      }
      for (String alternative : PathPattern.alternatives(pattern.toString())) {
        FileStatus[] some = storage.globStatus(new Path(alternative));
        if (some == null || some.length == 0) {
          passedOver.addAlternative(alternative);
        }
      }
      addOtherCases(pattern, roots, storage);
      for (FileStatus root : roots) {
        surroundings.root(root);
        if (root.isDirectory()) {
          addFolder(storage, root.getPath(), root.getPath().getName().contains("="));
        } else {
          addFile(root);
        }
      }
      return true;
    }

    /** Most file systems tell capitals apart in names, and people do not. */
    private void addOtherCases(Path pattern, FileStatus[] roots, FileSystem storage)
        throws IOException {
      Optional<String> anyCase = PathPattern.inAnyCase(pattern.toString());
      if (anyCase.isPresent()) {
        Set<Path> read = Arrays.stream(roots).map(FileStatus::getPath).collect(Collectors.toSet());
        for (FileStatus other : storage.globStatus(new Path(anyCase.get()))) {
          if (other.isFile() && !read.contains(other.getPath())) {
            passedOver.addOtherCase(other.getPath().getName());
          }
        }
      }
    }

    /**
     * Directories within are read where their names are values of partition columns, below such, or
     * where all are.
     */
    private void addFolder(FileSystem storage, Path directory, boolean isPartition)
        throws IOException {
      FileStatus[] entries = storage.listStatus(directory);
      Arrays.sort(entries, Comparator.comparing(FileStatus::getPath));
      for (FileStatus entry : entries) {
        if (!entry.isDirectory()) {
          addFile(entry);
        } else if (isRead(entry.getPath().getName(), isPartition)) {
          addFolder(
              storage, entry.getPath(), isPartition || entry.getPath().getName().contains("="));
        } else {
          passedOver.addFolder(entry.getPath());
          surroundings.folder(entry.getPath());
        }
      }
    }

    private boolean isRead(String folder, boolean inPartition) {
      return isRecursive || inPartition
          ? !HadoopFSUtils.shouldFilterOutPathName(folder)
          : folder.contains("=");
    }

    private void addFile(FileStatus file) {
      String name = file.getPath().getName();
      if (HadoopFSUtils.shouldFilterOutPathName(name)) {
        passedOver.addFile(file);
      } else if (name.indexOf(':') >= 0 && "file".equals(file.getPath().toUri().getScheme())) {
        // On S3 it is read all the same; on this machine the checksum beside it has no path
        throw new IllegalArgumentException(RELATIVE + name);
      } else {
        files.add(file);
      }
    }
  }

  /** A file or folder that has a pattern for its name is meant by its name. */
  private static String asName(String glob, Configuration configuration) throws IOException {
    if (!glob.contains("[") && !glob.contains("{")) {
      return glob;
    }
    Path path = new Path(glob);
    return path.getFileSystem(configuration).exists(path)
        ? glob.replaceAll("([\\[\\]{}])", "\\\\$1")
        : glob;
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
    return surroundings.isRestricted()
        ? all().stream().map(Path::toString).toArray(String[]::new)
        : globs.toArray(String[]::new);
  }

  /**
   * The directory from which on names of directories count as columns; Spark cannot tell it from
   * files that are given one by one.
   *
   * @param said what the job says it is
   */
  Optional<String> basePath(Optional<String> said) {
    return said.or(surroundings::restrictedTo);
  }

  /** The same for files that are given to Spark one by one. */
  Optional<String> partitionRoot(Optional<String> said) {
    return basePath(said).or(() -> all().stream().findFirst().flatMap(InputFiles::aboveKeys));
  }

  private static Optional<String> aboveKeys(Path file) {
    Optional<String> above = Optional.empty();
    for (Path at = file.getParent(); at != null && at.getParent() != null; at = at.getParent()) {
      if (at.getName().contains("=")) {
        above = Optional.of(at.getParent().toString());
      }
    }
    return above;
  }

  /** Files by their names, as Spark takes them, which takes names for patterns. */
  static String[] paths(List<Path> files) {
    return files.stream().map(PathPattern::literal).toArray(String[]::new);
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
