package io.sqletl.engine.typing;

import java.text.DecimalFormat;
import java.util.List;
import java.util.Objects;

/** The patterns of number columns: those of {@link DecimalFormat} in the JVM's locale. */
final class NumberPatterns {

  private NumberPatterns() {}

  /** What is wrong with the patterns, in the words of {@link DecimalFormat}. */
  static List<String> problems(List<String> patterns) {
    return patterns.stream().map(NumberPatterns::problem).filter(Objects::nonNull).toList();
  }

  private static String problem(String pattern) {
    try {
      new DecimalFormat(pattern);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage()
          + "; a pattern has , between thousands and . before decimals in every language, and the"
          + " numbers are read in that of the run, English unless ETL_JAVA_OPTS says another, such as"
          + " \"-Duser.language=de -Duser.country=DE\" for 1.234,5";
    }
  }
}
