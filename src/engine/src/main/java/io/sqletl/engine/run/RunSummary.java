package io.sqletl.engine.run;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.RunEvent.StageResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param stages what each stage that ran did, the failed one included
 * @param failure why the run failed; empty when it did not
 * @param rejected what typing rejected
 * @param warnings what was odd and yet ran, each once, in order
 */
public record RunSummary(
    PlannedJob job,
    Instant started,
    Duration duration,
    List<StageResult> stages,
    Optional<Failure> failure,
    Rejections rejected,
    List<Problem> warnings) {

  public boolean succeeded() {
    return failure.isEmpty();
  }

  /** Where the stages wrote, in order, each once. */
  public List<String> outputs() {
    return stages.stream().flatMap(stage -> stage.outputs().stream()).distinct().toList();
  }

  /** {@code stages=9 failed=0 skipped=2 rejected=14 in 21.3 s}. */
  public String counts() {
    int failed = succeeded() ? 0 : 1;
    return String.format(
        java.util.Locale.ROOT,
        "stages=%d failed=%d skipped=%d rejected=%d in %.1f s",
        stages.size(),
        failed,
        job.skipped().size(),
        rejected.total(),
        duration.toMillis() / 1000.0);
  }
}
