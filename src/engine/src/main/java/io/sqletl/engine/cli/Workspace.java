package io.sqletl.engine.cli;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.run.JobFiles;
import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.session.Lake;
import io.sqletl.engine.session.LakeException;
import io.sqletl.engine.session.Storage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a job's files are: the lake or S3, and what the repository ships for its bucket. */
final class Workspace implements AutoCloseable {

  private final JobFiles files;
  private final Storage storage;

  private Workspace(Optional<Lake> lake) {
    this.files = JobFiles.of(lake);
    this.storage = files.storage();
  }

  /** Opens the files of a job; touches nothing on disk. */
  static Workspace open(JobArguments job, SessionArguments session) {
    return new Workspace(job.lakeFolder(session).map(Lake::at));
  }

  /**
   * Reads a job's file.
   *
   * @throws JobException with everything that does not parse
   */
  JobSource read(NamedJob job, ArcArguments arc) {
    arc.check();
    String uri = job.job(arc);
    return onLake(
        () -> {
          files.seedBucketOf(
              uri, arc.values().getOrDefault(JobFiles.BUCKET_VARIABLE, JobFiles.LOCAL_BUCKET));
          return JobReader.read(
              uri,
              jobText(uri, arc),
              (main, name) ->
                  storage.readBeside(main, name, arc.jobFileAccess().authentication(main)));
        });
  }

  /**
   * Checks a job, and makes what it needs of the lake.
   *
   * @throws JobException with everything that is wrong
   */
  PlannedJob plan(JobSource source, JobArguments job, ArcArguments arc, SessionArguments session) {
    return onLake(
        () -> {
          Variables variables =
              Variables.of(arc.values(), source, arc.environment(), files.defaultVariables());
          files.seedOwnBucket(source.text(), variables);
          PlannedJob planned =
              JobPlanner.plan(
                  source,
                  variables,
                  arc.jobOptions(job.environment(arc), job.allEnvironments()),
                  files.texts(),
                  StageTypes.load(),
                  session.tableNames());
          files.createBuckets(planned);
          return planned;
        });
  }

  /** Reads the files that stages refer to. */
  StagePlanning.TextFiles texts() {
    return files.texts();
  }

  private static <T> T onLake(Supplier<T> work) {
    try {
      return work.get();
    } catch (LakeException e) {
      throw new JobException(new Problem(ErrorCode.LAKE, null, e.getMessage(), e.remedy()));
    }
  }

  /** What variables stand for that nobody sets. */
  Map<String, String> defaultVariables() {
    return files.defaultVariables();
  }

  private String jobText(String uri, ArcArguments arc) {
    try {
      return storage.readText(uri, arc.jobFileAccess().authentication(uri));
    } catch (IOException e) {
      throw new JobException(Problem.of(ErrorCode.JOB_NOT_FOUND, e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new JobException(Problem.of(ErrorCode.USAGE, e.getMessage()));
    }
  }

  /** The file of the repository that {@link #plan} would bring to this place; empty for none. */
  Optional<Path> shipped(String uri) {
    return files.shipped(uri);
  }

  Optional<Lake> lake() {
    return files.lake();
  }

  Storage storage() {
    return storage;
  }

  /** The file or folder behind a URI of the lake, as short as it can be said. */
  Optional<Path> localPlace(String uri) {
    return files.localPlace(uri);
  }

  @Override
  public void close() {
    files.close();
  }
}
