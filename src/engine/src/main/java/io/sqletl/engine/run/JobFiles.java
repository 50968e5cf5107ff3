package io.sqletl.engine.run;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.session.Authentication;
import io.sqletl.engine.session.Lake;
import io.sqletl.engine.session.Storage;
import io.sqletl.engine.stage.StagePlanning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where a job's files are: the lake or S3, and what the repository ships for its bucket. */
public final class JobFiles implements AutoCloseable {

  /** The variable by which jobs name their bucket. */
  public static final String BUCKET_VARIABLE = "ETL_CONF_DATALAKE_LOC";

  /** The bucket of a lake, for a job that is told of none. */
  public static final String LOCAL_BUCKET = "datalake";

  private static final String S3A = "s3a://";

  /** Where the repository is; set by the launcher. */
  private static final String HOME_PROPERTY = "sqletl.home";

  private final Optional<Lake> lake;
  private final Storage storage;

  private JobFiles(Optional<Lake> lake) {
    this.lake = lake;
    this.storage = lake.map(Storage::onLake).orElseGet(Storage::onS3);
  }

  /** Touches nothing on disk. */
  public static JobFiles of(Optional<Lake> lake) {
    return new JobFiles(lake);
  }

  public Optional<Lake> lake() {
    return lake;
  }

  public Storage storage() {
    return storage;
  }

  /** Reads the SQL and schema files of stages. */
  public StagePlanning.TextFiles texts() {
    return new StagePlanning.TextFiles() {
      @Override
      public String read(String uri) throws IOException {
        return storage.readText(uri);
      }

      @Override
      public String read(String uri, Authentication authentication) throws IOException {
        return storage.readText(uri, authentication);
      }

      @Override
      public boolean isMissing(String uri) {
        return storage.isMissing(uri);
      }

      @Override
      public String readBeside(String job, String name) throws IOException {
        return storage.readBeside(job, name, Authentication.none());
      }
    };
  }

  /** Variables that a job has here unless something else defines them. */
  public Map<String, String> defaultVariables() {
    return lake.isPresent() ? Map.of(BUCKET_VARIABLE, LOCAL_BUCKET) : Map.of();
  }

  /** Brings what the repository ships into the bucket that the job calls its own. */
  public void seedOwnBucket(String jobText, Variables variables) {
    if (jobText.contains(S3A)) {
      variables.text(BUCKET_VARIABLE).ifPresent(bucket -> seed(bucket, bucket));
    }
  }

  /** Brings what the repository ships into the bucket of a URI, where that is the job's own. */
  public void seedBucketOf(String uri, String ownBucket) {
    if (uri.startsWith(S3A)) {
      seed(bucketOf(uri), ownBucket);
    }
  }

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

  /** The file of the repository that would be brought to this place of a bucket; empty for none. */
  public Optional<Path> shipped(String uri) {
    String key = uri.startsWith(S3A) ? uri.substring(S3A.length()).replaceFirst("^[^/]*/", "") : "";
    return lake.isPresent() && key.startsWith("app_code/")
        ? Optional.of(appCode().resolve(key.substring("app_code/".length())))
        : Optional.empty();
  }

  /** What the repository ships for its bucket; need not be there. */
  public static Path appCode() {
    return Path.of(System.getProperty(HOME_PROPERTY, "."), "deployment", "app_code");
  }

  /** Makes the buckets of a lake that a job writes to. */
  public void createBuckets(PlannedJob job) {
    if (lake.isPresent()) {
      job.references(Key.Role.OUTPUT_URI).stream()
          .filter(output -> output.startsWith(S3A))
          .forEach(output -> lake.get().createBucket(bucketOf(output)));
    }
  }

  private static String bucketOf(String uri) {
    return uri.substring(S3A.length()).split("/", 2)[0];
  }

  /** The file or folder behind a URI of the lake, as short as it can be said. */
  public Optional<Path> localPlace(String uri) {
    Path here = Path.of("").toAbsolutePath();
    return lake.flatMap(folder -> folder.locate(uri))
        .map(path -> path.startsWith(here) ? here.relativize(path) : path);
  }

  @Override
  public void close() {
    lake.ifPresent(Lake::close);
  }
}
