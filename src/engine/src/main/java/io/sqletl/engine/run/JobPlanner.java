package io.sqletl.engine.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.RecordBinder;
import io.sqletl.engine.job.Refusal;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.stage.Refusals;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StageTypes;
import io.sqletl.engine.stage.ViewReferences;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a job whole, without Spark and without data, and makes it ready to run. Everything that is
 * wrong is reported together, in the order of the job.
 */
public final class JobPlanner {

  private final JobSource job;
  private final Variables variables;
  private final JobOptions options;
  private final StagePlanning.TextFiles files;
  private final StageTypes types;
  private final Refusals refusals = Refusals.load();
  private final ViewCheck viewCheck;
  private final Set<String> ids = new HashSet<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<PlannedStage> stages = new ArrayList<>();
  private final List<SkippedStage> skipped = new ArrayList<>();

  private JobPlanner(
      JobSource job,
      Variables variables,
      JobOptions options,
      StagePlanning.TextFiles files,
      StageTypes types,
      TableNames tables) {
    this.job = job;
    this.variables = variables;
    this.options = options;
    this.files = files;
    this.types = types;
    this.viewCheck = new ViewCheck(tables, problems::add);
    warnings.addAll(job.warnings());
  }

  /** Whether a name that no stage makes may be a table that was there before. */
  public enum TableNames {
    /** The session begins with an empty catalogue. */
    FROM_STAGES,
    /** The session is connected to a metastore. */
    FROM_METASTORE
  }

  /**
   * Plans a job.
   *
   * @param files reads the SQL and schema files that stages refer to
   * @throws JobException with everything that is wrong
   */
  public static PlannedJob plan(
      JobSource job,
      Variables variables,
      JobOptions options,
      StagePlanning.TextFiles files,
      StageTypes types,
      TableNames tables) {
    return plan(job, variables, options, files, types, tables, List.of());
  }

  /**
   * Plans a piece of a job that is run piece by piece.
   *
   * @param views the views that earlier pieces made
   * @throws JobException with everything that is wrong
   */
  public static PlannedJob plan(
      JobSource job,
      Variables variables,
      JobOptions options,
      StagePlanning.TextFiles files,
      StageTypes types,
      TableNames tables,
      List<String> views) {
    JobPlanner planner = new JobPlanner(job, variables, options, files, types, tables);
    views.forEach(planner.viewCheck::made);
    return planner.plan();
  }

  private PlannedJob plan() {
    if (!options.notebooks() && job.uri().endsWith(".ipynb")) {
      throw new JobException(
          new Problem(
              ErrorCode.POLICY,
              null,
              "A policy of this run forbids notebooks as jobs: " + job.uri(),
              "give the job as .conf or .json, or set etl.policy.ipynb to true"));
    }
    job.blocks().forEach(this::plan);
    if (problems.isEmpty() && stages.isEmpty()) {
      problems.add(nothingRuns());
    }
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return new PlannedJob(job, options, stages, skipped, warnings);
  }

  private Problem nothingRuns() {
    if (job.blocks().isEmpty()) {
      return Problem.of(ErrorCode.NO_STAGES, job.uri() + ": The job has no stages")
          .withRemedy("`etl stages` lists what a cell may hold");
    }
    Set<String> environments = new java.util.TreeSet<>();
    skipped.forEach(stage -> environments.addAll(stage.environments()));
    String what =
        "None of the "
            + job.blocks().size()
            + " stages runs in the environment \""
            + options.environment()
            + "\"";
    return Problem.of(ErrorCode.NO_STAGES, job.uri() + ": " + what)
        .withRemedy(
            environments.isEmpty()
                ? "give each stage \"environments\", or run with --all-environments"
                : "the job knows "
                    + String.join(", ", environments)
                    + "; choose with --environment, or run with --all-environments");
  }

  private void plan(Block block) {
    if (!isActive(block)) {
      return;
    }
    int before = problems.size();
    String typeName = text(block, "type").orElse(null);
    Optional<StageType<?>> type = Optional.ofNullable(typeName).flatMap(types::find);
    if (typeName != null && type.isEmpty()) {
      problems.add(unknownType(block, typeName));
    }
    Optional<Config> resolved = variables.resolve(block, problems::add);
    if (resolved.isPresent() && (type.isPresent() || typeName == null)) {
      bindHeader(block, resolved.get(), typeName)
          .ifPresent(
              header ->
                  type.ifPresent(known -> plan(block, header, known, resolved.get(), before)));
    }
    if (problems.size() > before) {
      // What a broken stage would have made is known all the same, so that others are not blamed
      resolved.flatMap(config -> optional(config, "outputView")).ifPresent(viewCheck::made);
    }
  }

  private Optional<StageHeader> bindHeader(Block block, Config config, String typeName) {
    String owner = typeName == null ? "The stage" : typeName;
    Optional<StageHeader> header =
        new RecordBinder(block, config, owner, problems::add).bind(StageHeader.class);
    header
        .flatMap(StageHeader::id)
        .filter(id -> !ids.add(id))
        .ifPresent(
            id ->
                problems.add(
                    Problem.of(
                            ErrorCode.DUPLICATE_ID,
                            block.valuePosition("id"),
                            "The id \"" + id + "\" is that of an earlier stage")
                        .withRemedy("give each stage an id of its own")));
    return header;
  }

  private <C extends Record> void plan(
      Block block, StageHeader header, StageType<C> type, Config config, int before) {
    RecordBinder binder = new RecordBinder(block, config, type.name(), problems::add);
    List<KeySpec> specs = KeySpec.of(type.configuration());
    List<String> known = new ArrayList<>(specs.stream().map(KeySpec::name).toList());
    KeySpec.of(StageHeader.class).forEach(spec -> known.add(spec.name()));
    binder.refuseUnknownKeys(known, refusals.keys(type.name()));
    Optional<C> keys = binder.bind(type.configuration());
    if (keys.isEmpty()) {
      return;
    }
    ViewReferences views = new ViewReferences();
    StagePlanning planning =
        new StagePlanning(
            header,
            block,
            variables.sources(),
            options,
            files,
            views,
            problems::add,
            warnings::add);
    Stage stage = type.plan(keys.get(), planning);
    KeyValues values = KeyValues.of(keys.get());
    viewCheck.stage(block, values, views);
    if (problems.size() == before) {
      stages.add(
          new PlannedStage(
              block,
              type.name(),
              header,
              type.getClass().getName() + ":" + EngineVersion.ENGINE,
              values.values(),
              values.references(),
              views,
              stage));
    }
  }

  /** Whether the stage runs here; a stage that does not may hold anything. */
  private boolean isActive(Block block) {
    List<String> environments = environments(block);
    if (options.allEnvironments() || environments.contains(options.environment())) {
      return true;
    }
    ConfigValue written = block.object().get("environments");
    if (written != null && written.valueType() == ConfigValueType.STRING) {
      return true; // The binder says what is wrong with it
    }
    String type = text(block, "type").orElse("stage without a type");
    skipped.add(new SkippedStage(block, type, text(block, "name").orElse(type), environments));
    return false;
  }

  private List<String> environments(Block block) {
    try {
      return resolveKey(block, "environments")
          .map(config -> config.getStringList("environments"))
          .orElse(List.of());
    } catch (ConfigException.WrongType e) {
      return List.of();
    }
  }

  private Optional<String> text(Block block, String key) {
    return resolveKey(block, key).flatMap(config -> optional(config, key));
  }

  /** A key alone, so that what stands beside it does not matter; nothing if it does not resolve. */
  private Optional<Config> resolveKey(Block block, String key) {
    ConfigValue value = block.object().get(key);
    if (value == null) {
      return Optional.empty();
    }
    Block alone =
        new Block(
            block.index(), block.source(), block.line(), block.object().withOnlyKey(key), Map.of());
    return variables.resolve(alone, problem -> {});
  }

  private static Optional<String> optional(Config config, String key) {
    String quoted = ConfigUtil.quoteString(key);
    return config.hasPath(quoted) && config.getValue(quoted).valueType() == ConfigValueType.STRING
        ? Optional.of(config.getString(quoted))
        : Optional.empty();
  }

  private Problem unknownType(Block block, String typeName) {
    Position position = block.valuePosition("type");
    Optional<Refusal> refusal = refusals.type(typeName);
    if (refusal.isPresent()) {
      return refusal.get().problem(position, typeName + " is refused");
    }
    Problem problem =
        Problem.of(ErrorCode.UNKNOWN_STAGE, position, "No stage is called \"" + typeName + "\"");
    return problem.withRemedy(
        NearestName.question(typeName, types.names())
            .orElse("`etl stages` lists the stages that there are"));
  }
}
