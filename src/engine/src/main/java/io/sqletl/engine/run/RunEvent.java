package io.sqletl.engine.run;

import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What happens in a run, in order. Texts have had their secrets removed. */
public sealed interface RunEvent {

  /** When it happened. */
  Instant at();

  /** The job was checked; Spark starts next. */
  record JobChecked(Instant at, PlannedJob job) implements RunEvent {}

  /**
   * Spark is there.
   *
   * @param applicationId Spark's name for this session
   * @param settings the session's settings
   * @param functions the SQL functions that each function set added
   */
  record SessionStarted(
      Instant at,
      PlannedJob job,
      String applicationId,
      Map<String, String> settings,
      Map<String, List<String>> functions)
      implements RunEvent {}

  /**
   * What the session does that takes long: it waits for executors, or lost one.
   *
   * @param message in one line
   */
  record SessionProgressed(Instant at, String message) implements RunEvent {}

  /** Something of a job is odd and yet runs. */
  record Warned(Instant at, Problem problem, JobSource job) implements RunEvent {}

  /** A stage is not for this environment. */
  record StageSkipped(Instant at, SkippedStage stage, String environment) implements RunEvent {}

  /** A stage begins. */
  record StageStarted(Instant at, PlannedStage stage, int number, int of) implements RunEvent {}

  /**
   * Spark went on within a stage.
   *
   * @param tasksDone tasks of the stage's Spark jobs that ended
   * @param tasksTotal tasks known so far; grows as Spark plans on
   */
  record StageProgressed(
      Instant at, PlannedStage stage, int tasksRunning, int tasksDone, int tasksTotal)
      implements RunEvent {}

  /** A stage ended well. */
  record StageFinished(Instant at, StageResult result) implements RunEvent {}

  /** A stage failed, and with it the run. */
  record StageFailed(Instant at, StageResult result, Failure failure) implements RunEvent {}

  /**
   * A lifecycle plugin ended the job, well, before a stage.
   *
   * @param reason one line
   * @param message what led to it: a string, map or list; null for none
   */
  record JobStopped(Instant at, PlannedStage stage, String reason, Object message)
      implements RunEvent {}

  /** The run ended. */
  record JobFinished(Instant at, RunSummary summary) implements RunEvent {}

  /** What a stage did. */
  record StageResult(
      PlannedStage stage,
      Instant started,
      Duration duration,
      Map<String, Object> detail,
      StageMetrics metrics,
      List<String> outputs) {}
}
