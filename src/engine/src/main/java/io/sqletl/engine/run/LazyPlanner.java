package io.sqletl.engine.run;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.RecordBinder;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.ViewReferences;
import io.sqletl.engine.stage.execute.PipelineExecute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Plans a stage whose variables are put in when it runs, so that earlier stages can set them. What
 * can be told of it before is checked before: its name and type, keys that it does not have, keys
 * that are missing, and views that it names literally.
 */
final class LazyPlanner {

  /** What Arc's log calls such a stage. */
  static final String TYPE = "LazyEvaluator";

  private static final String RESOLUTION = "resolution";
  private static final Set<String> HEADER =
      Set.of("type", "name", "id", "description", "environments", RESOLUTION);
  private static final Pattern CREATES =
      Pattern.compile("\\b(?:create|use|cache)\\b", Pattern.CASE_INSENSITIVE);

  private final Plan plan;
  private final JobSource job;
  private final Variables variables;

  LazyPlanner(Plan plan, JobSource job, Variables variables) {
    this.plan = plan;
    this.job = job;
    this.variables = variables;
  }

  static boolean isLazy(BlockKeys keys) {
    return keys.text(RESOLUTION).filter(StageHeader.Resolution.LAZY.text()::equals).isPresent();
  }

  /** The block with those keys alone that are read at once. */
  static Block header(Block block) {
    ConfigObject object = block.object();
    for (String key : block.object().keySet()) {
      object = HEADER.contains(key) ? object : object.withoutKey(key);
    }
    return with(block, object);
  }

  void plan(Block block, StageHeader header, StageType<?> type) {
    int before = plan.problems().size();
    if (type.configuration() == PipelineExecute.class) {
      plan.problem(
          new Problem(
              ErrorCode.INVALID_VALUE,
              block.valuePosition(RESOLUTION),
              "PipelineExecute cannot be lazy, for its stages are put in as the job is read",
              "make the stages of that job lazy"));
      return;
    }
    new RecordBinder(block, block.object().toConfig(), type.name(), plan::problem)
        .refuseUnknownKeys(BlockPlanner.knownKeys(type), plan.refusals().keys(type.name()));
    List<PlannedStage.Reference> references = new ArrayList<>();
    ViewReferences views = new ViewReferences();
    for (KeySpec spec : KeySpec.of(type.configuration())) {
      inspect(block, type, spec, references, views);
    }
    plan.viewCheck().stage(block, references, views);
    if (plan.problems().size() == before) {
      plan.stage(
          new PlannedStage(
              block,
              TYPE,
              header,
              LazyPlanner.class.getName() + ":" + EngineVersion.ENGINE,
              Map.of("child", common(type.name(), Plan.classAndVersion(type), header)),
              references,
              views,
              context -> evaluate(block, context)));
    }
  }

  private void inspect(
      Block block,
      StageType<?> type,
      KeySpec spec,
      List<PlannedStage.Reference> references,
      ViewReferences views) {
    ConfigValue value = block.object().get(spec.name());
    Key.Role role = spec.declaration().role();
    if (value == null) {
      if (spec.declaration().required()) {
        plan.problem(
            Problem.of(
                ErrorCode.MISSING_KEY,
                block.position(),
                type.name() + " needs the key \"" + spec.name() + "\""));
      }
      return;
    }
    Optional<String> literal = literal(value);
    if (literal.isPresent()) {
      references.add(new PlannedStage.Reference(role, spec.name(), literal.get()));
    } else if (role == Key.Role.OUTPUT_VIEW) {
      plan.viewCheck().madeUnknown();
    } else if (role == Key.Role.INPUT_URI) {
      // So that what it reads is not taken for nothing
      references.add(new PlannedStage.Reference(role, spec.name(), "lazy:" + spec.name()));
    }
    if (role == Key.Role.SQL && literal.filter(sql -> !CREATES.matcher(sql).find()).isEmpty()) {
      views.makesUnknown();
    }
  }

  private static Optional<String> literal(ConfigValue value) {
    try {
      return value.valueType() == ConfigValueType.STRING
          ? Optional.of((String) value.unwrapped())
          : Optional.empty();
    } catch (ConfigException.NotResolved e) {
      return Optional.empty();
    }
  }

  /** Plans the stage with the variables as they are now, and runs it. */
  private Optional<Dataset<Row>> evaluate(Block block, StageContext context) throws Exception {
    Plan late = plan.whileRunning();
    new BlockPlanner(late, job, variables.withOverride(context.state().configuration()))
        .plan(with(block, block.object().withoutKey(RESOLUTION)));
    if (!late.problems().isEmpty()) {
      throw new JobException(
          late.problems().stream()
              .map(problem -> withMakers(problem, context.state().configuredBy()))
              .toList());
    }
    PlannedStage stage = late.stages().get(0);
    StageContext inner =
        new StageContext(
            context.spark(),
            context.options(),
            stage.header(),
            stage.type(),
            context.state(),
            stage.position(),
            context.warnings());
    late.warnings().forEach(context.warnings());
    Map<String, Object> child = common(stage.type(), stage.plugin(), stage.header());
    child.putAll(stage.keys());
    try {
      return stage.stage().run(inner);
    } finally {
      child.putAll(inner.detail());
      context.detail("child", child);
      inner.outputs().forEach(context::wrote);
      inner.rejected().ifPresent(context::rejected);
      if (!late.warnings().isEmpty()) {
        context.detail("warnings", late.warnings().stream().map(Problem::headline).toList());
      }
    }
  }

  /** A variable that nothing defines may be one that a stage should have set. */
  private static Problem withMakers(Problem problem, Set<String> stages) {
    if (problem.code() != ErrorCode.UNRESOLVED_VARIABLE || stages.isEmpty()) {
      return problem;
    }
    return Problem.of(
            problem.code(),
            problem.position(),
            problem.message()
                + ", and the JSON of "
                + stages.stream()
                    .map(name -> "ConfigExecute \"" + name + "\"")
                    .collect(Collectors.joining(", "))
                + ", which ran before, has no such key: to_json leaves out what is NULL, as max"
                + " over no rows is")
        .withRemedy(
            "give the value one for that case there, such as coalesce(max(ts), …); or "
                + problem.remedy());
  }

  private static Map<String, Object> common(String type, String plugin, StageHeader header) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type);
    fields.put("plugin", plugin);
    fields.put("name", header.name());
    header.id().ifPresent(id -> fields.put("id", id));
    header.description().ifPresent(text -> fields.put("description", text));
    return fields;
  }

  private static Block with(Block block, ConfigObject object) {
    return new Block(block.index(), block.source(), block.line(), object, block.places());
  }
}
