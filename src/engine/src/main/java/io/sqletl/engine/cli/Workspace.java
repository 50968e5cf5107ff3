package io.sqletl.engine.cli;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.session.Authentication;
import io.sqletl.engine.session.Lake;
import io.sqletl.engine.session.LakeException;
import io.sqletl.engine.session.Storage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Where a job's files are: the lake or S3, and what the repository ships for its bucket. */
final class Workspace implements AutoCloseable {

  /** The variable by which jobs name their bucket. */
  private static final String BUCKET_VARIABLE = "ETL_CONF_DATALAKE_LOC";

  private static final String LOCAL_BUCKET = "datalake";
  private static final String S3A = "s3a://";

  /** Where the repository is; set by the launcher. */
  private static final String HOME_PROPERTY = "sqletl.home";

  private final Optional<Lake> lake;
  private final Storage storage;

  private Workspace(Optional<Lake> lake) {
    this.lake = lake;
    this.storage = lake.map(Storage::onLake).orElseGet(Storage::onS3);
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
          if (uri.startsWith(S3A)) {
            String own = arc.values().getOrDefault(BUCKET_VARIABLE, LOCAL_BUCKET);
            seed(bucketOf(uri), own);
          }
          return JobReader.read(uri, jobText(uri, arc));
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
              Variables.of(arc.values(), source, arc.environment(), defaultVariables());
          if (source.text().contains(S3A)) {
            variables.text(BUCKET_VARIABLE).ifPresent(bucket -> seed(bucket, bucket));
          }
          PlannedJob planned =
              JobPlanner.plan(
                  source,
                  variables,
                  arc.jobOptions(job.environment(arc), job.allEnvironments()),
                  texts(),
                  StageTypes.load(),
                  session.tableNames());
          createBuckets(planned);
          return planned;
        });
  }

  private StagePlanning.TextFiles texts() {
    return new StagePlanning.TextFiles() {
      @Override
      public String read(String uri) throws IOException {
        return storage.readText(uri);
      }

      @Override
      public String read(String uri, Authentication authentication) throws IOException {
        return storage.readText(uri, authentication);
      }
    };
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
    return lake.isPresent() ? Map.of(BUCKET_VARIABLE, LOCAL_BUCKET) : Map.of();
  }

  private void createBuckets(PlannedJob planned) {
    if (lake.isPresent()) {
      planned.references(Key.Role.OUTPUT_URI).stream()
          .filter(output -> output.startsWith(S3A))
          .forEach(output -> lake.get().createBucket(bucketOf(output)));
    }
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
    String key = uri.startsWith(S3A) ? uri.substring(S3A.length()).replaceFirst("^[^/]*/", "") : "";
    return lake.isPresent() && key.startsWith("app_code/")
        ? Optional.of(appCode().resolve(key.substring("app_code/".length())))
        : Optional.empty();
  }

  private static Path appCode() {
    return Path.of(System.getProperty(HOME_PROPERTY, "."), "deployment", "app_code");
  }

  /** Brings what the repository ships into the bucket that the job calls its own. */
  private void seed(String bucket, String ownBucket) {
    if (lake.isEmpty() || !bucket.equals(ownBucket)) {
      return;
    }
    Path appCode = appCode();
    if (Files.isDirectory(appCode)) {
      lake.get().seed(bucket, appCode);
    } else {
      lake.get().createBucket(bucket);
    }
  }

  private static String bucketOf(String uri) {
    return uri.substring(S3A.length()).split("/", 2)[0];
  }

  Optional<Lake> lake() {
    return lake;
  }

  Storage storage() {
    return storage;
  }

  /** The file or folder behind a URI of the lake, as short as it can be said. */
  Optional<Path> localPlace(String uri) {
    Path here = Path.of("").toAbsolutePath();
    return lake.flatMap(folder -> folder.locate(uri))
        .map(path -> path.startsWith(here) ? here.relativize(path) : path);
  }

  @Override
  public void close() {
    lake.ifPresent(Lake::close);
  }
}
