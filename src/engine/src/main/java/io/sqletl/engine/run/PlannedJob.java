package io.sqletl.engine.run;

import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Problem;
import java.util.List;

/**
 * A job that was checked and can run.
 *
 * @param source its file
 * @param options what the run allows
 * @param stages the stages that run, in order
 * @param skipped the stages of other environments
 * @param warnings what is odd and yet runs
 */
public record PlannedJob(
    JobSource source,
    JobOptions options,
    List<PlannedStage> stages,
    List<SkippedStage> skipped,
    List<Problem> warnings) {

  public PlannedJob {
    stages = List.copyOf(stages);
    skipped = List.copyOf(skipped);
    warnings = List.copyOf(warnings);
  }

  /** The same job with other stages. */
  public PlannedJob withStages(List<PlannedStage> others) {
    return new PlannedJob(source, options, others, skipped, warnings);
  }

  /** What the stages refer to in this role, in order, each once. */
  public List<String> references(Key.Role role) {
    return stages.stream().flatMap(stage -> stage.references(role).stream()).distinct().toList();
  }
}
