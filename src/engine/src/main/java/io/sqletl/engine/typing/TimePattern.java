package io.sqletl.engine.typing;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.time.zone.ZoneRules;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One pattern of a date, time or timestamp column. Reads a text by its bytes where the pattern's
 * layout is fixed, else by java.time's parser; resolves the fields itself where they are the plain
 * ones, and has java.time do it, which throws at dates that do not exist, where they are not.
 */
final class TimePattern {

  /** Letters whose fields are resolved here. */
  private static final String PLAIN_LETTERS = "uyMLdHmsSXxZ";

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  private final TimeFields fields;
  private final DateTimeFormatter formatter;
  private final FixedLayout layout;
  private final boolean plain;

  TimePattern(String pattern, TimeFields fields, SchemaColumn.LetterCase letterCase) {
    this.fields = fields;
    this.formatter = TimePatterns.formatter(pattern, fields.resolverStyle(), letterCase);
    this.layout = FixedLayout.of(pattern).orElse(null);
    this.plain =
        pattern
            .replaceAll("'[^']*'", "")
            .chars()
            .filter(Character::isLetter)
            .allMatch(letter -> PLAIN_LETTERS.indexOf(letter) >= 0);
  }

  /** Days since 1970, or {@link TimeFields#NONE}. */
  long epochDay(UTF8String text) {
    if (layout != null && layout.hasDate() && layout.matches(text)) {
      long nano = layout.hasTime() ? layout.nanoOfDay(text, fields) : 0;
      long day = layout.epochDay(text, fields);
      if (nano != TimeFields.UNDECIDED) {
        return nano == TimeFields.NONE ? TimeFields.NONE : day;
      }
    }
    String string = text.toString();
    TemporalAccessor parsed = parse(string);
    if (parsed == null) {
      return TimeFields.NONE;
    }
    if (plain) {
      long nano = hasTime(parsed) ? nanoOfDay(parsed) : 0;
      if (nano != TimeFields.UNDECIDED) {
        return nano == TimeFields.NONE ? TimeFields.NONE : epochDay(parsed);
      }
    }
    return field(resolved(formatter, string), ChronoField.EPOCH_DAY);
  }

  /** Nanoseconds since midnight, or {@link TimeFields#NONE}. */
  long nanoOfDay(UTF8String text) {
    if (layout != null && !layout.hasDate() && layout.matches(text)) {
      long nano = layout.nanoOfDay(text, fields);
      if (nano != TimeFields.UNDECIDED) {
        return nano;
      }
    }
    String string = text.toString();
    return parse(string) == null
        ? TimeFields.NONE
        : field(resolved(formatter, string), ChronoField.NANO_OF_DAY);
  }

  /**
   * Microseconds since 1970 in UTC, or {@link TimeFields#NONE}.
   *
   * @param zone for texts that name none
   */
  long epochMicros(UTF8String text, Zone zone) {
    if (layout != null && layout.hasDate() && layout.hasTime() && layout.matches(text)) {
      long day = layout.epochDay(text, fields);
      long nano = layout.nanoOfDay(text, fields);
      if (day == TimeFields.NONE || nano == TimeFields.NONE) {
        return TimeFields.NONE;
      }
      if (nano != TimeFields.UNDECIDED) {
        return zone.epochMicros(day, nano);
      }
    }
    String string = text.toString();
    TemporalAccessor parsed = parse(string);
    if (parsed == null) {
      return TimeFields.NONE;
    }
    if (plain) {
      long day = epochDay(parsed);
      long nano = nanoOfDay(parsed);
      if (day == TimeFields.NONE || nano == TimeFields.NONE) {
        return TimeFields.NONE;
      }
      if (nano != TimeFields.UNDECIDED) {
        return parsed.isSupported(ChronoField.OFFSET_SECONDS)
            ? epochMicros(day, nano, parsed.getLong(ChronoField.OFFSET_SECONDS))
            : zone.epochMicros(day, nano);
      }
    }
    TemporalAccessor instant = resolved(formatter.withZone(zone.id()), string);
    long second = field(instant, ChronoField.INSTANT_SECONDS);
    return second == TimeFields.NONE
        ? TimeFields.NONE
        : epochMicros(0, instant.getLong(ChronoField.NANO_OF_SECOND), -second);
  }

  /** The instant of a local date and time at an offset, or {@link TimeFields#NONE} far off. */
  static long epochMicros(long epochDay, long nanoOfDay, long offsetSeconds) {
    long second = epochDay * SECONDS_PER_DAY + nanoOfDay / NANOS_PER_SECOND - offsetSeconds;
    if (Math.abs(second) > Long.MAX_VALUE / MICROS_PER_SECOND - 1) {
      return TimeFields.NONE;
    }
    return second * MICROS_PER_SECOND + nanoOfDay % NANOS_PER_SECOND / NANOS_PER_MICRO;
  }

  /** The fields as they stand in the text; null when the whole text does not have the pattern. */
  private TemporalAccessor parse(String text) {
    ParsePosition position = new ParsePosition(0);
    TemporalAccessor parsed = formatter.parseUnresolved(text, position);
    return parsed == null || position.getIndex() < text.length() ? null : parsed;
  }

  private static TemporalAccessor resolved(DateTimeFormatter formatter, String text) {
    try {
      return formatter.parse(text);
    } catch (DateTimeException nonexistent) {
      return null;
    }
  }

  private static long field(TemporalAccessor parsed, TemporalField field) {
    return parsed != null && parsed.isSupported(field) ? parsed.getLong(field) : TimeFields.NONE;
  }

  private long epochDay(TemporalAccessor parsed) {
    if (!parsed.isSupported(ChronoField.MONTH_OF_YEAR)
        || !parsed.isSupported(ChronoField.DAY_OF_MONTH)) {
      return TimeFields.NONE;
    }
    long month = parsed.getLong(ChronoField.MONTH_OF_YEAR);
    long day = parsed.getLong(ChronoField.DAY_OF_MONTH);
    if (parsed.isSupported(ChronoField.YEAR)) {
      return fields.epochDay(parsed.getLong(ChronoField.YEAR), month, day);
    }
    return parsed.isSupported(ChronoField.YEAR_OF_ERA)
        ? fields.epochDayOfEra(parsed.getLong(ChronoField.YEAR_OF_ERA), month, day)
        : TimeFields.NONE;
  }

  private static boolean hasTime(TemporalAccessor parsed) {
    return parsed.isSupported(ChronoField.HOUR_OF_DAY);
  }

  private long nanoOfDay(TemporalAccessor parsed) {
    if (!hasTime(parsed)) {
      return TimeFields.NONE;
    }
    boolean minute = parsed.isSupported(ChronoField.MINUTE_OF_HOUR);
    boolean second = parsed.isSupported(ChronoField.SECOND_OF_MINUTE);
    boolean nano = parsed.isSupported(ChronoField.NANO_OF_SECOND);
    if (second && !minute || nano && !second) {
      return TimeFields.UNDECIDED;
    }
    return fields.nanoOfDay(
        parsed.getLong(ChronoField.HOUR_OF_DAY),
        minute ? parsed.getLong(ChronoField.MINUTE_OF_HOUR) : 0,
        second ? parsed.getLong(ChronoField.SECOND_OF_MINUTE) : 0,
        nano ? parsed.getLong(ChronoField.NANO_OF_SECOND) : 0);
  }

  /** A time zone that is asked for offsets at local times. */
  record Zone(ZoneId id, ZoneRules rules) {

    static Zone of(String id) {
      ZoneId zone = ZoneId.of(id);
      return new Zone(zone, zone.getRules());
    }

    /** A time in a gap is moved forward, one that comes twice is the first. */
    long epochMicros(long epochDay, long nanoOfDay) {
      long second = epochDay * SECONDS_PER_DAY + nanoOfDay / NANOS_PER_SECOND;
      LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
      return TimePattern.epochMicros(epochDay, nanoOfDay, rules.getOffset(local).getTotalSeconds());
    }
  }
}
