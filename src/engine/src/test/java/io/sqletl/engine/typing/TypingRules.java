package io.sqletl.engine.typing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.commons.codec.binary.Base64;

/**
 * The rules of typing as their description says them, slow and obvious: one text at a time, with
 * the JDK's own parsers and their exceptions. The engine shares no code with it.
 */
final class TypingRules {

  private static final String BLANKS =
      "^[\\x00-\\x20\\p{IsWhite_Space}]+|[\\x00-\\x20\\p{IsWhite_Space}]+$";

  private static final String WHOLE = "#,##0;-#,##0";
  private static final String FRACTION = "#,##0.###;-#,##0.###";

  private TypingRules() {}

  /**
   * A column of a schema.
   *
   * @param formatters null when the column has none
   * @param time a fixed time of a timestamp; null for none
   */
  record Column(
      String name,
      String type,
      boolean nullable,
      boolean trim,
      List<String> nullableValues,
      String nullReplacementValue,
      List<String> formatters,
      boolean caseSensitive,
      String timezoneId,
      LocalTime time,
      int precision,
      int scale,
      List<String> trueValues,
      List<String> falseValues,
      String encoding,
      Integer minLength,
      Integer maxLength,
      String regex) {}

  /** What becomes of a text: a value, which may be null, or an error. */
  record Outcome(Object value, String error) {}

  /** Thrown where a text does not fit, with what is said of it. */
  private static final class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    Unfit(String message) {
      super(message);
    }
  }

  static Outcome type(Column column, String text) {
    String value = text == null || !column.trim() ? text : text.replaceAll(BLANKS, "");
    if (value == null || column.nullableValues().contains(value)) {
      if (column.nullReplacementValue() == null) {
        return column.nullable()
            ? new Outcome(null, null)
            : new Outcome(
                null, "Non-null value expected and no nullReplacementValue value was provided");
      }
      value = column.nullReplacementValue();
    }
    try {
      return new Outcome(typed(column, value), null);
    } catch (Unfit e) {
      return new Outcome(null, e.getMessage());
    }
  }

  private static Object typed(Column column, String v) throws Unfit {
    return switch (column.type()) {
      case "string" -> string(column, v);
      case "integer" -> integer(column, v);
      case "long" -> wholeLong(column, v);
      case "double" -> floating(column, v);
      case "decimal" -> decimal(column, v);
      case "boolean" -> bool(column, v);
      case "date" -> date(column, v);
      case "time" -> time(column, v);
      case "timestamp" -> timestamp(column, v);
      case "binary" -> binary(column, v);
      default -> throw new IllegalArgumentException(column.type());
    };
  }

  private static String string(Column c, String v) throws Unfit {
    List<String> messages = new ArrayList<>();
    String said = "String '" + v + "'";
    int characters = v.codePointCount(0, v.length());
    String length = said + " (" + characters + " characters)";
    if (c.minLength() != null && characters < c.minLength()) {
      messages.add(length + " is less than minLength (" + c.minLength() + ").");
    }
    if (c.maxLength() != null && characters > c.maxLength()) {
      messages.add(length + " is greater than maxLength (" + c.maxLength() + ").");
    }
    if (c.regex() != null && !v.matches(c.regex())) {
      messages.add(said + " does not match regex '" + c.regex() + "'.");
    }
    if (!messages.isEmpty()) {
      throw new Unfit(String.join(" ", messages));
    }
    return v;
  }

  private static Object integer(Column c, String v) throws Unfit {
    try {
      if (c.formatters() == null) {
        return v.toUpperCase(Locale.ROOT).contains("E+")
            ? new BigDecimal(v).intValueExact()
            : Integer.parseInt(v);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw unfitNumber(c, v, "integer", WHOLE);
    }
    for (String pattern : c.formatters()) {
      try {
        return Integer.parseInt(String.valueOf(parse(new DecimalFormat(pattern), v)));
      } catch (NumberFormatException e) {
        continue;
      }
    }
    throw unfitNumber(c, v, "integer", WHOLE);
  }

  private static Object wholeLong(Column c, String v) throws Unfit {
    try {
      if (c.formatters() == null) {
        return v.toUpperCase(Locale.ROOT).contains("E+")
            ? new BigDecimal(v).longValueExact()
            : Long.parseLong(v);
      }
    } catch (NumberFormatException | ArithmeticException e) {
      throw unfitNumber(c, v, "long", WHOLE);
    }
    for (String pattern : c.formatters()) {
      try {
        return Long.parseLong(String.valueOf(parse(new DecimalFormat(pattern), v)));
      } catch (NumberFormatException e) {
        continue;
      }
    }
    throw unfitNumber(c, v, "long", WHOLE);
  }

  private static Object floating(Column c, String v) throws Unfit {
    List<String> texts = new ArrayList<>();
    if (c.formatters() == null) {
      texts.add(v);
    } else {
      for (String pattern : c.formatters()) {
        texts.add(String.valueOf(fraction(pattern, v)));
      }
    }
    for (String text : texts) {
      try {
        if (c.formatters() == null && text.trim().matches("(?s).*([xX].*|[0-9.][fFdD])")) {
          continue; // What only Java writes
        }
        double number = Double.parseDouble(text);
        boolean vanishes = number == 0 && v.split("[eE]", 2)[0].matches("(?s).*[1-9].*");
        if (!Double.isInfinite(number) && !vanishes) {
          return number;
        }
      } catch (NumberFormatException e) {
        continue;
      }
    }
    throw unfitNumber(c, v, "double", FRACTION);
  }

  /** The nearest double of a percentage too, which a double that is divided need not be. */
  private static Number fraction(String pattern, String v) {
    DecimalFormat format = new DecimalFormat(pattern);
    Number number = parse(format, v);
    if (number == null || number.doubleValue() == 0 || format.getMultiplier() == 1) {
      return number;
    }
    format.setParseBigDecimal(true);
    return parse(format, v);
  }

  /** Numbers of more digits are none of any type, and take forever to write out. */
  private static final int MOST_DIGITS = 1_000;

  private static Object decimal(Column c, String v) throws Unfit {
    List<Number> numbers = new ArrayList<>();
    if (c.formatters() == null) {
      try {
        numbers.add(new BigDecimal(v));
      } catch (NumberFormatException e) {
        numbers.add(null);
      }
    } else {
      for (String pattern : c.formatters()) {
        DecimalFormat format = new DecimalFormat(pattern);
        format.setParseBigDecimal(true);
        numbers.add(parse(format, v));
      }
    }
    for (Number number : numbers) {
      if (number instanceof BigDecimal exact) {
        long digits = (long) exact.precision() - exact.scale();
        if (exact.signum() != 0 && digits > MOST_DIGITS) {
          continue; // Which nobody could write out
        }
        BigDecimal rounded =
            digits < -MOST_DIGITS || exact.signum() == 0
                ? BigDecimal.ZERO.setScale(c.scale())
                : exact.setScale(c.scale(), RoundingMode.HALF_UP);
        if (rounded.signum() == 0 || rounded.precision() <= c.precision()) {
          return rounded;
        }
      }
    }
    throw unfitNumber(c, v, "decimal(" + c.precision() + ", " + c.scale() + ")", FRACTION);
  }

  /** The whole text must be the number; null when it is not. */
  private static Number parse(DecimalFormat format, String v) {
    ParsePosition position = new ParsePosition(0);
    Number number = format.parse(v, position);
    return position.getIndex() == v.length() && isGrouped(format, v) ? number : null;
  }

  /** Groups of digits are as long as the pattern says, but for the first, which may be shorter. */
  private static boolean isGrouped(DecimalFormat format, String v) {
    String separator = Pattern.quote("" + format.getDecimalFormatSymbols().getGroupingSeparator());
    int size = format.getGroupingSize();
    return !format.isGroupingUsed()
        || size == 0
        || !v.matches("(?s).*" + separator + ".*")
        || v.matches(
            "(?sU)[^\\d]*?\\d{1,"
                + size
                + "}("
                + separator
                + "\\d{"
                + size
                + "})+(?![\\d])(?!"
                + separator
                + ").*");
  }

  private static Object bool(Column c, String v) throws Unfit {
    if (c.trueValues().contains(v)) {
      return true;
    }
    if (c.falseValues().contains(v)) {
      return false;
    }
    throw new Unfit(
        "Unable to convert '"
            + v
            + "' to boolean using provided true values: ["
            + quoted(c.trueValues())
            + "] or false values: ["
            + quoted(c.falseValues())
            + "]");
  }

  private static Object date(Column c, String v) throws Unfit {
    for (String pattern : c.formatters()) {
      try {
        DateTimeFormatter formatter = formatter(c, pattern, !c.caseSensitive());
        requireDay(formatter, v);
        return LocalDate.parse(v, formatter);
      } catch (DateTimeException e) {
        continue;
      }
    }
    throw new Unfit(
        "Unable to convert '" + v + "' to date using formatters [" + quoted(c.formatters()) + "]");
  }

  private static Object time(Column c, String v) throws Unfit {
    for (String pattern : c.formatters()) {
      try {
        LocalTime time =
            LocalTime.parse(v, formatter(c, pattern, true).withResolverStyle(ResolverStyle.SMART));
        if (time.equals(LocalTime.MIDNIGHT) && v.contains("24") && pattern.contains("H")) {
          continue; // The end of a day is no time of it
        }
        return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
      } catch (DateTimeException e) {
        continue;
      }
    }
    throw new Unfit(
        "Unable to convert '" + v + "' to time using formatters [" + quoted(c.formatters()) + "]");
  }

  private static Object timestamp(Column c, String v) throws Unfit {
    ZoneId zone = ZoneId.of(c.timezoneId());
    String gap = "";
    for (String pattern : c.formatters()) {
      try {
        return instant(c, pattern, zone, v).truncatedTo(ChronoUnit.MICROS);
      } catch (GapException e) {
        gap = gap.isEmpty() ? ": " + e.getMessage() : gap;
      } catch (DateTimeException e) {
        continue;
      }
    }
    throw new Unfit(
        "Unable to convert '"
            + v
            + "' to timestamp using formatters ["
            + quoted(c.formatters())
            + "] and timezone '"
            + c.timezoneId()
            + "'"
            + gap);
  }

  private static Instant instant(Column c, String pattern, ZoneId zone, String v) {
    if (pattern.matches("s{10}|s{13}")) {
      if (!v.matches("[0-9]{" + pattern.length() + "}")) {
        throw new DateTimeException("no digits");
      }
      long number = Long.parseLong(v);
      return pattern.length() == 10 ? Instant.ofEpochSecond(number) : Instant.ofEpochMilli(number);
    }
    DateTimeFormatter formatter = formatter(c, pattern, !c.caseSensitive());
    requireDay(formatter, v);
    if (c.time() != null) {
      LocalDateTime local = LocalDate.parse(v, formatter).atTime(c.time());
      requireTime(zone, local);
      return local.atZone(zone).toInstant();
    }
    TemporalAccessor parsed = formatter.withZone(zone).parse(v);
    LocalDate date = parsed.query(TemporalQueries.localDate());
    LocalTime time = parsed.query(TemporalQueries.localTime());
    if (date != null && time != null && !parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
      requireTime(parsed.query(TemporalQueries.zone()), date.atTime(time));
    }
    return Instant.from(parsed);
  }

  /** Clocks that are put forward leave times out. */
  private static void requireTime(ZoneId zone, LocalDateTime local) {
    if (zone.getRules().getValidOffsets(local).isEmpty()) {
      throw new GapException(zone, zone.getRules().getTransition(local));
    }
  }

  private static final class GapException extends DateTimeException {

    private static final long serialVersionUID = 1L;

    GapException(ZoneId zone, ZoneOffsetTransition gap) {
      super(
          "this local time does not exist in "
              + zone.getId()
              + ", where clocks went forward from "
              + shown(gap, gap.getDateTimeBefore())
              + " to "
              + shown(gap, gap.getDateTimeAfter()));
    }

    private static String shown(ZoneOffsetTransition gap, LocalDateTime time) {
      return gap.getDateTimeBefore().toLocalDate().equals(gap.getDateTimeAfter().toLocalDate())
          ? time.toLocalTime().toString()
          : time.toString();
    }
  }

  /** There is no 31st of a month of 30 days, in whatever style a text is resolved. */
  private static void requireDay(DateTimeFormatter formatter, String v) {
    TemporalAccessor parsed = formatter.parseUnresolved(v, new ParsePosition(0));
    if (parsed == null
        || !parsed.isSupported(ChronoField.MONTH_OF_YEAR)
        || !parsed.isSupported(ChronoField.DAY_OF_MONTH)
        || parsed.isSupported(ChronoField.ERA)) {
      return;
    }
    ChronoField year =
        parsed.isSupported(ChronoField.YEAR) ? ChronoField.YEAR : ChronoField.YEAR_OF_ERA;
    if (parsed.isSupported(year)) {
      YearMonth month =
          YearMonth.of(
              Math.toIntExact(parsed.getLong(year)), parsed.get(ChronoField.MONTH_OF_YEAR));
      if (parsed.get(ChronoField.DAY_OF_MONTH) > month.lengthOfMonth()) {
        throw new DateTimeException("no such day");
      }
    }
  }

  /** Strict, but for columns of which any pattern has a year of era without the era. */
  private static DateTimeFormatter formatter(Column c, String pattern, boolean anyCase) {
    boolean smart = c.formatters().stream().anyMatch(p -> p.contains("y") && !p.contains("G"));
    DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
    if (anyCase) {
      builder.parseCaseInsensitive();
    }
    return builder
        .appendPattern(pattern)
        .toFormatter()
        .withResolverStyle(smart ? ResolverStyle.SMART : ResolverStyle.STRICT);
  }

  private static Object binary(Column c, String v) throws Unfit {
    if (c.encoding().equals("base64")) {
      // In whole bytes: what is decoded is written as the same digits again
      String digits = v.replaceAll("[\\s]", "").replace('-', '+').replace('_', '/');
      if (Base64.isBase64(v)
          && (Base64.encodeBase64String(Base64.decodeBase64(v)).equals(digits)
              || Base64.encodeBase64String(Base64.decodeBase64(v))
                  .replaceAll("=+$", "")
                  .equals(digits))) {
        return bytes(Base64.decodeBase64(v));
      }
    } else if (v.matches("([0-9a-fA-F]{2})+")) {
      List<Byte> bytes = new ArrayList<>();
      for (int i = 0; i < v.length(); i += 2) {
        bytes.add((byte) Integer.parseInt(v.substring(i, i + 2), 16));
      }
      return bytes;
    }
    throw new Unfit(
        "Unable to convert '" + v + "' to binary using '" + c.encoding() + "' decoding.");
  }

  static List<Byte> bytes(byte[] array) {
    List<Byte> bytes = new ArrayList<>();
    for (byte b : array) {
      bytes.add(b);
    }
    return bytes;
  }

  private static Unfit unfitNumber(Column c, String v, String type, String pattern) {
    List<String> patterns = c.formatters() == null ? List.of(pattern) : c.formatters();
    return new Unfit(
        "Unable to convert '"
            + v
            + "' to "
            + type
            + " using formatters ["
            + quoted(patterns)
            + "]");
  }

  private static String quoted(List<String> texts) {
    return texts.stream().map(text -> "'" + text + "'").collect(Collectors.joining(", "));
  }
}
