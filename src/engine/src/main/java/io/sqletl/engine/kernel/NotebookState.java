package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.run.JobFiles;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.session.Lake;
import io.sqletl.engine.stage.JobState;
import io.sqletl.engine.stage.SecretNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import scala.jdk.javaapi.CollectionConverters;

/** What is kept from cell to cell: variables, settings, Spark, the files, and what ran. */
final class NotebookState implements AutoCloseable {

  private final KernelOptions options;
  private final JobFiles files;
  private final SparkHolder spark;
  private final Map<String, String> variables = new ConcurrentSkipListMap<>();
  private final Set<String> secrets = new ConcurrentSkipListSet<>();
  private final JobGraph graph = new JobGraph();
  private final List<Block> configurationPlugins = new ArrayList<>();
  private final List<Block> lifecyclePlugins = new ArrayList<>();
  private JobState jobState = new JobState();
  private volatile DisplaySettings settings;
  private volatile KnownSecrets lastKnown;
  private volatile Thread worker;
  private volatile boolean interrupted;

  NotebookState(KernelOptions options) {
    this.options = options;
    this.settings = DisplaySettings.of(options.environment(), options.master());
    this.files = JobFiles.of(options.lake().map(Lake::at));
    this.spark = new SparkHolder(options, files, settings.master(), this::withoutSecrets);
  }

  SparkHolder spark() {
    return spark;
  }

  JobFiles files() {
    return files;
  }

  JobGraph graph() {
    return graph;
  }

  DisplaySettings settings() {
    return settings;
  }

  /** Another master means another session. */
  void change(DisplaySettings changed) {
    boolean moved = !changed.master().equals(settings.master());
    settings = changed;
    if (moved) {
      spark.restart(changed.master());
      forgetViews();
    }
  }

  /** The most rows that are ever shown, which a notebook cannot change. */
  int mostRows() {
    try {
      return Integer.parseInt(options.environment().getOrDefault("CONF_MAX_NUM_ROWS", ""));
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }

  // --- Variables ---

  void define(Map<String, String> more) {
    variables.putAll(more);
  }

  void defineSecret(String name, String value) {
    secrets.add(name);
    variables.put(name, value);
  }

  /** What substitutions of a cell stand for; the notebook's own variables win. */
  Variables variables(JobSource source) {
    return Variables.of(variables, source, options.environment(), files.defaultVariables());
  }

  /** The notebook's variables with a mask for each secret. */
  Map<String, String> shownVariables() {
    Map<String, String> shown = new TreeMap<>();
    variables.forEach((name, value) -> shown.put(name, isSecret(name) ? SecretNames.MASK : value));
    return shown;
  }

  /** Names that a substitution may have: the notebook's and those of jobs in the environment. */
  Set<String> variableNames() {
    Set<String> names = new TreeSet<>(variables.keySet());
    names.addAll(files.defaultVariables().keySet());
    options.environment().keySet().stream()
        .filter(name -> name.startsWith("ETL_"))
        .forEach(names::add);
    return names;
  }

  /** What a variable stands for, as a cell would have it. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name))
        .or(() -> fromEnvironment(name))
        .or(() -> Optional.ofNullable(files.defaultVariables().get(name)));
  }

  Optional<String> fromEnvironment(String name) {
    return Optional.ofNullable(options.environment().get(name));
  }

  private boolean isSecret(String name) {
    return secrets.contains(name) || Redaction.isSecret(name) || SecretNames.isSecret(name);
  }

  /** Takes the secrets of the notebook and of jobs out of data. */
  Redaction dataRedaction() {
    Map<String, String> ofJobs = new LinkedHashMap<>();
    options
        .environment()
        .forEach(
            (name, value) -> {
              if (name.startsWith("ETL_CONF_")) {
                ofJobs.put(name, value);
              }
            });
    return Redaction.of(List.of(ofJobs, secretVariables()));
  }

  /** Takes every secret that this process knows out of messages. */
  Redaction messageRedaction() {
    return Redaction.of(List.of(options.environment(), secretVariables()));
  }

  /** For Spark, which asks for each text that it writes. */
  private String withoutSecrets(String text) {
    Map<String, String> secret = secretVariables();
    KnownSecrets known = lastKnown;
    if (known == null || !known.variables.equals(secret)) {
      known = new KnownSecrets(secret, messageRedaction());
      lastKnown = known;
    }
    return known.redaction.apply(text);
  }

  private record KnownSecrets(Map<String, String> variables, Redaction redaction) {}

  /** Under names that say so, for a secret may be called anything. */
  private Map<String, String> secretVariables() {
    Map<String, String> found = new LinkedHashMap<>();
    variables.forEach(
        (name, value) -> {
          if (isSecret(name)) {
            found.put("SECRET_" + name, value);
          }
        });
    return found;
  }

  // --- Options of the job that a notebook is ---

  JobOptions jobOptions() {
    return new JobOptions(
        "",
        /* allEnvironments */ true,
        settings.streaming(),
        /* immutableViews */ false,
        options.environment().getOrDefault("CONF_STORAGE_LEVEL", JobOptions.DEFAULT_STORAGE_LEVEL),
        isAllowed("ETL_POLICY_INLINE_SQL"),
        isAllowed("ETL_POLICY_INLINE_SCHEMA"),
        /* notebooks */ true,
        isAllowed("ETL_POLICY_DROP_UNSUPPORTED"));
  }

  private boolean isAllowed(String policy) {
    return !options.environment().getOrDefault(policy, "true").equalsIgnoreCase("false");
  }

  /** What stages leave for those of later cells. */
  JobState jobState() {
    return jobState;
  }

  /** A cell with the plugins of the cells before it, which count for it too. */
  JobSource withPlugins(JobSource cell) {
    return new JobSource(
        cell.uri(),
        cell.text(),
        cell.blocks(),
        together(configurationPlugins, cell.configurationPlugins()),
        together(lifecyclePlugins, cell.lifecyclePlugins()),
        cell.keys(),
        cell.defaults(),
        cell.settings(),
        cell.warnings());
  }

  private static List<Block> together(List<Block> earlier, List<Block> own) {
    List<Block> all = new ArrayList<>(earlier);
    all.addAll(own);
    return all;
  }

  /** Keeps the plugins of a cell for those after it. */
  void keepPlugins(JobSource cell) {
    configurationPlugins.addAll(cell.configurationPlugins());
    lifecyclePlugins.addAll(cell.lifecyclePlugins());
  }

  // --- Views ---

  /** The names of the views and tables that there are; never waits for Spark. */
  List<String> views() {
    List<String> names = new ArrayList<>();
    spark.ready().ifPresent(session -> names.addAll(views(session)));
    return names;
  }

  private static List<String> views(SparkSession session) {
    org.apache.spark.sql.catalyst.catalog.SessionCatalog catalog =
        ((org.apache.spark.sql.classic.SparkSession) session).sessionState().catalog();
    return CollectionConverters.asJava(catalog.listTables(catalog.getCurrentDatabase())).stream()
        .map(org.apache.spark.sql.catalyst.TableIdentifier::table)
        .distinct()
        .sorted()
        .toList();
  }

  /** The names of Spark's functions; none while it starts. */
  List<String> functions() {
    return spark
        .ready()
        .map(
            session ->
                CollectionConverters.asJava(
                        ((org.apache.spark.sql.classic.SparkSession) session)
                            .sessionState()
                            .functionRegistry()
                            .listFunction())
                    .stream()
                    .map(org.apache.spark.sql.catalyst.FunctionIdentifier::funcName)
                    .filter(name -> name.matches("[a-z_][a-z0-9_]*"))
                    .sorted()
                    .toList())
        .orElse(List.of());
  }

  /** What Spark says of a function; nothing when it has none of that name, or while it starts. */
  Optional<String> describeFunction(String name) {
    if (!functions().contains(name.toLowerCase(java.util.Locale.ROOT))) {
      return Optional.empty();
    }
    return spark
        .ready()
        .map(
            session ->
                session.sql("DESCRIBE FUNCTION EXTENDED " + name).collectAsList().stream()
                    .map(row -> row.getString(0))
                    .filter(line -> !line.startsWith("Class:"))
                    .collect(java.util.stream.Collectors.joining("\n")));
  }

  void forgetViews() {
    jobState = new JobState();
    graph.clear();
  }

  // --- Interrupting ---

  void beginCell() {
    interrupted = false;
    worker = Thread.currentThread();
  }

  void endCell() {
    worker = null;
    // A late interrupt must not meet the next cell
    Thread.interrupted();
  }

  boolean wasInterrupted() {
    return interrupted;
  }

  void interrupt() {
    interrupted = true;
    spark.cancel();
    spark.ready().ifPresent(NotebookState::stopStreams);
    Thread running = worker;
    if (running != null) {
      running.interrupt();
    }
  }

  private static void stopStreams(SparkSession session) {
    for (StreamingQuery query : session.streams().active()) {
      try {
        query.stop();
      } catch (java.util.concurrent.TimeoutException e) {
        throw new IllegalStateException("The stream " + query.name() + " does not stop", e);
      }
    }
  }

  @Override
  public void close() {
    spark.close();
    files.close();
  }
}
