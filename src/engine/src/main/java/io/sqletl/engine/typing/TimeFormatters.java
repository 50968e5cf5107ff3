package io.sqletl.engine.typing;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/** Says what is wrong with the patterns of a date, time or timestamp column, or looks so. */
final class TimeFormatters {

  private static final String KEY = "formatters";

  /** A day of two digits and a month of two digits; and neither. */
  private static final List<ZonedDateTime> SAMPLES =
      List.of(
          ZonedDateTime.of(2023, 11, 15, 13, 45, 30, 123_456_000, ZoneOffset.UTC),
          ZonedDateTime.of(2024, 2, 5, 7, 8, 9, 0, ZoneOffset.UTC));

  /** What the patterns have to give. */
  enum Reads {
    DATE("date", "year, month and day, such as uuuu-MM-dd"),
    TIME("time", "hours, such as HH:mm:ss"),
    /** A timestamp whose time of day the column says. */
    DAY("date", "year, month and day, such as uuuu-MM-dd"),
    TIMESTAMP(
        "timestamp",
        "a date and a time, such as uuuu-MM-dd HH:mm:ss; for days alone add"
            + " time: {hour: 0, minute: 0, second: 0, nano: 0} to the column");

    private final String kind;
    private final String needs;

    Reads(String kind, String needs) {
      this.kind = kind;
      this.needs = needs;
    }
  }

  private final ColumnKeys keys;
  private final Reads reads;
  private final String zone;

  /**
   * @param zone of a timestamp; null where there is none, or one that is none
   */
  TimeFormatters(ColumnKeys keys, Reads reads, String zone) {
    this.keys = keys;
    this.reads = reads;
    this.zone = zone;
  }

  void check(List<String> patterns) {
    warnOfSwapped(patterns);
    for (String pattern : patterns) {
      if (reads != Reads.TIMESTAMP || !TimePatterns.isEpoch(pattern)) {
        check(pattern);
      }
    }
  }

  private void check(String pattern) {
    if (TimePatterns.problem(pattern).isPresent()) {
      keys.invalid(KEY, "'formatters': " + TimePatterns.problem(pattern).get(), null);
      return;
    }
    TimePatterns.slip(pattern)
        .ifPresentOrElse(
            slip -> warn(pattern, slip.what(), slip.remedy()), () -> warnOfNothing(pattern));
    if (TimePatterns.hasShortYear(pattern)) {
      warn(
          pattern,
          "has a year of two digits, which is one from 2000 to 2099: 99 is 2099",
          "have texts with four digits and write uuuu, or move the century in SQL, such as"
              + " if(d > current_date(), add_months(d, -1200), d)");
    }
    if (TimePatterns.lacksEra(pattern) && TimePatterns.hasHourOfDay(pattern)) {
      keys.warn(
          KEY,
          "'YearOfEra' ('yyyy') set without 'Era' ('GG') in field '"
              + keys.label()
              + "' with pattern '"
              + pattern
              + "'. 24:00 is then taken for the midnight that ends the day",
          "write uuuu for the year, or add the era");
    }
    warnOfWrittenZone(pattern);
  }

  private void warn(String pattern, String what, String remedy) {
    keys.warn(KEY, "The pattern '" + pattern + "' " + what, remedy);
  }

  /** A pattern that cannot read what it writes itself reads nothing. */
  private void warnOfNothing(String pattern) {
    TimePattern reader = TimePatterns.all(List.of(pattern), SchemaColumn.LetterCase.IGNORED)[0];
    String example = null;
    for (ZonedDateTime sample : SAMPLES) {
      try {
        example =
            TimePatterns.formatter(
                    pattern,
                    TimePatterns.resolverStyle(List.of(pattern)),
                    SchemaColumn.LetterCase.IGNORED)
                .format(sample.withZoneSameLocal(zone()));
      } catch (DateTimeException e) {
        return;
      }
      if (read(reader, UTF8String.fromString(example)) != TimeFields.NONE) {
        return;
      }
    }
    warn(
        pattern,
        "reads no " + reads.kind + ", such as of '" + example + "', which has its form",
        "a " + reads.kind + " needs " + reads.needs);
  }

  private long read(TimePattern reader, UTF8String text) {
    return switch (reads) {
      case DATE, DAY -> reader.epochDay(text);
      case TIME -> reader.nanoOfDay(text);
      case TIMESTAMP -> reader.epochMicros(text, TimePattern.Zone.of(zone().getId()));
    };
  }

  private ZoneId zone() {
    try {
      return zone == null ? ZoneOffset.UTC : ZoneId.of(zone);
    } catch (DateTimeException e) {
      // Told of the key that has it
      return ZoneOffset.UTC;
    }
  }

  private void warnOfSwapped(List<String> patterns) {
    for (int i = 1; i < patterns.size(); i++) {
      for (String earlier : patterns.subList(0, i)) {
        if (TimePatterns.areSwapped(earlier, patterns.get(i))) {
          keys.warn(
              KEY,
              "The patterns '"
                  + earlier
                  + "' and '"
                  + patterns.get(i)
                  + "' both read 03/04, and the first one counts, whatever was meant",
              "take out the one that the data do not have");
        }
      }
    }
  }

  private void warnOfWrittenZone(String pattern) {
    boolean isUtc = zone == null || zone.matches("(?i)Z|UTC|GMT|Etc/UTC|\\+00:00|Etc/GMT");
    if (!isUtc) {
      TimePatterns.writtenZone(pattern)
          .ifPresent(
              written ->
                  warn(
                      pattern,
                      "takes '"
                          + written
                          + "' for mere letters, so that its times are of 'timezoneId', "
                          + zone,
                      "write XXX without quotes for an offset, which Z is too, or set"
                          + " 'timezoneId' to UTC"));
    }
  }
}
