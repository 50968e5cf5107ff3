package io.sqletl.engine.typing;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/** Instants; the first pattern that finds one counts. */
final class TimestampTyper extends Typer {

  private static final int MICRO_DIGITS = 6;
  private static final Pattern FRACTION = Pattern.compile("S+");

  private final transient SchemaColumn.TimestampColumn column;
  private final transient TimePattern.Zone zone;
  private final transient Reader[] readers;
  private final transient int[] fractions;

  /** Reads microseconds since 1970, or {@link TimeFields#NONE}. */
  private interface Reader {
    long epochMicros(UTF8String text);
  }

  TimestampTyper(SchemaColumn.TimestampColumn column) {
    super(column);
    this.column = column;
    this.zone = TimePattern.Zone.of(column.timezoneId());
    List<String> patterns = column.formatters();
    TimeFields fields = TimeFields.of(TimePatterns.resolverStyle(patterns));
    this.fractions = patterns.stream().mapToInt(TimestampTyper::fraction).toArray();
    this.readers = patterns.stream().map(pattern -> reader(pattern, fields)).toArray(Reader[]::new);
  }

  private Reader reader(String text, TimeFields fields) {
    if (column.fixedTime() == null && TimePatterns.isEpoch(text)) {
      return value -> epoch(value, text.length());
    }
    TimePattern pattern = new TimePattern(text, fields, column.letterCase());
    if (column.fixedTime() == null) {
      return value -> pattern.epochMicros(value, zone);
    }
    long nanoOfDay = column.fixedTime().toNanoOfDay();
    return value -> {
      long day = pattern.epochDay(value);
      return day == TimeFields.NONE ? day : zone.epochMicros(day, nanoOfDay);
    };
  }

  /** Ten digits are seconds, thirteen are milliseconds. */
  private static long epoch(UTF8String value, int digits) {
    if (value.numBytes() != digits) {
      return TimeFields.NONE;
    }
    long number = 0;
    for (int i = 0; i < digits; i++) {
      byte b = value.getByte(i);
      if (!Texts.isDigit(b)) {
        return TimeFields.NONE;
      }
      number = number * 10 + (b - '0');
    }
    return number * (digits == TimePatterns.EPOCH_SECONDS.length() ? 1_000_000 : 1_000);
  }

  @Override
  Object parse(UTF8String value) {
    return parse(value, null);
  }

  @Override
  Object parse(UTF8String value, Adjustments told) {
    for (int i = 0; i < readers.length; i++) {
      zone.forget();
      long micros = readers[i].epochMicros(value);
      if (micros != TimeFields.NONE) {
        if (told != null && zone.cameTwice()) {
          tell(told, AdjustedValues.Change.EARLIER, value.toString());
        }
        if (told != null && fractions[i] > MICRO_DIGITS && isCut(value.toString(), fractions[i])) {
          tell(told, AdjustedValues.Change.CUT, value.toString());
        }
        return micros;
      }
    }
    return null;
  }

  /** Whether a digit behind the microseconds counts; the fraction ends the last long number. */
  private static boolean isCut(String text, int digits) {
    int end = text.length();
    while (end > 0) {
      while (end > 0 && !Character.isDigit(text.charAt(end - 1))) {
        end--;
      }
      int start = end;
      while (start > 0 && Character.isDigit(text.charAt(start - 1))) {
        start--;
      }
      if (end - start >= digits) {
        return !text.substring(end - digits + MICRO_DIGITS, end).matches("0*");
      }
      end = start;
    }
    return false;
  }

  /** How many digits of a second a pattern has at most. */
  private static int fraction(String pattern) {
    int most = 0;
    Matcher digits = FRACTION.matcher(pattern.replaceAll("'[^']*'", ""));
    while (digits.find()) {
      most = Math.max(most, digits.end() - digits.start());
    }
    return most;
  }

  @Override
  String message(String value) {
    return "Unable to convert '"
        + value
        + "' to timestamp using formatters ["
        + Texts.quoted(column.formatters())
        + "] and timezone '"
        + column.timezoneId()
        + "'";
  }

  @Override
  String target() {
    return "timestamp (" + String.join(" or ", column.formatters()) + ")";
  }
}
