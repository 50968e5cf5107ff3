package io.sqletl.engine.run;

import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.failure.Blame;
import io.sqletl.engine.run.failure.Diagnoses;
import io.sqletl.engine.run.failure.Diagnosis;
import io.sqletl.engine.run.failure.FailedStage;
import io.sqletl.engine.stage.JobState;
import io.sqletl.engine.stage.sql.RanStatements;
import io.sqletl.engine.typing.TypingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Why a stage failed.
 *
 * @param cause the reason, without class names; on one line unless the job's author wrote more
 * @param remedy what to do about it; null when the cause says it, or nobody knows
 * @param position where in the job it was written; the stage when nothing is nearer, null when
 *     Spark did not start
 * @param stage the stage whose mistake it is, as {@link PlannedStage#describe} says it; null when
 *     Spark did not start
 * @param during what ran when it came to light; null when that is the same stage
 * @param messages the messages of the exception and of its causes, outermost first
 * @param exception the exception itself
 */
public record Failure(
    String cause,
    String remedy,
    Position position,
    String stage,
    String during,
    List<String> messages,
    Throwable exception) {

  private static final int MOST_MESSAGES = 50;

  /** Says why Spark did not start. */
  static Failure ofSession(Throwable exception) {
    return withoutStage("Spark did not start: ", exception);
  }

  /** Says why the functions of a plugin could not be made known. */
  static Failure ofFunctions(Throwable exception) {
    return withoutStage("SQL functions could not be registered: ", exception);
  }

  private static Failure withoutStage(String what, Throwable exception) {
    Diagnosis diagnosis = Diagnoses.of(exception, null);
    return new Failure(
        what + diagnosis.cause(),
        diagnosis.remedy(),
        null,
        null,
        null,
        messages(exception),
        exception);
  }

  /**
   * Says why an exception ended a stage.
   *
   * @param state what the stages of the run left, among it the statements that they ran
   * @param rejections what typing stages rejected
   */
  static Failure of(
      Throwable exception, PlannedStage stage, JobState state, RejectionReport rejections) {
    Optional<JobException> late = first(exception, JobException.class);
    if (late.isPresent()) {
      return ofProblems(late.get(), stage, exception);
    }
    Optional<RejectionReport.FirstFailure> value =
        first(exception, TypingException.class)
            .flatMap(TypingException::rejected)
            .flatMap(rejections::find);
    if (value.isPresent()) {
      return ofValue(value.get(), stage, exception);
    }
    FailedStage failed =
        new FailedStage(
            stage.header().name(),
            stage.block(),
            stage.references(Key.Role.INPUT_VIEW).stream().findFirst(),
            stage.references(Key.Role.OUTPUT_URI).stream().findFirst());
    Diagnosis diagnosis = Diagnoses.of(exception, failed);
    Optional<Blame> blame =
        Blame.find(exception, diagnosis, RanStatements.of(state).lastFirst(), failed);
    boolean isOther =
        blame.filter(found -> found.stage() != null).isPresent()
            && !stage.position().equals(blame.get().ofStage());
    return new Failure(
        diagnosis.cause(),
        diagnosis.remedy(),
        blame.map(Blame::position).orElseGet(stage::position),
        isOther ? describe(blame.get()) : stage.describe(),
        isOther ? during(stage) : null,
        messages(exception),
        exception);
  }

  /** The cause, and what to do about it, in one sentence. */
  public String text() {
    return remedy == null ? cause : cause + "; " + remedy;
  }

  private static String describe(Blame blame) {
    Position place = blame.ofStage();
    if (place == null) {
      return "stage \"" + blame.stage() + "\"";
    }
    int cell = place.source().cell();
    return "stage \""
        + blame.stage()
        + "\" ("
        + (cell > 0 ? "cell " + cell : "line " + place.line())
        + ")";
  }

  private static String during(PlannedStage stage) {
    List<String> targets = stage.references(Key.Role.OUTPUT_URI);
    return targets.isEmpty()
        ? "found while " + stage.describe() + " ran, which reads it"
        : "found while " + stage.describe() + " was writing " + targets.get(0);
  }

  /** A value that typing may not reject: as those are told that it may. */
  private static Failure ofValue(
      RejectionReport.FirstFailure value, PlannedStage stage, Throwable exception) {
    PlannedStage typing = value.stage();
    return new Failure(
        value.text(),
        "correct the file, or let the schema say \"nullable\": true (and \"failMode\" permissive), so"
            + " that the value becomes NULL and is counted",
        typing.position(),
        typing.describe(),
        typing == stage ? null : during(stage),
        messages(exception),
        exception);
  }

  /** A lazy stage that turned out to be wrong when its variables were put in. */
  private static Failure ofProblems(JobException job, PlannedStage stage, Throwable exception) {
    String cause =
        job.problems().stream()
            .map(problem -> new Problem(problem.code(), null, problem.message(), problem.remedy()))
            .map(Problem::headline)
            .collect(Collectors.joining("; "));
    Position first = job.problems().get(0).position();
    return new Failure(
        cause,
        null,
        first == null ? stage.position() : first,
        stage.describe(),
        null,
        messages(exception),
        exception);
  }

  private static <T> Optional<T> first(Throwable exception, Class<T> type) {
    int depth = 0;
    for (Throwable t = exception; t != null && depth < MOST_MESSAGES; t = t.getCause(), depth++) {
      if (type.isInstance(t)) {
        return Optional.of(type.cast(t));
      }
    }
    return Optional.empty();
  }

  private static List<String> messages(Throwable exception) {
    List<String> messages = new ArrayList<>();
    for (Throwable t = exception; t != null && messages.size() < MOST_MESSAGES; t = t.getCause()) {
      messages.add(t.getMessage());
    }
    return messages;
  }
}
