package io.sqletl.engine.typing;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** The number rows of the typing table. */
class TypingNumbersTest {

  @Test
  void aNumberTooSmallForADoubleIsAnErrorAndNoZero() {
    String plain = "Unable to convert '%s' to double using formatters ['#,##0.###;-#,##0.###']";
    TypingCases cases = TypingCases.of("type: double");
    String small = "0." + "0".repeat(400) + "1";
    for (String wrong : new String[] {"1e-400", "-1E-400", "0.002e-330", small}) {
      cases.error(wrong, plain.formatted(wrong));
    }
    cases
        .value("0e-400", 0.0)
        .value("0.000e5", 0.0)
        .value("0.0", 0.0)
        .value("-0", -0.0)
        .value("4.9e-324", Double.MIN_VALUE)
        .value("0.1", 0.1)
        .check();
    TypingCases.of("type: double, formatters: [\"0.###E0\"]")
        .error("1E-400", "Unable to convert '1E-400' to double using formatters ['0.###E0']")
        .value("0E-400", 0.0)
        .check();
    TypingCases.of("type: double, formatters: [\"0 'm2'\"]").value("0 m2", 0.0).check();
  }

  @Test
  void aPercentageIsTheNearestDouble() {
    TypingCases percent = TypingCases.of("type: double, formatters: [\"#0.###%\", \"#0.#\"]");
    for (String number : new String[] {"12.3", "56.7", "1.1", "0", "-29", "7", "100"}) {
      percent.value(number + "%", new BigDecimal(number).movePointLeft(2).doubleValue());
    }
    percent.value("0.1", 0.1).value("-0%", -0.0).value("-0", -0.0).check();
    TypingCases.of("type: double, formatters: [\"#0.###\u2030\"]")
        .value("12.3\u2030", 0.0123)
        .value("1.1\u2030", 0.0011)
        .check();
  }

  @Test
  void integerWithoutFormatters() {
    String message = "Unable to convert '%s' to integer using formatters ['#,##0;-#,##0']";
    TypingCases cases =
        TypingCases.of("type: integer")
            .value(null, null)
            .value("0", 0)
            .value("-2", -2)
            .value("+8", 8)
            .value("007", 7)
            .value("-0", 0)
            .value("2147483647", Integer.MAX_VALUE)
            .value("-2147483648", Integer.MIN_VALUE)
            .value("00000000000000000000000000042", 42)
            .value("7.000000000000000E+02", 700)
            .value("9.87650000000000000e+04", 98765)
            .value("1E+2", 100)
            .value("-1E+2", -100)
            .value("0E+5", 0)
            .value("0.000E+2000000000", 0)
            .value("٤٢", 42);
    for (String wrong :
        new String[] {
          "",
          " ",
          "-",
          "+",
          "--1",
          "1-",
          "42-",
          "(42)",
          " 1",
          "1 ",
          "1,234",
          "1.0",
          "1E2",
          "1.5E-1",
          "1.5E+0",
          "1E+10",
          "1E+2000000000",
          "1E+99999999999",
          "E+",
          "1E+",
          "x1E+2",
          "2147483648",
          "-2147483649",
          "9223372036854775808",
          "99999999999999999999",
          "0x1",
          "textDatum",
          "é"
        }) {
      cases.error(wrong, message.formatted(wrong));
    }
    cases.check();
  }
}
