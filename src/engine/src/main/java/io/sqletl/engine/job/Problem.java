package io.sqletl.engine.job;

import java.util.Objects;
import java.util.Optional;

/**
 * One thing that is wrong with a job, found before anything ran.
 *
 * @param code the stable name of this kind of problem
 * @param position where it is; null when the job as a whole is meant
 * @param message what is wrong, with the values, without a full stop at its end
 * @param remedy what to do about it; null when the message says it
 */
public record Problem(ErrorCode code, Position position, String message, String remedy) {

  public Problem {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
  }

  public static Problem of(ErrorCode code, Position position, String message) {
    return new Problem(code, position, message, null);
  }

  public static Problem of(ErrorCode code, String message) {
    return new Problem(code, null, message, null);
  }

  public Problem withRemedy(String text) {
    return new Problem(code, position, message, text);
  }

  /** Place, message and remedy in one line, as compilers print them. */
  public String headline() {
    return (position == null ? "" : position + ": ")
        + message
        + (remedy == null ? "" : "; " + remedy)
        + " ["
        + code
        + "]";
  }

  /** The {@link #headline()} and under it the line with a caret, where there is one. */
  public String render() {
    String excerpt = Optional.ofNullable(position).map(Position::excerpt).orElse("");
    return excerpt.isEmpty() ? headline() : headline() + "\n" + excerpt;
  }
}
