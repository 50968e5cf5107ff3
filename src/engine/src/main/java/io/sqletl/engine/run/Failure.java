package io.sqletl.engine.run;

import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.session.SessionException;
import io.sqletl.engine.stage.MalformedRecord;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.sql.SqlPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;

/**
 * Why a stage failed.
 *
 * @param cause the reason in one line, without class names
 * @param position where in the job it was written; the stage when nothing is nearer, null when
 *     Spark did not start
 * @param messages the messages of the exception and of its causes, outermost first
 * @param exception the exception itself
 */
public record Failure(String cause, Position position, List<String> messages, Throwable exception) {

  /** How Spark begins the message of what {@code raise_error} raised. */
  private static final Pattern RAISED =
      Pattern.compile("^\\[USER_RAISED_EXCEPTION] (.*?)(?: SQLSTATE: \\w+)?$", Pattern.DOTALL);

  private static final Pattern CLASS_NAME =
      Pattern.compile("^(?:[a-z][\\w]*\\.)+[A-Z][\\w$]*(?:Exception|Error)?: ");

  /** Says why Spark did not start. */
  static Failure ofSession(Throwable exception) {
    Failure failure = of(exception, null);
    return new Failure("Spark did not start: " + failure.cause, null, failure.messages, exception);
  }

  /** Says why the functions of a plugin could not be made known. */
  static Failure ofFunctions(Throwable exception) {
    Failure failure = of(exception, null);
    return new Failure(
        "SQL functions could not be registered: " + failure.cause,
        null,
        failure.messages,
        exception);
  }

  /** Says why an exception ended a stage. */
  static Failure of(Throwable exception, PlannedStage stage) {
    List<String> messages = new ArrayList<>();
    Throwable telling = exception;
    Optional<String> file = Optional.empty();
    for (Throwable t = exception; t != null && messages.size() < 50; t = t.getCause()) {
      messages.add(t.getMessage());
      file = file.isPresent() ? file : unreadableFile(t);
      boolean says = t.getMessage() != null && !t.getMessage().isBlank();
      if (says && !isForPeople(telling)) {
        telling = t;
      }
    }
    Position position = stage == null ? null : position(exception, stage);
    if (telling instanceof JobException job) {
      return ofProblems(job, position, messages, exception);
    }
    String cause = oneLine(telling);
    if (file.isPresent() && !isForPeople(telling)) {
      cause =
          "Cannot read the file "
              + file.get()
              + ": "
              + cause
              + "; repair it or take it out of the input";
    }
    return new Failure(cause, position, messages, exception);
  }

  /** Spark knows which file it was; what caused it mostly does not. */
  private static Optional<String> unreadableFile(Throwable exception) {
    return exception instanceof SparkThrowable spark
            && spark.getCondition() != null
            && spark.getCondition().startsWith("FAILED_READ_FILE")
        ? Optional.ofNullable(spark.getMessageParameters().get("path"))
        : Optional.empty();
  }

  /** A lazy stage that turned out to be wrong when its variables were put in. */
  private static Failure ofProblems(
      JobException job, Position ofStage, List<String> messages, Throwable exception) {
    String cause =
        job.problems().stream()
            .map(problem -> new Problem(problem.code(), null, problem.message(), problem.remedy()))
            .map(Problem::headline)
            .collect(Collectors.joining("; "));
    Position first = job.problems().get(0).position();
    return new Failure(cause, first == null ? ofStage : first, messages, exception);
  }

  /** Whether an exception says it better than what caused it. */
  private static boolean isForPeople(Throwable exception) {
    return exception instanceof StageException
        || exception instanceof MalformedRecord
        || exception instanceof SessionException
        || exception instanceof JobException
        || exception instanceof AnalysisException;
  }

  private static String oneLine(Throwable exception) {
    String message = exception.getMessage();
    if (message == null || message.isBlank()) {
      return exception.getClass().getSimpleName();
    }
    Matcher raised = RAISED.matcher(message.strip());
    String text = raised.find() ? raised.group(1) : message;
    String first = text.strip().lines().findFirst().orElse("").strip();
    return CLASS_NAME.matcher(first).replaceFirst("");
  }

  private static Position position(Throwable exception, PlannedStage stage) {
    for (Throwable t = exception; t != null; t = t.getCause()) {
      for (Throwable suppressed : t.getSuppressed()) {
        if (suppressed instanceof SqlPlace place && place.position() != null) {
          return place.position();
        }
      }
    }
    return stage.position();
  }
}
