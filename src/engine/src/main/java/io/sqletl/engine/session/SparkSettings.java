package io.sqletl.engine.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers the settings of a session and starts it; what is put later wins. */
public final class SparkSettings {

  private static final Logger LOG = LoggerFactory.getLogger(SparkSettings.class);
  private static final String HADOOP = "spark.hadoop.";

  private final Map<String, String> settings = new LinkedHashMap<>();
  private UnaryOperator<String> redaction = UnaryOperator.identity();

  private SparkSettings() {}

  /**
   * What every session of the engine has.
   *
   * @param applicationName shown by Spark
   * @param master Spark's master
   */
  public static SparkSettings of(String applicationName, String master) {
    SparkSettings gathered = new SparkSettings();
    Map<String, String> settings = gathered.settings;
    settings.put("spark.app.name", applicationName);
    settings.put("spark.master", master);
    settings.put(
        "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    settings.put(S3LogStore.SETTING, S3LogStore.class.getName());
    // For checks of its own Delta lists all files in each commit's checksum, and asks Spark for
    // them
    settings.put("spark.databricks.delta.allFilesInCrc.enabled", "false");
    // Plans of wide tables are cut in messages otherwise; Arc sets the same
    settings.put("spark.sql.debug.maxToStringFields", "8192");
    // Its search for what could not be sent to a task needs a package that newer JDKs lack, and
    // fails in place of telling
    settings.put("spark.serializer.extraDebugInfo", "false");
    settings.putAll(classLoading());
    settings.put("spark.ui.enabled", "false");
    settings.put("spark.ui.showConsoleProgress", "false");
    settings.putAll(committers());
    settings.putAll(fileFormats());
    if (master.startsWith("local")) {
      // Not in the folder where the user happens to be
      Path scratch = ScratchFolder.ofThisProcess();
      settings.put("spark.sql.warehouse.dir", scratch.resolve("warehouse").toUri().toString());
      settings.put("spark.local.dir", scratch.toString());
      // A task that runs out of memory ends with an error that says so; Spark would end the process
      settings.put("spark.executor.killOnFatalError.depth", "0");
      // A laptop's name need not resolve, and nobody else has business with this driver
      settings.put("spark.driver.bindAddress", "127.0.0.1");
      settings.put("spark.driver.host", "127.0.0.1");
      // Other accounts of the machine reach the loopback address too. With executors in processes
      // of their own, Spark makes no secret by itself
      if (!master.startsWith("local-cluster")) {
        settings.put("spark.authenticate", "true");
      }
    }
    return gathered;
  }

  /**
   * Files reach S3 when a job commits, without the copies by which a rename is made there; a failed
   * or killed write leaves nothing to see. Other file systems have their own committers.
   */
  private static Map<String, String> committers() {
    return Map.of(
        "spark.sql.sources.commitProtocolClass",
        "org.apache.spark.internal.io.cloud.PathOutputCommitProtocol",
        "spark.sql.parquet.output.committer.class",
        "org.apache.spark.internal.io.cloud.BindingParquetOutputCommitter",
        HADOOP + "mapreduce.outputcommitter.factory.scheme.s3a",
        "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory",
        HADOOP + "fs.s3a.committer.name",
        "magic");
  }

  /**
   * How files are written and read. Parquet's INT96 is older than its type for times, has no
   * statistics, and others read years after 2262 wrong in it. A page whose checksum is wrong is not
   * read; most writers have none, Spark's has. What files are not asked: {@link PushedFilters}.
   */
  public static Map<String, String> fileFormats() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    settings.put(HADOOP + "parquet.page.verify-checksum.enabled", "true");
    settings.put(
        "spark.sql.extensions",
        PushedFilters.class.getName() + ",io.delta.sql.DeltaSparkSessionExtension");
    PosixFileSystem.settings().forEach((name, value) -> settings.put(HADOOP + name, value));
    return settings;
  }

  /**
   * How tasks find classes. With a session kept apart from others, they ask the driver, over the
   * network, for each name that compiled code looks up and that is no class; a process of ours has
   * one session only.
   */
  public static Map<String, String> classLoading() {
    return Map.of("spark.sql.artifact.isolation.enabled", "false");
  }

  /** Further settings, over those so far. */
  public SparkSettings with(Map<String, String> more) {
    settings.putAll(more);
    return this;
  }

  /** Further settings of Hadoop's, over those so far. */
  public SparkSettings withHadoop(Map<String, String> more) {
    more.forEach((name, value) -> settings.put(HADOOP + name, value));
    return this;
  }

  /**
   * Takes secrets out of what Spark writes itself: its page and its event log.
   *
   * @param clean a text without its secrets; asked from many threads, as long as Spark runs
   */
  public SparkSettings withRedaction(UnaryOperator<String> clean) {
    redaction = clean;
    return this;
  }

  /** The settings so far, by their names. */
  public Map<String, String> all() {
    return Map.copyOf(settings);
  }

  /**
   * Starts the session.
   *
   * @throws org.apache.spark.SparkException if this process has a session that was not stopped
   */
  public SparkSession start() {
    OutputRedaction.use(redaction);
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.putAll(EventLog.redacted(settings));
    all.putAll(SparkPage.settings(settings));
    // Not one that is there already, and keeps its own settings without a word
    new SparkContext(SparkPage.onLoopback(all));
    SparkSession.Builder builder = SparkSession.builder();
    all.forEach(builder::config);
    return builder.getOrCreate();
  }

  /**
   * Stops a session. Hadoop keeps file systems for whoever comes next in this process, with the
   * credentials of this session; they go too.
   */
  public static void stop(SparkSession session) {
    session.stop();
    try {
      FileSystem.closeAll();
    } catch (IOException e) {
      LOG.warn("A file system could not be closed", e);
    }
  }
}
