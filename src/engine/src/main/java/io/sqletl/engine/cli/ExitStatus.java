package io.sqletl.engine.cli;

/** The exit statuses that scripts rely on. */
final class ExitStatus {

  static final int DONE = 0;

  /** A stage or a validation failed. */
  static final int FAILED = 1;

  /** The job or the command line is wrong, and nothing ran. */
  static final int WRONG = 2;

  static final int INTERRUPTED = 130;

  private ExitStatus() {}
}
