package io.sqletl.engine.typing;

import java.util.Optional;

/**
 * Data that cannot be typed: the frame does not fit the schema (thrown when the plan is made), or a
 * value may not fail and does (thrown in the task that meets it).
 */
public final class TypingException extends RuntimeException {

  private final RejectedValue rejected;

  public TypingException(String message) {
    this(message, null);
  }

  /**
   * @param rejected the value that may not fail and does; null when no value is meant
   */
  TypingException(String message, RejectedValue rejected) {
    super(message);
    this.rejected = rejected;
  }

  /** The value that may not fail and does, without its place; nothing when no value is meant. */
  public Optional<RejectedValue> rejected() {
    return Optional.ofNullable(rejected);
  }
}
