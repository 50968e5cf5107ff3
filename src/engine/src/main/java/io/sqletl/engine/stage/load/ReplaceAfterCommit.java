package io.sqletl.engine.stage.load;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
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
 * are unique, so old and new ones can stand side by side in stores that cannot swap directories.
 *
 * <p>Public because Spark makes it by name.
 */
public final class ReplaceAfterCommit extends FileCommitProtocol implements Serializable {

  private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
  private static final String INNER = "spark.sqletl.load.commitProtocolClass";

  /** Written anew by each commit under the same name. */
  private static final String SUCCESS = "_SUCCESS";

  /** What Hadoop's committer keeps the files of tasks in until the job commits. */
  private static final String PENDING = "_temporary";

  private final FileCommitProtocol inner;
  private final transient Path target;
  private final transient List<Tree> replaced = new ArrayList<>();

  /** The files and directories below a path, as they were before the load. */
  private record Tree(FileSystem storage, List<Path> files, List<Path> directories) {

    private static Tree below(FileSystem storage, Path root) throws IOException {
      Tree tree = new Tree(storage, new ArrayList<>(), new ArrayList<>());
      tree.add(root);
      return tree;
    }

    private void add(Path directory) throws IOException {
      for (FileStatus entry : storage.listStatus(directory)) {
        if (entry.isDirectory()) {
          directories.add(entry.getPath());
          add(entry.getPath());
        } else if (!entry.getPath().getName().equals(SUCCESS)) {
          files.add(entry.getPath());
        }
      }
    }

    private void delete() throws IOException {
      for (Path file : files) {
        storage.delete(file, /* recursive */ false);
      }
      directories.sort(Comparator.comparingInt(Path::depth).reversed());
      for (Path directory : directories) {
        if (storage.exists(directory) && storage.listStatus(directory).length == 0) {
          storage.delete(directory, /* recursive */ false);
        }
      }
    }
  }

  /** As Spark makes every protocol, on the driver. */
  public ReplaceAfterCommit(String jobId, String path) {
    String name = SparkSession.active().conf().get(INNER);
    target = new Path(path);
    inner = FileCommitProtocol.instantiate(name, jobId, path, /* dynamicOverwrite */ false);
  }

  /** Writes with this protocol around the session's own. */
  static void during(SparkSession spark, Runnable write) {
    String own = spark.conf().get(PROTOCOL);
    spark.conf().set(INNER, own);
    spark.conf().set(PROTOCOL, ReplaceAfterCommit.class.getName());
    try {
      write.run();
    } finally {
      spark.conf().set(PROTOCOL, own);
      spark.conf().unset(INNER);
    }
  }

  @Override
  public boolean deleteWithJob(FileSystem storage, Path path, boolean recursive) {
    try {
      removePending(storage);
      replaced.add(Tree.below(storage, path));
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list what is to be replaced: " + path, e);
    }
  }

  @Override
  public void commitJob(JobContext job, Seq<TaskCommitMessage> tasks) {
    inner.commitJob(job, tasks);
    try {
      for (Tree tree : replaced) {
        tree.delete();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The new files are complete, but not all files that they replace could be deleted; run"
              + " the load again",
          e);
    }
  }

  @Override
  public void setupJob(JobContext job) {
    try {
      removePending(target.getFileSystem(job.getConfiguration()));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot remove what a killed load left in " + target, e);
    }
    inner.setupJob(job);
  }

  /** Hadoop's committer would take what the tasks of a killed load left for files of its own. */
  private void removePending(FileSystem storage) throws IOException {
    storage.delete(new Path(target, PENDING), /* recursive */ true);
  }

  @Override
  public void abortJob(JobContext job) {
    inner.abortJob(job);
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
