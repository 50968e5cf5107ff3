package io.sqletl.engine.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.RecordBinder;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.session.Authentication;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.ViewReferences;
import io.sqletl.engine.stage.execute.PipelineExecute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans the stages of one job file. */
final class BlockPlanner {

  private static final String AUTHENTICATION = "authentication";

  private final Plan plan;
  private final JobSource job;
  private final PipelineChain chain;
  private final Set<String> ids = new HashSet<>();
  private Variables variables;

  BlockPlanner(Plan plan, JobSource job, Variables variables) {
    this(plan, job, variables, PipelineChain.of(job.uri()));
  }

  BlockPlanner(Plan plan, JobSource job, Variables variables, PipelineChain chain) {
    this.plan = plan;
    this.job = job;
    this.variables = variables;
    this.chain = chain;
  }

  /** Plans the whole file: plugins that set variables first, for all else may need those. */
  void plan() {
    job.warnings().forEach(plan::warning);
    int before = plan.problems().size();
    variables = plan.plugins().configure(job.configurationPlugins(), variables);
    if (plan.problems().size() > before) {
      return;
    }
    plan.plugins().lifecycle(job.lifecyclePlugins(), variables);
    job.blocks().forEach(this::planGuarded);
  }

  /** What a library throws is a problem of the stage that it was asked about; others go on. */
  private void planGuarded(Block block) {
    try {
      plan(block);
    } catch (JobException e) {
      e.problems().forEach(plan::problem);
    } catch (RuntimeException | StackOverflowError e) {
      plan.problem(
          Problem.of(
                  ErrorCode.ENGINE,
                  block.position(),
                  "This stage cannot be checked: "
                      + (e instanceof ConfigException || e.getMessage() != null
                          ? e.getMessage().lines().findFirst().orElse("")
                          : e.getClass().getSimpleName()))
              .withRemedy("correct the values of its keys"));
    }
  }

  /** Plans one stage, which runs whatever environments it lists if that is what the run wants. */
  void plan(Block block) {
    BlockKeys keys = new BlockKeys(block, variables);
    if (!keys.isActive(plan.options())) {
      plan.skip(keys.skipped("stage without a type"));
      return;
    }
    int before = plan.problems().size();
    String typeName = keys.text("type").orElse(null);
    Optional<StageType<?>> type = Optional.ofNullable(typeName).flatMap(plan.types()::find);
    if (typeName != null && type.isEmpty()) {
      plan.problem(unknownType(block, typeName));
    }
    if (type.isPresent() && LazyPlanner.isLazy(keys)) {
      planLazily(block, type.get());
      return;
    }
    Optional<Config> resolved = variables.resolve(block, plan::problem);
    if (resolved.isPresent() && (type.isPresent() || typeName == null)) {
      bindHeader(block, resolved.get(), typeName)
          .ifPresent(
              header ->
                  type.ifPresent(known -> plan(block, header, known, resolved.get(), before)));
    }
    if (plan.problems().size() > before) {
      // What a broken stage would have made is known all the same, so that others are not blamed
      resolved
          .flatMap(config -> BlockKeys.text(config, "outputView"))
          .ifPresent(plan.viewCheck()::made);
    }
  }

  private void planLazily(Block block, StageType<?> type) {
    Block headerOnly = LazyPlanner.header(block);
    variables
        .resolve(headerOnly, plan::problem)
        .flatMap(config -> bindHeader(headerOnly, config, type.name()))
        .ifPresent(header -> new LazyPlanner(plan, job, variables).plan(block, header, type));
  }

  private Optional<StageHeader> bindHeader(Block block, Config config, String typeName) {
    String owner = typeName == null ? "The stage" : typeName;
    Optional<StageHeader> header =
        new RecordBinder(block, config, owner, plan::problem).bind(StageHeader.class);
    header
        .flatMap(StageHeader::id)
        .filter(id -> !ids.add(id))
        .ifPresent(
            id ->
                plan.problem(
                    Problem.of(
                            ErrorCode.DUPLICATE_ID,
                            block.valuePosition("id"),
                            "The id \"" + id + "\" is that of an earlier stage")
                        .withRemedy("give each stage an id of its own")));
    return header;
  }

  private <C extends Record> void plan(
      Block block, StageHeader header, StageType<C> type, Config config, int before) {
    RecordBinder binder = new RecordBinder(block, config, type.name(), plan::problem);
    binder.refuseUnknownKeys(knownKeys(type), plan.refusals().keys(type.name()));
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
            plan.options(),
            filesOf(config),
            views,
            plan::problem,
            plan::warning);
    Stage stage = type.plan(keys.get(), planning);
    if (keys.get() instanceof PipelineExecute pipeline) {
      if (plan.problems().size() == before) {
        new PipelinePlanner(plan, variables, chain).plan(pipeline, planning);
      }
      return;
    }
    KeyValues values = KeyValues.of(keys.get());
    plan.viewCheck().stage(block, values.references(), views);
    if (plan.problems().size() == before) {
      plan.stage(
          new PlannedStage(
              block,
              type.name(),
              header,
              Plan.classAndVersion(type),
              values.values(),
              values.references(),
              views,
              stage));
    }
  }

  /** Reads the texts of a stage as its authentication says; a wrong one the stage reports. */
  private StagePlanning.TextFiles filesOf(Config config) {
    if (!config.hasPath(AUTHENTICATION)) {
      return plan.files();
    }
    try {
      Map<String, String> keys = new HashMap<>();
      config
          .getObject(AUTHENTICATION)
          .forEach((key, value) -> keys.put(key, RecordBinder.asWritten(value)));
      Authentication authentication = Authentication.of(keys);
      return uri -> plan.files().read(uri, authentication);
    } catch (ConfigException.WrongType | IllegalArgumentException e) {
      return plan.files();
    }
  }

  /** The stage's own keys and those of every stage. */
  static List<String> knownKeys(StageType<?> type) {
    List<String> known = new ArrayList<>();
    KeySpec.of(type.configuration()).forEach(spec -> known.add(spec.name()));
    KeySpec.of(StageHeader.class).forEach(spec -> known.add(spec.name()));
    return known;
  }

  private Problem unknownType(Block block, String typeName) {
    return UnknownType.of(
        block,
        "stage",
        typeName,
        plan.types().look(typeName),
        plan.types().names(),
        plan.refusals().type(typeName));
  }
}
