package io.sqletl.engine.typing;

import java.time.Month;
import java.time.chrono.IsoChronology;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;

/**
 * Makes dates and times of their fields as java.time resolves them, without an exception for those
 * that do not exist.
 */
enum TimeFields {
  STRICT,
  SMART;

  /** There is no such date or time. */
  static final long NONE = Long.MIN_VALUE;

  /** Only java.time says what the fields mean. */
  static final long UNDECIDED = Long.MIN_VALUE + 1;

  private static final int LEAP_DAY = 29;
  static final int END_OF_DAY = 24;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  static TimeFields of(ResolverStyle style) {
    return style == ResolverStyle.STRICT ? STRICT : SMART;
  }

  ResolverStyle resolverStyle() {
    return this == STRICT ? ResolverStyle.STRICT : ResolverStyle.SMART;
  }

  /** Days since 1970, or {@link #NONE}; also the 31st of a short month is no day. */
  long epochDay(long year, long month, long day) {
    if (!ChronoField.YEAR.range().isValidValue(year)
        || month < 1
        || month > 12
        || day < 1
        || day > 31) {
      return NONE;
    }
    boolean leap = IsoChronology.INSTANCE.isLeapYear(year);
    long last = day < LEAP_DAY ? LEAP_DAY - 1 : Month.of((int) month).length(leap);
    return day > last ? NONE : daysSinceEpoch(year, month, day);
  }

  /** As {@link #epochDay} for a year that is counted within its era, which is the current one. */
  long epochDayOfEra(long year, long month, long day) {
    return year < 1 ? NONE : epochDay(year, month, day);
  }

  /** Nanoseconds since midnight, {@link #NONE} or {@link #UNDECIDED}. */
  long nanoOfDay(long hour, long minute, long second, long nano) {
    if (hour == END_OF_DAY && this == SMART) {
      return UNDECIDED;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
      return NONE;
    }
    return ((hour * 60 + minute) * 60 + second) * NANOS_PER_SECOND + nano;
  }

  /** The count of {@link java.time.LocalDate#toEpochDay()}, without the object. */
  private static long daysSinceEpoch(long year, long month, long day) {
    // Years that begin in March have their leap day at the end
    long shifted = month > 2 ? year : year - 1;
    long era = Math.floorDiv(shifted, 400L);
    long yearOfEra = shifted - era * 400;
    long dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097 + dayOfEra - 719_468;
  }
}
