package io.sqletl.engine.cli;

/**
 * Whether the launcher asks which profile a run would have, instead of running it.
 *
 * <p>Which compiler a JVM has is fixed when it starts: the quick one is best for small inputs and
 * loses on large ones. Where the launcher cannot tell, it asks this way, with the arguments of the
 * run, and then starts the JVM for it.
 */
final class LauncherQuestion {

  private static final String PROPERTY = "sqletl.question";

  private LauncherQuestion() {}

  static boolean isAsked() {
    return "profile".equals(System.getProperty(PROPERTY));
  }
}
