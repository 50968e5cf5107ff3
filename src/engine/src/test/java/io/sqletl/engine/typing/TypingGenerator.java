package io.sqletl.engine.typing;

import com.typesafe.config.ConfigUtil;
import io.sqletl.engine.typing.TypingRules.Column;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Makes schemas, and texts that nearly fit them, of a seed. */
final class TypingGenerator {

  private static final List<String> TYPES =
      List.of(
          "string",
          "integer",
          "long",
          "double",
          "decimal",
          "boolean",
          "date",
          "time",
          "timestamp",
          "binary");

  private static final List<String> NUMBERS =
      List.of(
          "#,##0;-#,##0",
          "#,##0;(#,##0)",
          "#,##0;#,##0-",
          "0.00",
          "#,##0.###;-#,##0.###",
          "$#,##0.00",
          "0.###E0",
          "#%",
          "000");

  private static final List<String> DATES =
      List.of(
          "uuuu-MM-dd",
          "yyyy-MM-dd",
          "dd/MM/uuuu",
          "dMMMuuuu",
          "ddMMMyyyy",
          "uuuuMMdd",
          "uu-M-d",
          "GGyyyy-MM-dd",
          "uuuu-DDD",
          "EEE d MMMM uuuu",
          "uuuu-MM-dd['T'HH:mm]",
          "d.M.uuuu");

  private static final List<String> TIMES =
      List.of("HHmm", "HH:mm:ss", "H:m", "hh:mm a", "HH:mm:ss.SSS", "HH:mm[:ss]", "HH", "kk:mm");

  private static final List<String> STAMPS =
      List.of(
          "uuuu-MM-dd HH:mm:ss",
          "yyyy-MM-dd HH:mm:ss",
          "uuuu-MM-dd'T'HH:mm:ss.SSSXXX",
          "uuuu-MM-dd HH:mm:ss Z",
          "dd-MM-uuuu HH:mm",
          "uuuuMMddHHmmss",
          "uuuu-MM-dd HH:mm:ss.SSSSSSSSS",
          "uuuu-MM-dd HH:mm VV",
          "d MMM uuuu h:mm a",
          "ssssssssss",
          "sssssssssssss");

  private static final List<String> ZONES =
      List.of("UTC", "Australia/Sydney", "America/New_York", "+05:30", "Europe/Berlin", "GMT+1");

  private static final List<String> NASTY =
      List.of(
          "",
          " ",
          "null",
          "NULL",
          "NaN",
          "Infinity",
          "-Infinity",
          "∞",
          "-",
          "+",
          ".",
          "-.",
          "0",
          "-0",
          "+0",
          "00",
          "0.0",
          "-0.0",
          "1e5",
          "1E+2",
          "1E2",
          "1.5E+1",
          "-1E+3",
          "1E-2",
          "0x1p3",
          "1d",
          "1f",
          " 1",
          "1 ",
          "1_000",
          "1,000",
          "1.000",
          "1,2,3",
          "٤٢",
          "１２",
          "true",
          "TRUE",
          "Y",
          "🙂",
          "a\u0301",
          "\t",
          "\u00a0",
          "\u0000",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "99999999999999999999999999999999999999999",
          "1.7976931348623157e309",
          "4.9e-325",
          "2020-02-30",
          "2021-02-29",
          "0000-01-01",
          "-0001-01-01",
          "+12020-01-01",
          "2020-1-1",
          "24:00",
          "24:00:00",
          "2400",
          "23:59:60",
          "2020-10-04 02:30:00",
          "2020-04-05 02:30:00",
          "1500-01-01 00:00:00",
          "9999-12-31 23:59:59",
          "0001-01-01 00:00:00",
          "YQ==",
          "YQ=",
          "YQ",
          "Y Q=\n=",
          "====",
          "Y",
          "-_",
          "ab=cd",
          "f",
          "0F",
          "-1",
          "+1",
          "0123456789abcdef0123456789",
          "'",
          "\"",
          "\\",
          "${x}",
          "a\nb",
          "1,234.56",
          "(42)",
          "42-");

  private final Random random;

  TypingGenerator(long seed) {
    this.random = new Random(seed);
  }

  List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    int count = 1 + random.nextInt(7);
    for (int i = 0; i < count; i++) {
      columns.add(column(i));
    }
    return columns;
  }

  private Column column(int index) {
    String type = oneOf(TYPES);
    List<String> formatters = formatters(type);
    int precision = 1 + random.nextInt(38);
    Column plain =
        new Column(
            oneOf(List.of("c", "a.b", "with blank", "back`tick", "ünï", "SELECT")) + index,
            type,
            random.nextInt(4) > 0,
            random.nextBoolean(),
            random.nextInt(3) == 0 ? some(List.of("", "null", "NULL", "NaN", "0"), 2) : List.of(),
            null,
            formatters,
            random.nextInt(3) == 0,
            type.equals("timestamp") ? oneOf(ZONES) : null,
            fixedTime(type, formatters),
            precision,
            random.nextInt(precision + 1),
            some(List.of("true", "Y", "1", "ja", "да"), 2),
            some(List.of("false", "N", "0", "nein"), 2),
            random.nextBoolean() ? "base64" : "hexadecimal",
            random.nextInt(3) == 0 ? random.nextInt(4) : null,
            random.nextInt(3) == 0 ? random.nextInt(8) : null,
            random.nextInt(3) == 0 ? oneOf(List.of("[a-z]+", ".*1.*", "\\d{2,4}", "^a|b$")) : null);
    return random.nextInt(5) == 0 ? withReplacement(plain, text(plain)) : plain;
  }

  private List<String> formatters(String type) {
    return switch (type) {
      case "integer", "long", "double", "decimal" -> random.nextBoolean() ? null : some(NUMBERS, 3);
      case "date" -> some(DATES, 3);
      case "time" -> some(TIMES, 3);
      case "timestamp" -> some(random.nextInt(4) == 0 ? DATES : STAMPS, 3);
      default -> null;
    };
  }

  private LocalTime fixedTime(String type, List<String> formatters) {
    return type.equals("timestamp") && DATES.containsAll(formatters)
        ? LocalTime.of(random.nextInt(24), random.nextInt(60), random.nextInt(60), 0)
        : null;
  }

  private static Column withReplacement(Column c, String replacement) {
    return new Column(
        c.name(),
        c.type(),
        c.nullable(),
        c.trim(),
        c.nullableValues(),
        replacement,
        c.formatters(),
        c.caseSensitive(),
        c.timezoneId(),
        c.time(),
        c.precision(),
        c.scale(),
        c.trueValues(),
        c.falseValues(),
        c.encoding(),
        c.minLength(),
        c.maxLength(),
        c.regex());
  }

  /** A text for a column: one that should fit, the same with a slip, or something else. */
  String textOrNull(Column column) {
    return random.nextInt(20) == 0 ? null : text(column);
  }

  private String text(Column column) {
    int kind = random.nextInt(10);
    if (kind < 2) {
      return oneOf(NASTY);
    }
    if (kind == 2 && !column.nullableValues().isEmpty()) {
      return padded(oneOf(column.nullableValues()));
    }
    String fitting = fitting(column);
    return kind < 7 ? padded(fitting) : slipped(fitting);
  }

  private String padded(String text) {
    return switch (random.nextInt(8)) {
      case 0 -> " " + text;
      case 1 -> text + "\t ";
      default -> text;
    };
  }

  private String slipped(String text) {
    int at = random.nextInt(text.length() + 1);
    at = text.offsetByCodePoints(0, text.codePointCount(0, at));
    String character =
        oneOf(List.of("0", "9", "-", ".", ",", " ", "e", "E", "+", "x", "é", "🙂", ":"));
    return switch (random.nextInt(3)) {
      case 0 -> text.substring(0, at) + character + text.substring(at);
      case 1 -> at < text.length() ? text.substring(0, at) + character : text + character;
      default -> text.isEmpty() ? character : text.substring(0, at);
    };
  }

  private String fitting(Column column) {
    return switch (column.type()) {
      case "string" ->
          random
              .ints(random.nextInt(6), 'a', 'f')
              .mapToObj(Character::toString)
              .collect(Collectors.joining());
      case "integer", "long", "double", "decimal" -> number(column);
      case "boolean" -> oneOf(random.nextBoolean() ? column.trueValues() : column.falseValues());
      case "date", "time", "timestamp" -> moment(column);
      default -> {
        byte[] bytes = new byte[random.nextInt(12)];
        random.nextBytes(bytes);
        yield column.encoding().equals("base64")
            ? Base64.getEncoder().encodeToString(bytes)
            : HexFormat.of().formatHex(bytes);
      }
    };
  }

  private String number(Column column) {
    BigDecimal number =
        new BigDecimal(new BigInteger(random.nextInt(70), random), random.nextInt(8));
    if (column.type().equals("decimal") && random.nextInt(3) == 0) {
      // Half a unit of the last place, which is rounded away from zero
      BigInteger units = new BigInteger(Math.min(60, 3 * column.precision()), random);
      number =
          new BigDecimal(
              units.multiply(BigInteger.TEN).add(BigInteger.valueOf(5)), column.scale() + 1);
    }
    number = random.nextBoolean() ? number : number.negate();
    if (column.type().matches("integer|long") && random.nextInt(4) > 0) {
      number = new BigDecimal(number.toBigInteger());
    }
    if (column.formatters() != null && random.nextInt(4) > 0) {
      return new java.text.DecimalFormat(oneOf(column.formatters())).format(number);
    }
    return random.nextInt(6) == 0 ? number.toString() : number.toPlainString();
  }

  private String moment(Column column) {
    String pattern = oneOf(column.formatters());
    if (pattern.matches("s+")) {
      return Long.toString((long) (random.nextDouble() * Math.pow(10, pattern.length())));
    }
    LocalDateTime moment =
        LocalDateTime.of(
            LocalDate.ofEpochDay(random.nextInt(80_000) - 40_000),
            LocalTime.ofNanoOfDay((long) (random.nextDouble() * 86_400_000_000_000L)));
    String zone = oneOf(ZONES);
    return DateTimeFormatter.ofPattern(pattern).format(moment.atZone(ZoneId.of(zone)));
  }

  private <T> T oneOf(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }

  private List<String> some(List<String> all, int most) {
    List<String> some = new ArrayList<>();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      some.add(oneOf(all));
    }
    return some.stream().distinct().toList();
  }

  /** The columns as a schema document. */
  static String hocon(List<Column> columns) {
    return columns.stream()
        .map(TypingGenerator::hocon)
        .collect(Collectors.joining(",\n", "[\n", "\n]"));
  }

  private static String hocon(Column c) {
    StringBuilder text = new StringBuilder("{");
    add(text, "name", quote(c.name()));
    add(text, "type", c.type());
    add(text, "nullable", c.nullable());
    add(text, "trim", c.trim());
    add(text, "nullableValues", list(c.nullableValues()));
    add(text, "nullReplacementValue", quote(c.nullReplacementValue()));
    add(text, "formatters", list(c.formatters()));
    switch (c.type()) {
      case "date", "timestamp" -> add(text, "caseSensitive", c.caseSensitive());
      case "decimal" -> {
        add(text, "precision", c.precision());
        add(text, "scale", c.scale());
      }
      case "boolean" -> {
        add(text, "trueValues", list(c.trueValues()));
        add(text, "falseValues", list(c.falseValues()));
      }
      case "binary" -> add(text, "encoding", c.encoding());
      case "string" -> {
        add(text, "minLength", c.minLength());
        add(text, "maxLength", c.maxLength());
        add(text, "regex", quote(c.regex()));
      }
      default -> {}
    }
    add(text, "timezoneId", quote(c.timezoneId()));
    if (c.time() != null) {
      LocalTime time = c.time();
      add(
          text,
          "time",
          "{hour: %d, minute: %d, second: %d, nano: %d}"
              .formatted(time.getHour(), time.getMinute(), time.getSecond(), time.getNano()));
    }
    return text.append('}').toString();
  }

  private static void add(StringBuilder text, String key, Object value) {
    if (value != null) {
      text.append(text.length() > 1 ? ", " : "").append(key).append(": ").append(value);
    }
  }

  private static String list(List<String> texts) {
    return texts == null
        ? null
        : texts.stream().map(TypingGenerator::quote).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quote(String text) {
    return text == null ? null : ConfigUtil.quoteString(text);
  }
}
