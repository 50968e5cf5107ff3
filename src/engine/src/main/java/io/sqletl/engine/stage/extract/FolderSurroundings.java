package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.files.LoadMarks;
import io.sqletl.engine.stage.files.TableFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What lies beside and above the files that are read: logs of tables, and the marks of loads that
 * are under way or were killed. Most of it is seen while files are listed.
 */
final class FolderSurroundings {

  /** A pattern may stand for folders without end; they are alike. */
  private static final int MOST_LOOKED_AT = 50;

  private final Set<Path> roots = new LinkedHashSet<>();
  private final List<Path> folders = new ArrayList<>();
  private final Map<Path, LoadMarks> marks = new LinkedHashMap<>();

  /** What a pattern stands for: a folder, or a file whose folder is meant. */
  void root(FileStatus root) {
    roots.add(root.isDirectory() ? root.getPath() : root.getPath().getParent());
  }

  /** A folder beside files, that is not read. */
  void folder(Path folder) {
    folders.add(folder);
  }

  /** Leaves out what loads wrote that have not ended, or what they replaced. */
  void removeUnfinished(List<FileStatus> files, Configuration configuration) throws IOException {
    for (Path root : marked(configuration)) {
      FileSystem storage = root.getFileSystem(configuration);
      LoadMarks found = LoadMarks.of(storage, root);
      if (found != LoadMarks.NONE) {
        marks.put(root, found);
      }
    }
    for (Map.Entry<Path, LoadMarks> marked : marks.entrySet()) {
      String below = marked.getKey().toString() + "/";
      files.removeIf(
          file ->
              file.getPath().toString().startsWith(below)
                  && !marked.getValue().isVisible(file.getPath().getName()));
    }
  }

  private Set<Path> marked(Configuration configuration) throws IOException {
    Set<Path> marked = new LinkedHashSet<>();
    folders.stream()
        .filter(folder -> folder.getName().equals(LoadMarks.FOLDER))
        .forEach(folder -> marked.add(folder.getParent()));
    for (Path root : roots.stream().limit(MOST_LOOKED_AT).toList()) {
      Path load = withoutPartitions(root);
      if (load.getFileSystem(configuration).exists(new Path(load, LoadMarks.FOLDER))) {
        marked.add(load);
      }
    }
    return marked;
  }

  private static Path withoutPartitions(Path folder) {
    Path at = folder;
    while (at.getName().contains("=") && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  /** Whether files of the folders do not count, so that Spark must be given those that do. */
  boolean isRestricted() {
    return !marks.isEmpty();
  }

  /**
   * Says of loads that were killed that what they wrote is not read; one under way is no matter.
   */
  void tell(StageContext context) {
    Configuration configuration = context.spark().sessionState().newHadoopConf();
    for (Map.Entry<Path, LoadMarks> marked : marks.entrySet()) {
      Path root = marked.getKey();
      if (!marked.getValue().loading().isEmpty() && areOver(root, configuration)) {
        context.warn(
            ErrorCode.FILES_NOT_READ,
            "A load into "
                + root
                + " was killed before it ended; what it wrote does not count and is not read",
            "run it again: the next load into the folder removes what it left");
      }
    }
  }

  private static boolean areOver(Path root, Configuration configuration) {
    try {
      return LoadMarks.areOver(root.getFileSystem(configuration), root, /* except */ "");
    } catch (IOException e) {
      // Gone meanwhile, or not to be read: nothing is known of the load
      return false;
    }
  }

  /** The folder from which names of partitions count, where the files are given one by one. */
  Optional<String> restrictedTo() {
    return marks.keySet().stream().findFirst().map(Path::toString);
  }

  /** The table that files belong to. */
  Optional<TableFormat.Found> table(Configuration configuration) throws IOException {
    for (Path root : roots.stream().limit(MOST_LOOKED_AT).toList()) {
      FileSystem storage = root.getFileSystem(configuration);
      Optional<TableFormat.Found> found = TableFormat.around(storage, root);
      if (found.filter(table -> table.format() != TableFormat.STREAM).isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
