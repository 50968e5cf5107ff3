package io.sqletl.engine.typing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Digits that a column has no place for are told with their number, and no others are. */
class AdjustedDigitsTest {

  private static String adjusted(String column, String... texts) {
    AdjustedValues adjusted = new AdjustedValues();
    List<String[]> rows = Arrays.stream(texts).map(text -> new String[] {text}).toList();
    long read =
        Typing.apply(
                TypingSpark.texts(1, rows),
                TypingSpark.schema("[{name: c, nullable: true, " + column + "}]"),
                FailMode.PERMISSIVE,
                new RejectedValues(),
                adjusted)
            .collectAsList()
            .stream()
            .filter(row -> !row.isNullAt(0))
            .count();
    assertThat(read).isEqualTo(texts.length);
    return adjusted.describeDigits();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uuuu-MM-dd HH:mm:ss[.SSSSSSSSS][.SSSSSSS]|",
        "uuuu-MM-dd HH:mm:ss[.SSSSSSSSS][.SSSSSSS][.SSSSSS][.SSS]|",
        "uuuu-MM-dd HH:mm:ss[.SSSSSSSSS][.SSSSSSS]XXX|Z",
        "uuuu-MM-dd HH:mm:ss[.SSSSSSS][.SSS][ z]|",
        "uuuu-MM-dd HH:mm:ss.SSSSSSS|",
        "d.M.uuuu H:mm:ss.SSSSSSS|"
      })
  void fractionsBeyondMicrosecondsAreCounted(String pattern, String end) {
    String day = pattern.startsWith("d.") ? "5.1.2024 " : "2024-01-05 ";
    String zone = end == null ? "" : end;
    assertThat(
            adjusted(
                "type: timestamp, timezoneId: UTC, formatters: [\"" + pattern + "\"]",
                day + "10:00:00.1234567" + zone,
                day + "10:00:00.1234560" + zone,
                day + "10:00:00.9999999" + zone,
                day + "10:00:00.0000000" + zone))
        .contains("'c': 2 values were cut to the microseconds");
  }

  @Test
  void numbersWithAnExponentThatAreWholeAreNotTold() {
    assertThat(adjusted("type: decimal, precision: 12, scale: 2", "1E+3", "1.5E+3", "2e3"))
        .isEmpty();
    assertThat(adjusted("type: integer", "1E+3", "12E+2")).isEmpty();
    assertThat(adjusted("type: integer", "1.23E+05")).contains("written with an exponent");
    assertThat(adjusted("type: decimal, precision: 20, scale: 2", "9.78014E+12"))
        .contains("written with an exponent");
  }

  @Test
  void longWholeNumbersOfAPatternAreTold() {
    String pattern = "type: double, formatters: [\"#,##0\"]";
    assertThat(adjusted(pattern, "9,007,199,254,740,993", "12,345,678,901,234,567,891"))
        .contains("2 values were taken as the nearest number");
    assertThat(adjusted(pattern, "9,007,199,254,740,992", "1,000", "100,000,000,000,000,000,000"))
        .isEmpty();
    assertThat(adjusted("type: double, formatters: [\"#0.###%\"]", "12.3%")).isEmpty();
  }
}
