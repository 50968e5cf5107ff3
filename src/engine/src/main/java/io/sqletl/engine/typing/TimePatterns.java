package io.sqletl.engine.typing;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The patterns of dates, times and timestamps: those of java.time in the JVM's locale. */
public final class TimePatterns {

  /** Seconds since 1970, which java.time has no pattern for. */
  static final String EPOCH_SECONDS = "ssssssssss";

  /** Milliseconds since 1970. */
  static final String EPOCH_MILLISECONDS = "sssssssssssss";

  private static final Pattern SHORT_YEAR = Pattern.compile("(?<!y)yy(?!y)|(?<!u)uu(?!u)");

  private static final Pattern ANY_YEAR = Pattern.compile("(?<![yu])[yu](?![yu])");

  /** Months where minutes would stand. */
  private static final Pattern MONTH_OF_HOUR = Pattern.compile("[HhKk]:?MM?(?!M)");

  private static final Pattern WRITTEN_ZONE = Pattern.compile("'(Z|UTC|GMT|\\+00:?00)'");

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

  /**
   * A letter that is often taken for another.
   *
   * @param what what the pattern reads, for a message that begins with the pattern
   * @param remedy the letter that was probably meant
   */
  public record Slip(String what, String remedy) {}

  /**
   * What a pattern probably means otherwise than it says; java.time finds nothing wrong with it.
   */
  public static Optional<Slip> slip(String pattern) {
    String letters = pattern.replaceAll("'[^']*'", "");
    if (letters.indexOf('Y') >= 0 && letters.indexOf('w') < 0) {
      return Optional.of(new Slip("has YYYY, the year of a week", "write uuuu for the year"));
    }
    if (letters.matches(".*[hK].*") && !letters.matches(".*[aB].*")) {
      return Optional.of(
          new Slip("has hours to 12 without am or pm", "write HH, or add a for am and pm"));
    }
    if (letters.indexOf('m') >= 0 && !letters.matches(".*[HhKk].*")) {
      return Optional.of(new Slip("has minutes, mm, without hours", "write MM for the month"));
    }
    if (MONTH_OF_HOUR.matcher(letters).find()) {
      return Optional.of(
          new Slip("has the month, MM, behind the hours", "write mm for the minutes"));
    }
    if (letters.matches(".*[wWec].*")) {
      return Optional.of(
          new Slip(
              "counts weeks and their days as "
                  + Locale.getDefault(Locale.Category.FORMAT)
                  + " does, which in the United States is from Sunday on",
              "for weeks of ISO 8601 run with ETL_JAVA_OPTS=\"-Duser.country=GB\""));
    }
    if (ANY_YEAR.matcher(letters).find()) {
      return Optional.of(
          new Slip(
              "has a year of any number of digits: 24 is the year 24", "write uuuu for the year"));
    }
    if (letters.indexOf('D') >= 0 && letters.indexOf('M') >= 0) {
      return Optional.of(new Slip("has DD, the day of the year", "write dd for the day"));
    }
    return Optional.empty();
  }

  /**
   * {@link #slip The same} of a pattern that writes, which may have minutes alone and years of as
   * many digits as they have.
   */
  public static Optional<Slip> slipInWriting(String pattern) {
    String letters = pattern.replaceAll("'[^']*'", "");
    boolean hasTimeOnly = !letters.matches(".*[yudDML].*");
    String read = ANY_YEAR.matcher(pattern).replaceAll("uuuu");
    return slip(hasTimeOnly && letters.indexOf('m') >= 0 ? "HH " + read : read);
  }

  /**
   * Which language the names of months and days are in, for a message; empty without such names.
   */
  static String languageOfNames(List<String> patterns) {
    boolean hasNames =
        patterns.stream()
            .map(pattern -> pattern.replaceAll("'[^']*'", ""))
            .anyMatch(letters -> letters.matches("(?s).*(MMM|LLL|E|eee|ccc).*"));
    Locale run = Locale.getDefault(Locale.Category.FORMAT);
    return hasNames
        ? ", with names in "
            + run.getDisplayLanguage(Locale.ENGLISH)
            + "; others by ETL_JAVA_OPTS=-Duser.language=de or the like"
        : "";
  }

  /** Whether one pattern has day and month where the other has month and day. */
  static boolean areSwapped(String one, String other) {
    String swapped = one.replace('d', '\0').replace('M', 'd').replace('\0', 'M');
    return swapped.equals(other) && !one.equals(other);
  }

  /** The zone that a pattern takes for mere letters; nothing where it has none in quotes. */
  static Optional<String> writtenZone(String pattern) {
    Matcher zone = WRITTEN_ZONE.matcher(pattern);
    return zone.find() ? Optional.of(zone.group(1)) : Optional.empty();
  }

  /** Whether a year has two digits, which java.time takes for one from 2000 to 2099. */
  static boolean hasShortYear(String pattern) {
    String letters = pattern.replaceAll("'[^']*'", " ");
    return SHORT_YEAR.matcher(letters).find();
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

  /** Whether a pattern has the hour of the day, which may be 24. */
  static boolean hasHourOfDay(String pattern) {
    return pattern.replaceAll("'[^']*'", "").indexOf('H') >= 0;
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
