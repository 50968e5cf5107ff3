package io.sqletl.engine.typing;

/** What a value that does not fit its column does to the run. */
public enum FailMode {
  /** The row stays, the value becomes null and the row's {@code _errors} says why. */
  PERMISSIVE,
  /** The first row with an error ends the run. */
  FAILFAST
}
