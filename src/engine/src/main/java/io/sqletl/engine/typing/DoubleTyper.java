package io.sqletl.engine.typing;

import java.math.BigDecimal;
import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Binary floating point numbers of 64 bits; NaN is one, infinite ones and those too small for one
 * are errors.
 */
final class DoubleTyper extends Typer {

  private static final String DEFAULT_PATTERN = "#,##0.###;-#,##0.###";

  /** So many digits are exact in a double. */
  private static final int EXACT_DIGITS = 15;

  /** Powers of ten that are exact in a double, enough for {@link #EXACT_DIGITS} of fraction. */
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private final transient List<String> patterns;
  private final transient NumberFormats formats;

  /** Of long numbers, and of percent: a double that is divided need not be the nearest one. */
  private final transient NumberFormats exact;

  private final transient boolean divides;

  /** Whether a digit of a text may be one of the pattern's, as in {@code 0 'm2'}. */
  private final transient boolean patternHasDigits;

  DoubleTyper(SchemaColumn.DoubleColumn column) {
    super(column);
    this.patterns = column.formatters();
    this.formats = patterns == null ? null : NumberFormats.of(patterns);
    this.exact = patterns == null ? null : NumberFormats.exact(patterns);
    this.divides = patterns != null && NumberFormats.divides(patterns);
    this.patternHasDigits =
        patterns != null && patterns.stream().anyMatch(each -> each.matches("(?s).*[1-9].*"));
  }

  @Override
  Object parse(UTF8String value) {
    return parse(value, null);
  }

  @Override
  Object parse(UTF8String value, Adjustments told) {
    if (formats != null) {
      return parseByPattern(value.toString(), told);
    }
    int length = value.numBytes();
    boolean signed = length > 0 && (value.getByte(0) == '-' || value.getByte(0) == '+');
    long digits = 0;
    int count = 0;
    int fraction = -1;
    for (int i = signed ? 1 : 0; i < length; i++) {
      byte b = value.getByte(i);
      if (Texts.isDigit(b) && count < EXACT_DIGITS) {
        digits = digits * 10 + (b - '0');
        count++;
        fraction += fraction >= 0 ? 1 : 0;
      } else if (b == '.' && fraction < 0) {
        fraction = 0;
      } else {
        return parseAnyText(value.toString(), told);
      }
    }
    if (count == 0) {
      return parseAnyText(value.toString(), told);
    }
    // Both numbers are exact, so that the quotient is the nearest double, as the JDK's would be
    double magnitude = digits / POWERS[Math.max(fraction, 0)];
    return signed && value.getByte(0) == '-' ? -magnitude : magnitude;
  }

  private Object parseByPattern(String text, Adjustments told) {
    if (!divides && text.length() <= EXACT_DIGITS) {
      return formats.parse(text, number -> finite(number.doubleValue(), text));
    }
    Object parsed =
        exact.parse(
            text,
            number -> {
              double nearest = number.doubleValue();
              if (number instanceof BigDecimal written
                  && Double.isFinite(nearest)
                  && written.stripTrailingZeros().scale() <= 0
                  && written.compareTo(new BigDecimal(nearest)) != 0) {
                tell(told, AdjustedValues.Change.NEAREST, text);
              }
              return finite(nearest, text);
            });
    // An exact zero has no sign
    return parsed instanceof Double zero && zero == 0
        ? formats.parse(text, number -> finite(number.doubleValue(), text))
        : parsed;
  }

  private Object finite(double number, String text) {
    return vanishes(number, text, patternHasDigits) ? null : finite(number);
  }

  private Object parseAnyText(String value, Adjustments told) {
    if (!DecimalText.isDouble(value)) {
      return null;
    }
    double number = Double.parseDouble(value);
    if (told != null && isInexactWhole(value.trim(), number)) {
      tell(told, AdjustedValues.Change.NEAREST, value);
    }
    return vanishes(number, value, false) ? null : finite(number);
  }

  /** Whether a number that is too small became zero; the opposite of an infinite one. */
  private static boolean vanishes(double number, String text, boolean literalDigits) {
    return number == 0
        && !literalDigits
        && text.chars()
            .takeWhile(c -> c != 'E' && c != 'e')
            .anyMatch(c -> Character.digit(c, 10) > 0);
  }

  /** A whole number is most likely one that counts or names something, so that digits matter. */
  private static boolean isInexactWhole(String text, double number) {
    int start = text.charAt(0) == '-' || text.charAt(0) == '+' ? 1 : 0;
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return Double.isFinite(number) && new BigDecimal(text).compareTo(new BigDecimal(number)) != 0;
  }

  private static Object finite(double value) {
    return Double.isInfinite(value) ? null : (Object) value;
  }

  @Override
  String message(String value) {
    return "Unable to convert '"
        + value
        + "' to double using formatters ["
        + Texts.quoted(patterns == null ? List.of(DEFAULT_PATTERN) : patterns)
        + "]";
  }

  @Override
  String target() {
    return "double" + (patterns == null ? "" : " (" + String.join(" or ", patterns) + ")");
  }
}
