package io.sqletl.engine.stage.delta;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.LogSegment;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.Action$;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.InMemoryLogReplay;
import org.apache.spark.sql.delta.util.FileNames$;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The data files of a table whose log is short, by reading that log here. Delta has Spark do so,
 * whatever the length: several jobs, and most of a second in a process that has run none of them.
 */
public final class ShortLog {

  private static final long MOST_BYTES = 1 << 20;

  private ShortLog() {}

  /**
   * @return the files of the version, as the log has them; empty if the log is not short, or has a
   *     checkpoint
   */
  public static Optional<List<AddFile>> files(DeltaLog log, Snapshot snapshot) {
    LogSegment segment = snapshot.logSegment();
    List<FileStatus> commits = CollectionConverters.asJava(segment.deltas());
    boolean isWhole =
        segment.checkpointProvider().isEmpty()
            && commits.size() == snapshot.version() + 1
            && commits.stream().allMatch(commit -> FileNames$.MODULE$.isDeltaFile(commit));
    if (!isWhole || commits.stream().mapToLong(FileStatus::getLen).sum() > MOST_BYTES) {
      return Optional.empty();
    }
    InMemoryLogReplay replay = new InMemoryLogReplay(Option.empty(), Option.empty());
    Configuration hadoop = log.newDeltaHadoopConf();
    for (FileStatus commit : commits) {
      List<Action> actions = new ArrayList<>();
      for (String line : CollectionConverters.asJava(log.store().read(commit, hadoop))) {
        actions.add(Action$.MODULE$.fromJson(line));
      }
      replay.append(
          FileNames$.MODULE$.deltaVersion(commit),
          CollectionConverters.asScala(actions.iterator()));
    }
    List<AddFile> files = CollectionConverters.asJava(replay.allFiles());
    // Of these there may be several spellings, which are for Delta to bring together
    return files.stream().allMatch(file -> isRelative(file.pathAsUri()))
        ? Optional.of(files)
        : Optional.empty();
  }

  private static boolean isRelative(URI path) {
    return !path.isAbsolute() && !path.getPath().startsWith("/");
  }
}
