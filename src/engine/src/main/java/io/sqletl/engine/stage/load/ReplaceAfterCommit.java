package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.FolderContents;
import io.sqletl.engine.stage.files.FolderContents.Entry;
import io.sqletl.engine.stage.files.LoadMarks;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.spark.internal.io.FileCommitProtocol;
import org.apache.spark.internal.io.FileNameSpec;
import org.apache.spark.sql.SparkSession;
import scala.Option;
import scala.collection.immutable.Seq;

/**
 * Commits what Spark writes as the session's own protocol does, and deletes the files that are
 * replaced after that; Spark would delete them before the first row is written. Names of new files
 * hold the job's id, so old and new ones can stand side by side in stores that cannot swap
 * directories, and {@link LoadMarks} tell readers which of them count.
 *
 * <p>Public because Spark makes it by name.
 */
public final class ReplaceAfterCommit extends FileCommitProtocol implements Serializable {

  private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
  private static final String INNER = "spark.sqletl.load.commitProtocolClass";
  private static final String ALL = "spark.sqletl.load.replaceAll";
  private static final String CLAIM = "spark.sqletl.load.claim";

  /** Written anew by each commit under the same name. */
  private static final String SUCCESS = "_SUCCESS";

  /** What Hadoop's committer keeps the files of tasks in until the job commits. */
  static final String PENDING = "_temporary";

  private final FileCommitProtocol inner;
  private final String id;
  private final boolean all;
  private final transient Path target;
  private final transient FolderClaim claim;
  private final transient List<Entry> replaced = new ArrayList<>();
  private final transient Set<Path> seen = new HashSet<>();
  private transient boolean replaces;
  private transient boolean isReplaced;

  /** As Spark makes every protocol, on the driver. */
  public ReplaceAfterCommit(String jobId, String path) {
    SparkSession spark = SparkSession.active();
    id = jobId;
    target = new Path(path);
    all = Boolean.parseBoolean(spark.conf().get(ALL));
    claim = FolderClaim.held(spark.conf().get(CLAIM)).orElseThrow();
    inner =
        FileCommitProtocol.instantiate(
            spark.conf().get(INNER), jobId, path, /* dynamicOverwrite */ false);
  }

  /**
   * Writes with this protocol around the session's own.
   *
   * @param all whether all that is there is replaced, and not only what readers take for data
   * @param claim of the folder that is written
   */
  static void during(SparkSession spark, boolean all, FolderClaim claim, Runnable write) {
    String own = spark.conf().get(PROTOCOL);
    spark.conf().set(INNER, own);
    spark.conf().set(ALL, all);
    spark.conf().set(CLAIM, claim.id());
    spark.conf().set(PROTOCOL, ReplaceAfterCommit.class.getName());
    try {
      write.run();
    } finally {
      spark.conf().set(PROTOCOL, own);
      spark.conf().unset(INNER);
      spark.conf().unset(ALL);
      spark.conf().unset(CLAIM);
    }
  }

  @Override
  public boolean deleteWithJob(FileSystem storage, Path path, boolean recursive) {
    try {
      removePending(storage);
      replaces = true;
      for (Entry file : FolderContents.of(storage, path).files()) {
        seen.add(file.path());
        boolean isNew = file.name().equals(SUCCESS);
        if (!isNew && (all || file.goesWithData())) {
          replaced.add(file);
        }
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list what is to be replaced: " + path, e);
    }
  }

  @Override
  public void setupJob(JobContext job) {
    boolean begun = false;
    try {
      removePending(storage(job));
      LoadMarks.begin(storage(job), target, id);
      inner.setupJob(job);
      begun = true;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot begin to write to " + target, e);
    } finally {
      if (!begun) {
        LoadMarks.forget(id);
      }
    }
  }

  @Override
  public void commitJob(JobContext job, Seq<TaskCommitMessage> tasks) {
    try {
      claim.require();
      inner.commitJob(job, tasks);
      FileSystem storage = storage(job);
      claim.require();
      requireAlone(storage);
      complete(storage);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot commit what was written to " + target, e);
    } finally {
      LoadMarks.forget(id);
    }
  }

  /**
   * Programs that know no marks may write at the same time; their files would be among the new ones
   * as if they were of this load.
   */
  private void requireAlone(FileSystem storage) throws IOException {
    if (!replaces) {
      return;
    }
    List<Entry> strangers =
        FolderContents.of(storage, target).files().stream()
            .filter(file -> file.isData() && !file.name().contains(id))
            .filter(file -> !seen.contains(file.path()))
            .toList();
    if (!strangers.isEmpty()) {
      throw new StageException(
          "Another program wrote "
              + TargetFolder.list(strangers)
              + " to '"
              + target
              + "' while this load wrote. Nothing that this load wrote counts, and the files that it"
              + " would have replaced are there. Run this job again when the other has ended; jobs"
              + " that write one folder must not run at the same time.");
    }
  }

  private void complete(FileSystem storage) {
    try {
      if (replaces && !replaced.isEmpty()) {
        LoadMarks.replaced(storage, target, id);
        isReplaced = true;
        deleteReplaced(storage);
      }
      LoadMarks.end(storage, target, id);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The new files are complete, but not all files that they replace could be deleted; run"
              + " the load again",
          e);
    }
  }

  private void deleteReplaced(FileSystem storage) throws IOException {
    Set<Path> folders = new HashSet<>();
    for (Entry file : replaced) {
      storage.delete(file.path(), /* recursive */ false);
      Path folder = file.path().getParent();
      for (int i = 0; i < file.folders().size(); i++) {
        folders.add(folder);
        folder = folder.getParent();
      }
    }
    List<Path> deepest = new ArrayList<>(folders);
    deepest.sort(Comparator.comparingInt(Path::depth).reversed());
    for (Path folder : deepest) {
      if (storage.exists(folder) && storage.listStatus(folder).length == 0) {
        storage.delete(folder, /* recursive */ false);
      }
    }
  }

  /** Hadoop's committer would take what the tasks of a killed load left for files of its own. */
  private void removePending(FileSystem storage) throws IOException {
    storage.delete(new Path(target, PENDING), /* recursive */ true);
  }

  private FileSystem storage(JobContext job) throws IOException {
    return target.getFileSystem(job.getConfiguration());
  }

  @Override
  public void abortJob(JobContext job) {
    try {
      // What is pending is another load's if the folder is
      if (claim.isHeld()) {
        inner.abortJob(job);
      }
      if (!isReplaced) {
        removeOwn(storage(job));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The load failed, and what it wrote to " + target + " could not be removed", e);
    } finally {
      LoadMarks.forget(id);
    }
  }

  /** A commit that failed half-way leaves files that count as soon as the mark is gone. */
  private void removeOwn(FileSystem storage) throws IOException {
    for (Entry file : FolderContents.of(storage, target).files()) {
      if (file.name().contains(id)) {
        storage.delete(file.path(), /* recursive */ false);
      }
    }
    LoadMarks.end(storage, target, id);
  }

  @Override
  public void setupTask(TaskAttemptContext task) {
    inner.setupTask(task);
  }

  @Override
  public String newTaskTempFile(
      TaskAttemptContext task, Option<String> directory, FileNameSpec name) {
    return inner.newTaskTempFile(task, directory, name);
  }

  @Override
  public String newTaskTempFileAbsPath(
      TaskAttemptContext task, String directory, FileNameSpec name) {
    return inner.newTaskTempFileAbsPath(task, directory, name);
  }

  @Override
  public TaskCommitMessage commitTask(TaskAttemptContext task) {
    return inner.commitTask(task);
  }

  @Override
  public void abortTask(TaskAttemptContext task) {
    inner.abortTask(task);
  }

  @Override
  public void onTaskCommit(TaskCommitMessage task) {
    inner.onTaskCommit(task);
  }
}
