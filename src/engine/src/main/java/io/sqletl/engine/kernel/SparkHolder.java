package io.sqletl.engine.kernel;

import io.sqletl.engine.run.JobFiles;
import io.sqletl.engine.session.Profile;
import io.sqletl.engine.session.S3Settings;
import io.sqletl.engine.session.SparkSettings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * The one Spark session of a notebook. It starts behind what the author does first, and is replaced
 * when it died.
 */
final class SparkHolder implements AutoCloseable {

  private static final String FROM_ENVIRONMENT = "conf_spark_";
  private static final String HADOOP_FROM_ENVIRONMENT = "conf_spark_hadoop_";

  private final KernelOptions options;
  private final JobFiles files;
  private CompletableFuture<SparkSession> session;
  private String master;
  private final UnaryOperator<String> redaction;
  private boolean reachesS3;

  /**
   * @param redaction takes secrets out of what Spark writes itself
   */
  SparkHolder(
      KernelOptions options, JobFiles files, String master, UnaryOperator<String> redaction) {
    this.options = options;
    this.redaction = redaction;
    this.files = files;
    this.master = master;
  }

  /** Begins to start the session; returns at once. */
  synchronized void startBehind() {
    if (session == null) {
      CompletableFuture<SparkSession> starting = new CompletableFuture<>();
      session = starting;
      Thread thread = new Thread(() -> start(starting), "spark-start");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void start(CompletableFuture<SparkSession> starting) {
    try {
      SparkSettings settings =
          SparkSettings.of("arc-jupyter", master)
              .with(Profile.SMALL.settings(Runtime.getRuntime().availableProcessors()))
              // Two cells' worth of jobs never run at once, but a stream and a query do
              .with(Map.of("spark.scheduler.mode", "FAIR"))
              .with(fromEnvironment())
              .with(options.settings());
      SparkSession spark = settings.withRedaction(redaction).start();
      spark.sparkContext().setLogLevel("OFF");
      starting.complete(spark);
    } catch (Exception | LinkageError e) {
      // Spark throws checked exceptions undeclared
      starting.completeExceptionally(e);
    }
  }

  /** {@code conf_spark_sql_shuffle_partitions} of the environment, as Arc's kernel reads it. */
  private Map<String, String> fromEnvironment() {
    Map<String, String> settings = new LinkedHashMap<>();
    options
        .environment()
        .forEach(
            (name, value) -> {
              String lower = name.toLowerCase(Locale.ROOT);
              if (lower.startsWith(HADOOP_FROM_ENVIRONMENT)) {
                String key = name.substring(HADOOP_FROM_ENVIRONMENT.length()).replace('_', '.');
                settings.put("spark.hadoop." + key, value);
              } else if (lower.startsWith(FROM_ENVIRONMENT)) {
                settings.put(name.substring("conf_".length()).replace('_', '.'), value);
              }
            });
    return settings;
  }

  /**
   * The session, waited for.
   *
   * @throws CancellationException when the waiting thread was interrupted
   */
  SparkSession await() {
    startBehind();
    CompletableFuture<SparkSession> starting;
    synchronized (this) {
      starting = session;
    }
    try {
      SparkSession spark = starting.get();
      SparkSession.setActiveSession(spark);
      return spark;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted while Spark started");
    } catch (ExecutionException e) {
      synchronized (this) {
        // The next cell tries anew
        session = null;
      }
      throw sneaky(e.getCause());
    }
  }

  /** Hands on what Spark threw, as Spark does. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> RuntimeException sneaky(Throwable exception) throws T {
    throw (T) exception;
  }

  /** The session if it is there and lives; never waits. */
  synchronized Optional<SparkSession> ready() {
    if (session == null || !session.isDone() || session.isCompletedExceptionally()) {
      return Optional.empty();
    }
    return Optional.of(session.join()).filter(spark -> !spark.sparkContext().isStopped());
  }

  /**
   * Lets go of a session that died, so that the next one starts.
   *
   * @return whether there was such a one
   */
  synchronized boolean discardDead() {
    if (session == null || !session.isDone() || session.isCompletedExceptionally()) {
      return false;
    }
    if (!session.join().sparkContext().isStopped()) {
      return false;
    }
    SparkSettings.stop(session.join());
    forget();
    return true;
  }

  /** Stops the session; the next one has that master. */
  synchronized void restart(String newMaster) {
    close();
    master = newMaster;
  }

  private void forget() {
    session = null;
    reachesS3 = false;
    SparkSession.clearActiveSession();
    SparkSession.clearDefaultSession();
  }

  /**
   * Sets the session up to reach {@code s3a:}, the first time that something does: a notebook
   * without S3 needs no S3 server.
   */
  synchronized void reachS3(SparkSession spark) {
    if (reachesS3) {
      return;
    }
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Map<String, String> settings =
        files.lake().isPresent()
            ? files.lake().get().hadoopConfiguration()
            : S3Settings.onAws(options.environment());
    Map<String, String> own = fromEnvironment();
    own.putAll(options.settings());
    settings.forEach(
        (name, value) -> {
          // What the user set for Spark stays
          if (!own.containsKey("spark.hadoop." + name)) {
            hadoop.set(name, value);
          }
        });
    reachesS3 = true;
  }

  /** Whether the user chose a setting of Spark's, which then stays as it is. */
  boolean isSetByUser(String name) {
    return options.settings().containsKey(name) || fromEnvironment().containsKey(name);
  }

  /** Cancels what the session does. */
  void cancel() {
    ready().ifPresent(spark -> spark.sparkContext().cancelAllJobs());
  }

  @Override
  public synchronized void close() {
    if (session != null && session.isDone() && !session.isCompletedExceptionally()) {
      SparkSettings.stop(session.join());
    }
    forget();
  }
}
