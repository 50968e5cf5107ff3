package io.sqletl.engine.typing;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.unsafe.types.UTF8String;

/** Binary floating point numbers of 64 bits; NaN is one, the infinite ones are errors. */
final class DoubleTyper extends Typer {

  private static final String DEFAULT_PATTERN = "#,##0.###;-#,##0.###";

  /** So many digits are exact in a double. */
  private static final int EXACT_DIGITS = 15;

  /** Powers of ten that are exact in a double, enough for {@link #EXACT_DIGITS} of fraction. */
  private static final double[] POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
  };

  private static final Pattern HEXADECIMAL =
      Pattern.compile(
          "[-+]?0[xX](\\p{XDigit}+\\.?|\\p{XDigit}*\\.\\p{XDigit}+)[pP][-+]?[0-9]+[fFdD]?");

  private final transient List<String> patterns;
  private final transient NumberFormats formats;

  DoubleTyper(SchemaColumn.DoubleColumn column) {
    super(column);
    this.patterns = column.formatters();
    this.formats = patterns == null ? null : NumberFormats.of(patterns);
  }

  @Override
  Object parse(UTF8String value) {
    if (formats != null) {
      return formats.parse(value.toString(), number -> finite(number.doubleValue()));
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
        return parseAnyText(value.toString());
      }
    }
    if (count == 0) {
      return parseAnyText(value.toString());
    }
    // Both numbers are exact, so that the quotient is the nearest double, as the JDK's would be
    double magnitude = digits / POWERS[Math.max(fraction, 0)];
    return signed && value.getByte(0) == '-' ? -magnitude : magnitude;
  }

  private static Object parseAnyText(String value) {
    if (!DecimalText.isDouble(value) && !HEXADECIMAL.matcher(value.trim()).matches()) {
      return null;
    }
    return finite(Double.parseDouble(value));
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
