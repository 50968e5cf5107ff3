package io.sqletl.engine.typing;

import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalField;
import java.time.temporal.TemporalQueries;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * One pattern of a date, time or timestamp column. Reads a text by its bytes where the pattern's
 * layout is fixed, else by java.time's parser; resolves the fields itself where they are the plain
 * ones, and has java.time do it, which throws at dates that do not exist, where they are not.
 */
final class TimePattern {

  /** Letters whose fields are resolved here. */
  private static final String PLAIN_LETTERS = "uyMLdHmsSXxZ";

  private static final Pattern ZONE_NAME = Pattern.compile("z+|v+");
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long SECONDS_PER_DAY = 86_400;

  private final TimeFields fields;
  private final DateTimeFormatter formatter;
  private final FixedLayout layout;
  private final boolean plain;
  private final boolean hasEra;

  /** Writes the name of a zone as the pattern has it; null for patterns without one. */
  private final DateTimeFormatter zoneName;

  TimePattern(String pattern, TimeFields fields, SchemaColumn.LetterCase letterCase) {
    this.fields = fields;
    this.formatter = TimePatterns.formatter(pattern, fields.resolverStyle(), letterCase);
    this.layout = FixedLayout.of(pattern).orElse(null);
    String letters = pattern.replaceAll("'[^']*'", "");
    Matcher zone = ZONE_NAME.matcher(letters);
    this.zoneName = zone.find() ? DateTimeFormatter.ofPattern(zone.group()) : null;
    this.hasEra = letters.indexOf('G') >= 0;
    this.plain =
        letters
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
    return isDay(parsed)
        ? field(resolved(formatter, string), ChronoField.EPOCH_DAY)
        : TimeFields.NONE;
  }

  /** Whether the day is one of its month; java.time would move it to the month's last. */
  private boolean isDay(TemporalAccessor parsed) {
    boolean hasYear =
        parsed.isSupported(ChronoField.YEAR) || parsed.isSupported(ChronoField.YEAR_OF_ERA);
    boolean hasDay =
        parsed.isSupported(ChronoField.MONTH_OF_YEAR)
            && parsed.isSupported(ChronoField.DAY_OF_MONTH);
    return !hasYear || !hasDay || hasEra || epochDay(parsed) != TimeFields.NONE;
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
    TemporalAccessor parsed = parse(string);
    return parsed == null || isEndOfDay(parsed)
        ? TimeFields.NONE
        : field(resolved(formatter, string), ChronoField.NANO_OF_DAY);
  }

  /** Without a day, 24:00 would become the midnight before it. */
  private static boolean isEndOfDay(TemporalAccessor parsed) {
    return hasTime(parsed) && parsed.getLong(ChronoField.HOUR_OF_DAY) == TimeFields.END_OF_DAY;
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
        zone.read(nano);
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
        zone.read(nano);
        return parsed.isSupported(ChronoField.OFFSET_SECONDS)
            ? epochMicros(day, nano, parsed.getLong(ChronoField.OFFSET_SECONDS))
            : zone.epochMicros(day, nano);
      }
    }
    return isDay(parsed)
        ? epochMicrosOf(resolved(formatter, string), string, zone)
        : TimeFields.NONE;
  }

  private long epochMicrosOf(TemporalAccessor resolved, String text, Zone zone) {
    LocalDate date = resolved == null ? null : resolved.query(TemporalQueries.localDate());
    LocalTime time = resolved == null ? null : resolved.query(TemporalQueries.localTime());
    if (date == null || time == null) {
      return TimeFields.NONE;
    }
    long day = date.toEpochDay();
    long nano = time.toNanoOfDay();
    zone.read(nano);
    ZoneId written = resolved.query(TemporalQueries.zoneId());
    // Where a pattern has the name in brackets, a text may be without
    if (zoneName != null && written != null) {
      return zone.epochMicrosNamed(date.atTime(time), zoneName, text);
    }
    if (resolved.isSupported(ChronoField.OFFSET_SECONDS)) {
      return epochMicros(day, nano, resolved.getLong(ChronoField.OFFSET_SECONDS));
    }
    return zone.epochMicros(day, nano, written == null ? zone.id : written);
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

  /** A time zone that is asked for offsets at local times, by one thread. */
  static final class Zone {

    /** What stands for the same everywhere, so that the column's zone does not matter. */
    private static final List<String> UTC = List.of("UTC", "GMT", "Z");

    private final ZoneId id;
    private final ZoneRules rules;
    private boolean cameTwice;
    private boolean cut;
    private String gap;

    private Zone(ZoneId id) {
      this.id = id;
      this.rules = id.getRules();
    }

    static Zone of(String id) {
      return new Zone(ZoneId.of(id));
    }

    /** Whether the last local time comes twice, and was taken as the first. */
    boolean cameTwice() {
      return cameTwice;
    }

    /** Before a text that may name its offset, so that no local time is asked for. */
    void forget() {
      cameTwice = false;
      gap = null;
      cut = false;
    }

    /** Whether the last time had digits behind the microseconds. */
    boolean wasCut() {
      return cut;
    }

    /** Why there is no last local time; null when there is one. */
    String gap() {
      return gap;
    }

    private static String gap(LocalDateTime local, ZoneId zone) {
      ZoneOffsetTransition change = zone.getRules().getTransition(local);
      LocalDateTime from = change.getDateTimeBefore();
      LocalDateTime to = change.getDateTimeAfter();
      boolean isWithinDay = from.toLocalDate().equals(to.toLocalDate());
      return "this local time does not exist in "
          + zone.getId()
          + ", where clocks went forward from "
          + (isWithinDay ? from.toLocalTime() : from)
          + " to "
          + (isWithinDay ? to.toLocalTime() : to);
    }

    private void read(long nanoOfDay) {
      cut = nanoOfDay % NANOS_PER_MICRO != 0;
    }

    /** A time in a gap is none; one that comes twice is the first, the summer time. */
    long epochMicros(long epochDay, long nanoOfDay) {
      return epochMicros(epochDay, nanoOfDay, id);
    }

    private long epochMicros(long epochDay, long nanoOfDay, ZoneId zone) {
      long second = epochDay * SECONDS_PER_DAY + nanoOfDay / NANOS_PER_SECOND;
      LocalDateTime local = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
      List<ZoneOffset> offsets = (zone == id ? rules : zone.getRules()).getValidOffsets(local);
      if (offsets.isEmpty()) {
        gap = gap(local, zone);
      }
      cameTwice = offsets.size() > 1;
      return offsets.isEmpty()
          ? TimeFields.NONE
          : TimePattern.epochMicros(epochDay, nanoOfDay, offsets.get(0).getTotalSeconds());
    }

    /**
     * The instant of a text with a name of a zone, or {@link TimeFields#NONE}. Many zones share one
     * name, and one zone has two a year, so that it has to be the one that this zone goes by then.
     */
    long epochMicrosNamed(LocalDateTime local, DateTimeFormatter name, String text) {
      for (ZoneOffset offset : rules.getValidOffsets(local)) {
        if (names(text, name.format(ZonedDateTime.ofLocal(local, id, offset)))) {
          return micros(local, offset);
        }
      }
      return UTC.stream().anyMatch(utc -> names(text, utc))
          ? micros(local, ZoneOffset.UTC)
          : TimeFields.NONE;
    }

    private static long micros(LocalDateTime local, ZoneOffset offset) {
      return TimePattern.epochMicros(
          local.toLocalDate().toEpochDay(),
          local.toLocalTime().toNanoOfDay(),
          offset.getTotalSeconds());
    }

    private static boolean names(String text, String name) {
      return Pattern.compile(
              "(?<![\\p{L}\\d])" + Pattern.quote(name) + "(?![\\p{L}\\d+-])",
              Pattern.CASE_INSENSITIVE)
          .matcher(text)
          .find();
    }
  }
}
