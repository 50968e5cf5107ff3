package io.sqletl.engine.stage;

import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobReader;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.run.PlannedStage;
import io.sqletl.engine.session.SparkSettings;
import io.sqletl.engine.typing.AdjustedValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Plans and runs jobs written as HOCON or as notebook cells, against one session for all tests. */
public final class SqlJob {

  private static SparkSession session;

  private final PlannedJob job;
  private final List<StageContext> contexts = new ArrayList<>();
  private final JobState state = new JobState();

  private final List<Problem> runWarnings = new ArrayList<>();

  private SqlJob(PlannedJob job) {
    this.job = job;
  }

  public static synchronized SparkSession spark() {
    // A test of the command or of the kernel may have stopped the one session of this process
    if (session == null || session.sparkContext().isStopped()) {
      session =
          formatted(SparkSession.builder())
              .master("local[2]")
              .appName("stage tests")
              .config("spark.ui.enabled", "false")
              .config("spark.serializer.extraDebugInfo", "false")
              .config("spark.sql.shuffle.partitions", "2")
              .config("spark.databricks.delta.snapshotPartitions", "1")
              .config("spark.delta.logStore.s3a.impl", "io.sqletl.engine.session.S3LogStore")
              .config("spark.sql.codegen.wholeStage", "false")
              .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
              .config("spark.sql.session.timeZone", "UTC")
              .config(
                  "spark.sql.catalog.spark_catalog",
                  "org.apache.spark.sql.delta.catalog.DeltaCatalog")
              .config(
                  "spark.sql.warehouse.dir",
                  Path.of(System.getProperty("java.io.tmpdir"), "sql-etl-warehouse").toString())
              .getOrCreate();
    }
    return session;
  }

  /** As every session of the product writes and reads files. */
  private static SparkSession.Builder formatted(SparkSession.Builder builder) {
    SparkSettings.fileFormats().forEach(builder::config);
    SparkSettings.classLoading().forEach(builder::config);
    return builder;
  }

  /** The stages of a job file. */
  public static SqlJob plan(String stages) {
    return plan("job.conf", "stages = [\n" + stages + "\n]", options());
  }

  public static SqlJob plan(String file, String text, JobOptions options) {
    JobSource source = JobReader.read(file, text);
    return new SqlJob(
        JobPlanner.plan(
            source,
            Variables.of(Map.of(), source, Map.of(), Map.of()),
            options,
            uri -> Files.readString(Path.of(uri)),
            StageTypes.load(),
            JobPlanner.TableNames.FROM_STAGES));
  }

  public static JobOptions options() {
    return JobOptions.forEnvironment("test");
  }

  /** What is wrong with a job. */
  public static List<Problem> problems(String stages) {
    return problems("job.conf", "stages = [\n" + stages + "\n]", options());
  }

  public static List<Problem> problems(String file, String text, JobOptions options) {
    try {
      plan(file, text, options);
      return List.of();
    } catch (JobException e) {
      return e.problems();
    }
  }

  /** Runs the stages; an exception of one ends the job. */
  public static SqlJob run(String stages) throws Exception {
    return plan(stages).run();
  }

  public SqlJob run() throws Exception {
    for (PlannedStage stage : job.stages()) {
      StageContext context =
          new StageContext(
              spark(),
              job.options(),
              stage.header(),
              stage.type(),
              state,
              stage.position(),
              runWarnings::add);
      contexts.add(context);
      stage.stage().run(context);
    }
    return this;
  }

  public List<Problem> warnings() {
    return job.warnings();
  }

  /** What the stages warned of as they ran, as often as they did. */
  public List<Problem> runWarnings() {
    return List.copyOf(runWarnings);
  }

  /** The detail of the last stage that ran. */
  public Map<String, Object> detail() {
    return contexts.get(contexts.size() - 1).detail();
  }

  /** Where the last stage that ran gathers the values that it rejects. */
  public Optional<Rejected> rejected() {
    return contexts.get(contexts.size() - 1).rejected();
  }

  /** Where a stage gathers the records or values that it rejects; stages count from 0. */
  public Optional<Rejected> rejected(int stage) {
    return contexts.get(stage).rejected();
  }

  /** Where the last stage that ran counts the values that it takes with fewer digits. */
  public AdjustedValues adjusted() {
    return contexts.get(contexts.size() - 1).adjusted().orElseThrow();
  }

  public List<String> outputs() {
    return contexts.get(contexts.size() - 1).outputs();
  }

  /** The rows of a query, each as text. */
  public static List<String> rows(String query) {
    return spark().sql(query).collectAsList().stream().map(Row::toString).toList();
  }

  /** A stage of HOCON, with the keys that every stage needs. */
  public static String stage(String type, String keys) {
    return "{type: " + type + ", name: \"a " + type + "\", environments: [test]\n" + keys + "}\n";
  }

  /** A SQLTransform. */
  public static String view(String name, String sql) {
    return stage("SQLTransform", "outputView: \"" + name + "\", sql: \"\"\"" + sql + "\"\"\"");
  }
}
