package io.sqletl.engine.typing;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Optional;

/** The patterns of date, time and timestamp columns: those of java.time in the JVM's locale. */
final class TimePatterns {

  /** Seconds since 1970, which java.time has no pattern for. */
  static final String EPOCH_SECONDS = "ssssssssss";

  /** Milliseconds since 1970. */
  static final String EPOCH_MILLISECONDS = "sssssssssssss";

  private TimePatterns() {}

  static boolean isEpoch(String pattern) {
    return pattern.equals(EPOCH_SECONDS) || pattern.equals(EPOCH_MILLISECONDS);
  }

  /** What is wrong with a pattern, in the words of java.time. */
  static Optional<String> problem(String pattern) {
    try {
      new DateTimeFormatterBuilder().appendPattern(pattern);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  /** Strict, unless a pattern has a year that only an era would make complete. */
  static ResolverStyle resolverStyle(List<String> patterns) {
    return patterns.stream().anyMatch(TimePatterns::lacksEra)
        ? ResolverStyle.SMART
        : ResolverStyle.STRICT;
  }

  static boolean lacksEra(String pattern) {
    String letters = pattern.replaceAll("'[^']*'", "");
    return letters.indexOf('y') >= 0 && letters.indexOf('G') < 0;
  }

  /** The patterns of a column, resolved in the style that they have together. */
  static TimePattern[] all(List<String> patterns, SchemaColumn.LetterCase letterCase) {
    TimeFields fields = TimeFields.of(resolverStyle(patterns));
    return patterns.stream()
        .map(pattern -> new TimePattern(pattern, fields, letterCase))
        .toArray(TimePattern[]::new);
  }

  static DateTimeFormatter formatter(
      String pattern, ResolverStyle style, SchemaColumn.LetterCase letterCase) {
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
    if (letterCase == SchemaColumn.LetterCase.IGNORED) {
      builder.parseCaseInsensitive();
    }
    return builder.appendPattern(pattern).toFormatter().withResolverStyle(style);
  }
}
