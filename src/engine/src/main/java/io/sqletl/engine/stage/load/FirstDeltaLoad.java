package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.files.LoadMarks;
import io.sqletl.engine.stage.files.RunOwner;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The load that makes a Delta table. Before its commit nothing says whose the files in the folder
 * are, so a mark of {@link LoadMarks} does: what a load that was killed left is no reason to refuse
 * the next one, and a load that fails leaves nothing.
 */
final class FirstDeltaLoad {

  private static final String LOG = "_delta_log";

  /** What Delta calls the files of tables. */
  private static final Pattern FILE =
      Pattern.compile(
          "part-\\d{5,}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[.-]c\\d{3}.*\\.parquet");

  private final String uri;
  private final StageContext context;
  private final FileSystem storage;
  private final Path folder;
  private final String id = UUID.randomUUID().toString();

  private FirstDeltaLoad(String uri, StageContext context) throws IOException {
    this.uri = uri;
    this.context = context;
    Path path = new Path(uri);
    this.storage = path.getFileSystem(context.spark().sessionState().newHadoopConf());
    this.folder = storage.makeQualified(path);
  }

  /**
   * Writes a table where none is.
   *
   * @param write makes the table
   * @throws io.sqletl.engine.stage.StageException if the folder holds files of others
   */
  static void into(String uri, StageContext context, Runnable write) throws IOException {
    new FirstDeltaLoad(uri, context).run(write);
  }

  private void run(Runnable write) throws IOException {
    boolean existed = storage.exists(folder);
    Set<Path> left = left();
    if (!left.isEmpty() && LoadMarks.areOver(storage, folder, id)) {
      delete(left);
      context.detail("removedOfKilledLoad", left.size());
      left = Set.of();
    }
    TargetFolder.at(uri, context).requireNoFiles(left);
    boolean made = false;
    try {
      LoadMarks.begin(storage, folder, id);
      requireNoFileLoad();
      write.run();
      made = true;
    } finally {
      LoadMarks.forget(id);
      if (made) {
        LoadMarks.clear(storage, folder, "");
      } else {
        undo(existed);
      }
    }
  }

  /** Its files are not there yet, and would not be in the table. */
  private void requireNoFileLoad() throws IOException {
    Optional<RunOwner> other = LoadMarks.claimant(storage, folder);
    if (other.isPresent()) {
      throw new StageException(
          "Another run ("
              + other.get().text()
              + ") is writing files to '"
              + uri
              + "' at this moment, so that no Delta table can be made there. Write the table to"
              + " another folder.");
    }
  }

  /** After a failure, which is what is told: the folder is as it was, unless others use it. */
  private void undo(boolean existed) throws IOException {
    if (LoadMarks.areOver(storage, folder, id) && !DeltaCommits.of(context.spark(), uri).exist()) {
      delete(left());
      storage.delete(new Path(folder, LOG), /* recursive */ true);
    }
    LoadMarks.end(storage, folder, id);
    if (!existed && storage.exists(folder) && storage.listStatus(folder).length == 0) {
      storage.delete(folder, /* recursive */ false);
    }
  }

  /** Files that were written since the first mark was set, when the folder held none. */
  private Set<Path> left() throws IOException {
    OptionalLong since = LoadMarks.since(storage, folder);
    Set<Path> files = new HashSet<>();
    if (since.isEmpty()) {
      return files;
    }
    Deque<Path> folders = new ArrayDeque<>(Set.of(folder));
    while (!folders.isEmpty()) {
      for (FileStatus entry : storage.listStatus(folders.pop())) {
        String name = entry.getPath().getName();
        if (entry.isDirectory()) {
          if (name.contains("=")) {
            folders.push(entry.getPath());
          }
        } else if (entry.getModificationTime() >= since.getAsLong()
            && FILE.matcher(name).matches()) {
          files.add(entry.getPath());
        }
      }
    }
    return files;
  }

  private void delete(Set<Path> files) throws IOException {
    for (Path file : files) {
      storage.delete(file, /* recursive */ false);
      Path above = file.getParent();
      while (!above.equals(folder) && storage.listStatus(above).length == 0) {
        storage.delete(above, /* recursive */ false);
        above = above.getParent();
      }
    }
  }
}
