package io.sqletl.engine.cli;

/** What the command's output goes to. */
final class Terminal {

  /** Set by the launcher, which can ask; JDKs differ in what their console says. */
  private static final String PROPERTY = "sqletl.terminal";

  private Terminal() {}

  /** Whether a person watches standard output. */
  static boolean isInteractive() {
    String told = System.getProperty(PROPERTY);
    return told == null ? System.console() != null : Boolean.parseBoolean(told);
  }
}
