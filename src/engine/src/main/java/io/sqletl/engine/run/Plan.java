package io.sqletl.engine.run;

import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.Refusals;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageTypes;
import io.sqletl.engine.stage.plugin.PluginType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the planning of a job and of the jobs that it runs has in common, and what it comes to. */
final class Plan {

  private final JobOptions options;
  private final StagePlanning.TextFiles files;
  private final StageTypes types;
  private final Refusals refusals;
  private final ViewCheck viewCheck;
  private final PluginPlanner plugins;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<JobSource> pipelines = new ArrayList<>();
  private final List<PlannedStage> stages = new ArrayList<>();
  private final List<SkippedStage> skipped = new ArrayList<>();

  Plan(
      JobOptions options,
      StagePlanning.TextFiles files,
      StageTypes types,
      JobPlanner.TableNames tables) {
    this.options = options;
    this.files = files;
    this.types = types;
    this.refusals = Refusals.load();
    this.viewCheck = new ViewCheck(tables, problems::add, warnings::add);
    this.plugins = new PluginPlanner(options, refusals, problems::add);
  }

  private Plan(Plan early) {
    this.options = early.options;
    this.files = early.files;
    this.types = early.types;
    this.refusals = early.refusals;
    // Spark knows by now which views there are
    this.viewCheck =
        new ViewCheck(JobPlanner.TableNames.FROM_METASTORE, problem -> {}, warning -> {});
    this.plugins = new PluginPlanner(options, refusals, problems::add);
  }

  /** An empty plan for what is planned while the job runs. */
  Plan whileRunning() {
    return new Plan(this);
  }

  PlannedJob job(JobSource source) {
    return new PlannedJob(source, pipelines, options, stages, skipped, plugins.plugins(), warnings);
  }

  JobOptions options() {
    return options;
  }

  StagePlanning.TextFiles files() {
    return files;
  }

  StageTypes types() {
    return types;
  }

  Refusals refusals() {
    return refusals;
  }

  ViewCheck viewCheck() {
    return viewCheck;
  }

  PluginPlanner plugins() {
    return plugins;
  }

  void problem(Problem problem) {
    problems.add(problem);
  }

  List<Problem> problems() {
    return problems;
  }

  void warning(Problem warning) {
    warnings.add(warning);
  }

  List<Problem> warnings() {
    return warnings;
  }

  void pipeline(JobSource source) {
    pipelines.add(source);
  }

  void stage(PlannedStage stage) {
    stages.add(stage);
  }

  /** Looks for slips in the names of the command line. */
  void checkVariables(JobSource job, Set<String> given) {
    List<JobSource> jobs = new ArrayList<>(pipelines);
    jobs.add(0, job);
    UnusedVariables.warn(given, jobs, this::warning);
  }

  /** Looks at all stages together: what they change of what others read, or should have made. */
  void checkChangedInputs() {
    List<PlannedStage> checked =
        ChangedInputs.check(List.copyOf(stages), this::problem, this::warning);
    RepeatedLoads.check(List.copyOf(stages), this::warning);
    ChangedTables.check(List.copyOf(stages), files, this::warning);
    MissingDatabases.check(List.copyOf(stages), files, this::problem);
    stages.clear();
    stages.addAll(EarlyVariables.watch(checked));
  }

  List<PlannedStage> stages() {
    return stages;
  }

  void skip(SkippedStage stage) {
    skipped.add(stage);
  }

  List<SkippedStage> skipped() {
    return skipped;
  }

  /** A type's class and version, as Arc's log names plugins. */
  static String classAndVersion(PluginType<?> type) {
    String version = type.version().isEmpty() ? EngineVersion.ENGINE : type.version();
    return type.getClass().getName() + ":" + version;
  }
}
