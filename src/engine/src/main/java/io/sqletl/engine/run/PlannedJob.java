package io.sqletl.engine.run;

import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Problem;
import java.util.List;
import java.util.Map;
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

  /** The job's file, and those of the jobs that it runs. */
  public List<JobSource> sources() {
    return Stream.concat(Stream.of(source), pipelines.stream()).toList();
  }

  /** Variables whose values may be secret: those of <code>%env</code> cells and of plugins. */
  public List<Map<String, String>> variables() {
    return Stream.concat(
            sources().stream().map(JobSource::defaults), Stream.of(plugins.variables()))
        .toList();
  }

  /** What the stages refer to in this role, in order, each once. */
  public List<String> references(Key.Role role) {
    return stages.stream().flatMap(stage -> stage.references(role).stream()).distinct().toList();
  }
}
