package io.sqletl.engine.stage.json;

/** Records of a file that cannot be told apart from a place on. */
public final class RecordException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final long line;

  RecordException(long line, String message) {
    super(message);
    this.line = line;
  }

  /** The line of the file from which on nothing can be told, from 1. */
  public long line() {
    return line;
  }
}
