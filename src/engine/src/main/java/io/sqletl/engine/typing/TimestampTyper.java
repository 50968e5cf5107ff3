package io.sqletl.engine.typing;

import java.util.List;
import java.util.Optional;
import org.apache.spark.unsafe.types.UTF8String;

/** Instants; the first pattern that finds one counts. */
final class TimestampTyper extends Typer {

  private final transient SchemaColumn.TimestampColumn column;
  private final transient TimePattern.Zone zone;
  private final transient Reader[] readers;

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
    for (Reader reader : readers) {
      zone.forget();
      long micros = reader.epochMicros(value);
      if (micros != TimeFields.NONE) {
        if (told != null && zone.cameTwice()) {
          tell(told, AdjustedValues.Change.EARLIER, value.toString());
        }
        if (told != null && zone.wasCut()) {
          tell(told, AdjustedValues.Change.CUT, value.toString());
        }
        return micros;
      }
    }
    return null;
  }

  @Override
  String message(String value) {
    return "Unable to convert '"
        + value
        + "' to timestamp using formatters ["
        + Texts.quoted(column.formatters())
        + "] and timezone '"
        + column.timezoneId()
        + "'"
        + gap(value).map(gap -> ": " + gap).orElse("");
  }

  @Override
  String target(String value) {
    return target() + gap(value).map(gap -> ": " + gap).orElse("");
  }

  /** Why there is no such time, where the text has the form of one. */
  private Optional<String> gap(String value) {
    for (Reader reader : readers) {
      zone.forget();
      if (reader.epochMicros(UTF8String.fromString(value)) == TimeFields.NONE
          && zone.gap() != null) {
        return Optional.of(zone.gap());
      }
    }
    return Optional.empty();
  }

  @Override
  String target() {
    return "timestamp ("
        + String.join(" or ", column.formatters())
        + TimePatterns.languageOfNames(column.formatters())
        + ")";
  }
}
