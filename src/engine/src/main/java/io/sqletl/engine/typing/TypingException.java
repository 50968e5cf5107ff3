package io.sqletl.engine.typing;

/**
 * Data that cannot be typed: the frame does not fit the schema (thrown when the plan is made), or a
 * value may not fail and does (thrown in the task that meets it).
 */
public final class TypingException extends RuntimeException {

  public TypingException(String message) {
    super(message);
  }
}
