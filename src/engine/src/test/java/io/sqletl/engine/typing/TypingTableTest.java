package io.sqletl.engine.typing;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The typing table, type by type; integers without formatters have a test of their own. */
class TypingTableTest {

  private static java.util.Locale locale;

  /** Patterns follow the JVM's locale, as Arc's do. */
  @BeforeAll
  static void setLocale() {
    locale = java.util.Locale.getDefault();
    java.util.Locale.setDefault(java.util.Locale.ENGLISH);
  }

  @AfterAll
  static void restoreLocale() {
    java.util.Locale.setDefault(locale);
  }

  @Test
  void integerWithFormatters() {
    TypingCases.of("type: integer, formatters: [\"#,##0;(#,##0)\"]")
        .value("1,234", 1234)
        .error("1,2", "Unable to convert '1,2' to integer using formatters ['#,##0;(#,##0)']")
        .value("(42)", -42)
        .error("1.5", "Unable to convert '1.5' to integer using formatters ['#,##0;(#,##0)']")
        .error("+1", "Unable to convert '+1' to integer using formatters ['#,##0;(#,##0)']")
        .error("-42", "Unable to convert '-42' to integer using formatters ['#,##0;(#,##0)']")
        .error("42x", "Unable to convert '42x' to integer using formatters ['#,##0;(#,##0)']")
        .error(
            "2147483648",
            "Unable to convert '2147483648' to integer using formatters ['#,##0;(#,##0)']")
        .check();
    TypingCases.of("type: integer, formatters: [\"#,##0;#,##0-\", \"#,##0;-#,##0\"]")
        .value("42-", -42)
        .value("-42", -42)
        .error(
            "(42)",
            "Unable to convert '(42)' to integer using formatters"
                + " ['#,##0;#,##0-', '#,##0;-#,##0']")
        .check();
  }

  @Test
  void longs() {
    String message = "Unable to convert '%s' to long using formatters ['#,##0;-#,##0']";
    TypingCases.of("type: long")
        .value("9223372036854775807", Long.MAX_VALUE)
        .value("-9223372036854775808", Long.MIN_VALUE)
        .value("1520828868", 1520828868L)
        .value("+8", 8L)
        .value("7.0E+2", 700L)
        .error("9223372036854775808", message.formatted("9223372036854775808"))
        .error("", message.formatted(""))
        .error("1 ", message.formatted("1 "))
        .check();
    TypingCases.of("type: long, formatters: [\"#,##0;-#,##0\"]")
        .value("9,223,372,036,854,775,807", Long.MAX_VALUE)
        .error("9223372036854775808", message.formatted("9223372036854775808"))
        .check();
  }

  @Test
  void doubles() {
    String message = "Unable to convert '%s' to double using formatters ['#,##0.###;-#,##0.###']";
    TypingCases.of("type: double")
        .value("42.4242", 42.4242)
        .value(" 1.5 ", 1.5)
        .value("1e3", 1000.0)
        .value("-0.0", -0.0)
        .error("1d", message.formatted("1d"))
        .error("0x1p3", message.formatted("0x1p3"))
        .value("-.5", -0.5)
        .error("Infinity", message.formatted("Infinity"))
        .error("1e999", message.formatted("1e999"))
        .error("", message.formatted(""))
        .error("1,5", message.formatted("1,5"))
        .check();
    TypingCases.of("type: double, formatters: [\"#,##0.###;-#,##0.###\"]")
        .value("1,234.5", 1234.5)
        .value("-1", -1.0)
        .value("12,345,678.5", 12345678.5)
        .error("1,23", message.formatted("1,23"))
        .error("1234,567", message.formatted("1234,567"))
        .error("1,234,", message.formatted("1,234,"))
        .error("1e3", message.formatted("1e3"))
        .check();
  }

  @Test
  void decimals() {
    String message =
        "Unable to convert '%s' to decimal(5, 2) using formatters ['#,##0.###;-#,##0.###']";
    TypingCases.of("type: decimal, precision: 5, scale: 2")
        .value("1.239", new BigDecimal("1.24"))
        .value("-1.005", new BigDecimal("-1.01"))
        .value("42.22", new BigDecimal("42.22"))
        .value("1E2", new BigDecimal("100.00"))
        .value("999.994", new BigDecimal("999.99"))
        .error("999.995", message.formatted("999.995"))
        .error("1000", message.formatted("1000"))
        .error("3,4x", message.formatted("3,4x"))
        .error("", message.formatted(""))
        .check();
    TypingCases.of("type: decimal, precision: 7, scale: 1, formatters: [\"#,##0.0;(#,##0.0)\"]")
        .value("1,234.56", new BigDecimal("1234.6"))
        .value("(2.0)", new BigDecimal("-2.0"))
        .error(
            "1234567.0",
            "Unable to convert '1234567.0' to decimal(7, 1) using formatters"
                + " ['#,##0.0;(#,##0.0)']")
        .check();
  }

  @Test
  void booleans() {
    String message =
        "Unable to convert '%s' to boolean using provided true values: ['Y', 'истина'] or false"
            + " values: ['N', 'Y']";
    TypingCases.of("type: boolean, trueValues: [Y, \"истина\"], falseValues: [N, Y]")
        .value("Y", true)
        .value("истина", true)
        .value("N", false)
        .error("y", message.formatted("y"))
        .error("", message.formatted(""))
        .check();
  }

  @Test
  void strings() {
    TypingCases.of("type: string, minLength: 2, maxLength: 4, regex: \"[a-z]+\"")
        .value("abc", "abc")
        .value(null, null)
        .error(
            "A",
            "String 'A' (1 characters) is less than minLength (2)."
                + " String 'A' does not match regex '[a-z]+'.")
        .error("abcde", "String 'abcde' (5 characters) is greater than maxLength (4).")
        .error("ab1", "String 'ab1' does not match regex '[a-z]+'.")
        .check();
    TypingCases.of("type: string, maxLength: 2")
        .value("é\uD83D\uDE00".substring(1), "\uD83D\uDE00")
        .value("\uD83D\uDE00x", "\uD83D\uDE00x")
        .error(
            "\uD83D\uDE00xy",
            "String '\uD83D\uDE00xy' (3 characters) is greater than maxLength (2).")
        .check();
  }

  @Test
  void trimAndNullableValues() {
    TypingCases.of("type: integer, trim: true, nullableValues: [\"\", \"null\"]")
        .value("  7 ", 7)
        .value("   ", null)
        .value(" null", null)
        .error("NULL", "Unable to convert 'NULL' to integer using formatters ['#,##0;-#,##0']")
        .check();
    TypingCases.of("type: integer, nullableValues: [\"-\"], nullReplacementValue: \"9\"")
        .value(null, 9)
        .value("-", 9)
        .value("1", 1)
        .check();
    TypingCases.of("type: integer, nullReplacementValue: \"nine\"")
        .error(null, "Unable to convert 'nine' to integer using formatters ['#,##0;-#,##0']")
        .check();
  }

  /** Blanks that people cannot tell from the one of the keyboard. */
  @Test
  void trimTakesEveryKindOfBlank() {
    TypingCases.of("type: integer, trim: true")
        .value("\u00a07\u3000", 7)
        .value("\u2003 \u202f7\u2028\t", 7)
        .value("\u3000\u00a0 7\u0085", 7)
        .check();
    TypingCases.of("type: string, trim: true, nullableValues: [\"NULL\"]")
        .value("A1\u00a0", "A1")
        .value("\u00a0", "")
        .value("NULL\u00a0", null)
        .value("\u00e0 la\u00a0carte \u00c2", "\u00e0 la\u00a0carte \u00c2")
        .value("\u200bx\ufeff", "\u200bx\ufeff")
        .check();
  }

  @Test
  void datesAreStrictWithYearsOfEras() {
    String message = "Unable to convert '%s' to date using formatters ['uuuu-MM-dd', 'ddMMMuuuu']";
    TypingCases.of("type: date, formatters: [\"uuuu-MM-dd\", \"ddMMMuuuu\"]")
        .value("2016-12-18", Date.valueOf("2016-12-18"))
        .value("31MAY2020", Date.valueOf("2020-05-31"))
        .value("0001-01-01", Date.valueOf("0001-01-01"))
        .error("2021-02-29", message.formatted("2021-02-29"))
        .error("2020-02-30", message.formatted("2020-02-30"))
        .error("2020-1-1", message.formatted("2020-1-1"))
        .error("2016-12-18 ", message.formatted("2016-12-18 "))
        .check();
  }

  @Test
  void noDayMovesToTheEndOfItsMonth() {
    String message = "Unable to convert '%s' to date using formatters ['uuuu/MM/dd', 'yyyy-MM-dd']";
    TypingCases.of("type: date, formatters: [\"uuuu/MM/dd\", \"yyyy-MM-dd\"]")
        .value("2000-02-29", Date.valueOf("2000-02-29"))
        .error("2000-02-30", message.formatted("2000-02-30"))
        .error("2000/02/30", message.formatted("2000/02/30"))
        .error("2000-02-32", message.formatted("2000-02-32"))
        .check();
  }

  @Test
  void datesMayMindLetterCase() {
    TypingCases.of("type: date, caseSensitive: true, formatters: [\"ddMMMuuuu\"]")
        .value("31May2020", Date.valueOf("2020-05-31"))
        .error("31MAY2020", "Unable to convert '31MAY2020' to date using formatters ['ddMMMuuuu']")
        .check();
  }

  @Test
  void times() {
    String message = "Unable to convert '%s' to time using formatters ['HHmm', 'HH:mm:ss.SSS']";
    TypingCases.of("type: time, formatters: [\"HHmm\", \"HH:mm:ss.SSS\"]")
        .value("0930", "09:30:00")
        .value("12:34:56.000", "12:34:56")
        .value("12:34:56.120", "12:34:56.12")
        .value("0000", "00:00:00")
        .error("2400", message.formatted("2400"))
        .error("2500", message.formatted("2500"))
        .check();
  }

  @Test
  void timestampsOfATimeZone() {
    String message =
        "Unable to convert '%s' to timestamp using formatters ['dd-MM-uuuu HH:mm:ss',"
            + " 'uuuu-MM-dd HH:mm:ss'] and timezone 'Australia/Sydney'";
    TypingCases.of(
            "type: timestamp, timezoneId: Australia/Sydney,"
                + " formatters: [\"dd-MM-uuuu HH:mm:ss\", \"uuuu-MM-dd HH:mm:ss\"]")
        .value("20-12-2017 21:46:54", timestamp("2017-12-20T10:46:54Z"))
        .value("2017-12-29 17:21:49", timestamp("2017-12-29T06:21:49Z"))
        .error(
            "2020-10-04 02:30:00",
            message.formatted("2020-10-04 02:30:00")
                + ": this local time does not exist in Australia/Sydney, where clocks went forward"
                + " from 02:00 to 03:00")
        .value("2020-04-05 02:30:00", timestamp("2020-04-04T15:30:00Z"))
        .error("2017-12-29", message.formatted("2017-12-29"))
        .error("2021-02-29 00:00:00", message.formatted("2021-02-29 00:00:00"))
        .check();
  }

  @Test
  void timestampsWithAZoneOfTheirOwn() {
    TypingCases.of(
            "type: timestamp, timezoneId: UTC, formatters: [\"uuuu-MM-dd'T'HH:mm:ss.SSSXXX\"]")
        .value("2016-12-19T04:55:21.000+11:00", timestamp("2016-12-18T17:55:21Z"))
        .value("2016-12-18T17:55:21.123Z", timestamp("2016-12-18T17:55:21.123Z"))
        .check();
  }

  @Test
  void timestampsOfADateAtAFixedTime() {
    TypingCases.of(
            "type: timestamp, timezoneId: Australia/Sydney, formatters: [\"uuuu-MM-dd\"],"
                + " time: {hour: 10, minute: 45, second: 59, nano: 1000}")
        .value("2017-10-01", timestamp("2017-09-30T23:45:59.000001Z"))
        .check();
  }

  @Test
  void timestampsOfEpochs() {
    TypingCases.of("type: timestamp, timezoneId: UTC, formatters: [\"ssssssssss\"]")
        .value("1520828868", timestamp("2018-03-12T04:27:48Z"))
        .error(
            "152082886",
            "Unable to convert '152082886' to timestamp using formatters ['ssssssssss'] and"
                + " timezone 'UTC'")
        .check();
    TypingCases.of("type: timestamp, timezoneId: UTC, formatters: [\"sssssssssssss\"]")
        .value("1520828868123", timestamp("2018-03-12T04:27:48.123Z"))
        .check();
  }

  @Test
  void binaries() {
    TypingCases.of("type: binary, encoding: base64")
        .value("YXJjdGVzdA==", "arctest".getBytes(StandardCharsets.UTF_8))
        .value("YXJjdGVzdA", "arctest".getBytes(StandardCharsets.UTF_8))
        .value("YXJj\nZGVm", "arcdef".getBytes(StandardCharsets.UTF_8))
        .value("-_8=", new byte[] {(byte) 0xfb, (byte) 0xff})
        .error("*", "Unable to convert '*' to binary using 'base64' decoding.")
        .error("YXJjdGVzdA=", "Unable to convert 'YXJjdGVzdA=' to binary using 'base64' decoding.")
        .error("YXJjd", "Unable to convert 'YXJjd' to binary using 'base64' decoding.")
        .error("YXJjdGV", "Unable to convert 'YXJjdGV' to binary using 'base64' decoding.")
        .error("YQ==YQ==", "Unable to convert 'YQ==YQ==' to binary using 'base64' decoding.")
        .check();
    TypingCases.of("type: binary, encoding: hexadecimal")
        .value("617263", "arc".getBytes(StandardCharsets.UTF_8))
        .value("0F", new byte[] {15})
        .error("f", "Unable to convert 'f' to binary using 'hexadecimal' decoding.")
        .value("6162636465666768696a6b6c6d", "abcdefghijklm".getBytes(StandardCharsets.UTF_8))
        .error("xy", "Unable to convert 'xy' to binary using 'hexadecimal' decoding.")
        .check();
  }

  private static Timestamp timestamp(String instant) {
    return Timestamp.from(Instant.parse(instant));
  }
}
