package io.sqletl.engine.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.RecordBinder;
import io.sqletl.engine.job.TypographicSigns;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.session.Authentication;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.ViewReferences;
import io.sqletl.engine.stage.execute.PipelineExecute;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Plans the stages of one job file. */
final class BlockPlanner {

  private static final String AUTHENTICATION = "authentication";
  private static final String ENVIRONMENTS = "environments";
  private static final Pattern LITERAL_VARIABLE = Pattern.compile("\\$\\{\\??[\\w.-]+}");
  private static final Pattern CREATES = Pattern.compile("\\bcreate\\b", Pattern.CASE_INSENSITIVE);

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
      SkippedStage skipped = keys.skipped("stage without a type");
      plan.skip(skipped);
      checkSkipped(block, skipped);
      keys.text("outputView").ifPresent(view -> plan.viewCheck().skipped(view, skipped));
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
      Optional<StageHeader> header = bindHeader(block, resolved.get(), typeName);
      // The header and the stage's own keys are told together, so that one run shows both
      header
          .or(() -> assumedHeader(block, resolved.get()))
          .ifPresent(known -> type.ifPresent(of -> plan(block, known, of, resolved.get(), before)));
    }
    if (plan.problems().size() > before) {
      madeAllTheSame(keys, type);
    }
  }

  /** A header to plan on with when the written one is wrong, which was told. */
  private Optional<StageHeader> assumedHeader(Block block, Config config) {
    Config named = ConfigFactory.parseMap(Map.of("name", "stage"));
    return new RecordBinder(
            block,
            config.hasPath("type") ? named.withValue("type", config.getValue("type")) : named,
            "The stage",
            problem -> {})
        .bind(StageHeader.class);
  }

  /** What a broken stage would have made is known all the same, so that others are not blamed. */
  private void madeAllTheSame(BlockKeys keys, Optional<StageType<?>> type) {
    Optional<String> view = keys.text("outputView");
    view.ifPresent(plan.viewCheck()::made);
    boolean makesOne =
        type.filter(
                known ->
                    KeySpec.of(known.configuration()).stream()
                        .anyMatch(key -> key.declaration().role() == Key.Role.OUTPUT_VIEW))
            .isPresent();
    boolean creates = keys.text("sql").filter(sql -> CREATES.matcher(sql).find()).isPresent();
    if (view.isEmpty() && makesOne || creates) {
      plan.viewCheck().madeUnknown();
    }
  }

  /**
   * A slip in a key may be why a stage does not run here. One that means "environments" is an
   * error; others are warnings, since what the stage needs elsewhere is not known.
   */
  private void checkSkipped(Block block, SkippedStage skipped) {
    Optional<StageType<?>> type = plan.types().find(skipped.type());
    if (type.isEmpty()) {
      return;
    }
    List<String> known = knownKeys(type.get());
    Map<String, ?> refused = plan.refusals().keys(type.get().name());
    for (String key : block.object().keySet()) {
      if (known.contains(key) || refused.containsKey(key)) {
        continue;
      }
      Optional<String> nearest = NearestName.of(key, known);
      Problem problem =
          Problem.of(
                  ErrorCode.UNKNOWN_KEY,
                  block.position(key),
                  type.get().name() + " has no key \"" + key + "\"")
              .withRemedy(
                  nearest
                      .map(name -> "did you mean \"" + name + "\"?")
                      .orElse("`etl stages " + type.get().name() + "` lists its keys"));
      if (skipped.environments().isEmpty() && nearest.filter(ENVIRONMENTS::equals).isPresent()) {
        plan.problem(problem);
      } else {
        plan.warning(problem);
      }
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
    ViewReferences views = new ViewReferences(plan.viewCheck()::columns);
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
    values.references().forEach(reference -> checkSigns(block, reference));
    values.references().forEach(reference -> checkVariables(block, reference));
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

  /** Signs that cannot be seen in a name make it another one. */
  private void checkSigns(Block block, PlannedStage.Reference reference) {
    boolean isName =
        switch (reference.role()) {
          case INPUT_VIEW, OUTPUT_VIEW, INPUT_URI, OUTPUT_URI -> true;
          default -> false;
        };
    if (isName) {
      TypographicSigns.inName(reference.value())
          .ifPresent(
              sign ->
                  plan.problem(
                      Problem.of(
                              ErrorCode.INVALID_VALUE,
                              block.valuePosition(reference.key()),
                              "\"" + reference.key() + "\" has " + TypographicSigns.describe(sign))
                          .withRemedy(TypographicSigns.remedy(sign))));
    }
  }

  /** Within quotes HOCON puts no variable in, so that the name would be a part of the address. */
  private void checkVariables(Block block, PlannedStage.Reference reference) {
    boolean isAddress =
        switch (reference.role()) {
          case INPUT_URI, OUTPUT_URI -> true;
          default -> reference.key().endsWith("URI") || reference.key().endsWith("URL");
        };
    Matcher literal = LITERAL_VARIABLE.matcher(reference.value());
    if (isAddress && literal.find()) {
      plan.problem(
          Problem.of(
                  ErrorCode.INVALID_VALUE,
                  block.valuePosition(reference.key()),
                  "\""
                      + reference.key()
                      + "\" has "
                      + literal.group()
                      + " within quotes, where no variable is put in")
              .withRemedy(
                  "end the quotes before it and begin them again behind it: \"…\""
                      + literal.group()
                      + "\"…\""));
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
      StagePlanning.TextFiles files = plan.files();
      return new StagePlanning.TextFiles() {
        @Override
        public String read(String uri) throws IOException {
          return files.read(uri, authentication);
        }

        @Override
        public boolean isMissing(String uri) {
          return files.isMissing(uri);
        }
      };
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
