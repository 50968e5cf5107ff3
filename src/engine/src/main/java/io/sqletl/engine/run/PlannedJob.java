package io.sqletl.engine.run;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.StagePlanning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A job that was checked and can run.
 *
 * @param source its file
 * @param pipelines the files of the jobs that it runs, in order
 * @param options what the run allows
 * @param stages the stages that run, in order
 * @param skipped the stages of other environments
 * @param plugins its plugins
 * @param warnings what is odd and yet runs
 */
public record PlannedJob(
    JobSource source,
    List<JobSource> pipelines,
    JobOptions options,
    List<PlannedStage> stages,
    List<SkippedStage> skipped,
    PlannedPlugins plugins,
    List<Problem> warnings) {

  public PlannedJob {
    pipelines = List.copyOf(pipelines);
    stages = List.copyOf(stages);
    skipped = List.copyOf(skipped);
    warnings = List.copyOf(warnings);
  }

  /** The same job with other stages. */
  public PlannedJob withStages(List<PlannedStage> others) {
    return new PlannedJob(source, pipelines, options, others, skipped, plugins, warnings);
  }

  /**
   * The same job where views are used once more when all stages are over: what a load writes before
   * that is not to change them, or is told.
   *
   * @param files reads the SQL files that stages refer to
   */
  public PlannedJob withUse(List<String> views, StagePlanning.TextFiles files) {
    List<Problem> all = new ArrayList<>(warnings);
    List<PlannedStage> checked = ChangedInputs.checkShown(stages, views, all::add);
    ChangedTables.checkShown(stages, views, files, all::add);
    return new PlannedJob(source, pipelines, options, checked, skipped, plugins, all);
  }

  /** The job's file, and those of the jobs that it runs. */
  public List<JobSource> sources() {
    return Stream.concat(Stream.of(source), pipelines.stream()).toList();
  }

  /**
   * Names and values of which some may be secret: those of <code>%env</code> cells, of plugins, and
   * of the keys that the stages are written with, nested ones too.
   */
  public List<Map<String, String>> variables() {
    return Stream.of(
            sources().stream().map(JobSource::defaults),
            Stream.of(plugins.variables()),
            stages.stream().map(stage -> texts(stage.block().object())))
        .flatMap(maps -> maps)
        .toList();
  }

  private static Map<String, String> texts(ConfigObject object) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : object.keySet()) {
      ConfigValue value = object.get(key);
      if (value instanceof ConfigObject inner) {
        texts.putAll(texts(inner));
      } else {
        literal(value).ifPresent(text -> texts.put(key, text));
      }
    }
    return texts;
  }

  private static Optional<String> literal(ConfigValue value) {
    try {
      return value.valueType() == ConfigValueType.STRING
          ? Optional.of((String) value.unwrapped())
          : Optional.empty();
    } catch (ConfigException.NotResolved e) {
      return Optional.empty(); // A variable, whose own name counts
    }
  }

  /** What the stages refer to in this role, in order, each once. */
  public List<String> references(Key.Role role) {
    return stages.stream().flatMap(stage -> stage.references(role).stream()).distinct().toList();
  }
}
