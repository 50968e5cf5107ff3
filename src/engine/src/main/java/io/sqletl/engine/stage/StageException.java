package io.sqletl.engine.stage;

/** A stage that cannot go on, with a message for the person who wrote the job. */
public final class StageException extends RuntimeException {

  public StageException(String message) {
    super(message);
  }

  public StageException(String message, Throwable cause) {
    super(message, cause);
  }
}
