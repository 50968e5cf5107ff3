package io.sqletl.engine.typing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Decimal numbers, rounded half up to the column's scale, which is told; what is then too long is
 * an error.
 */
final class DecimalTyper extends Typer {

  private static final String DEFAULT_PATTERN = "#,##0.###;-#,##0.###";

  /** So many digits fit into a long, in which Spark keeps such decimals. */
  private static final int LONG_DIGITS = 18;

  private static final long[] POWERS = new long[LONG_DIGITS + 1];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private final transient SchemaColumn.DecimalColumn column;
  private final transient int precision;
  private final transient int scale;
  private final transient NumberFormats formats;

  DecimalTyper(SchemaColumn.DecimalColumn column) {
    super(column);
    this.column = column;
    this.precision = column.precision();
    this.scale = column.scale();
    this.formats = column.formatters() == null ? null : NumberFormats.exact(column.formatters());
  }

  @Override
  Object parse(UTF8String value) {
    return parse(value, null);
  }

  @Override
  Object parse(UTF8String value, Adjustments told) {
    if (formats != null) {
      String text = value.toString();
      return formats.parse(
          text, number -> number instanceof BigDecimal exact ? fit(exact, text, told) : null);
    }
    return precision > LONG_DIGITS
        ? parseAnyText(value.toString(), told)
        : parseDigits(value, told);
  }

  private Object parseDigits(UTF8String value, Adjustments told) {
    int length = value.numBytes();
    boolean signed = length > 0 && (value.getByte(0) == '-' || value.getByte(0) == '+');
    long magnitude = 0;
    int count = 0;
    int fraction = -1;
    byte firstDropped = 0;
    boolean isRounded = false;
    for (int i = signed ? 1 : 0; i < length; i++) {
      byte b = value.getByte(i);
      if (Texts.isDigit(b) && count < LONG_DIGITS) {
        count++;
        if (fraction >= scale) {
          firstDropped = fraction == scale ? b : firstDropped;
          isRounded |= b != '0';
        } else {
          magnitude = magnitude * 10 + (b - '0');
        }
        fraction += fraction >= 0 ? 1 : 0;
      } else if (b == '.' && fraction < 0) {
        fraction = 0;
      } else {
        return parseAnyText(value.toString(), told);
      }
    }
    if (count == 0) {
      return null;
    }
    if (firstDropped >= '5') {
      magnitude++;
    }
    int missing = scale - Math.max(fraction, 0);
    if (missing > 0) {
      if (magnitude > POWERS[precision] / POWERS[missing]) {
        return null;
      }
      magnitude *= POWERS[missing];
    }
    if (magnitude >= POWERS[precision]) {
      return null;
    }
    if (isRounded) {
      tell(told, AdjustedValues.Change.ROUNDED, value.toString());
    }
    return Decimal.createUnsafe(
        signed && value.getByte(0) == '-' ? -magnitude : magnitude, precision, scale);
  }

  private Object parseAnyText(String value, Adjustments told) {
    return DecimalText.isNumber(value) ? fit(new BigDecimal(value), value, told) : null;
  }

  private Object fit(BigDecimal number, String text, Adjustments told) {
    if (number.signum() == 0) {
      return Decimal.apply(BigDecimal.ZERO.setScale(scale), precision, scale);
    }
    // Decided by the place of the first digit, before an exponent is written out in digits
    long wholeDigits = (long) number.precision() - number.scale();
    if (wholeDigits > precision - scale) {
      return null;
    }
    BigDecimal rounded =
        wholeDigits < -scale
            ? BigDecimal.ZERO.setScale(scale)
            : number.setScale(scale, RoundingMode.HALF_UP);
    if (rounded.precision() > precision) {
      return null;
    }
    if (rounded.compareTo(number) != 0) {
      tell(told, AdjustedValues.Change.ROUNDED, text);
    } else if (formats == null && number.scale() < 0 && DecimalText.mayLackDigits(text)) {
      tell(told, AdjustedValues.Change.FILLED, text);
    }
    return Decimal.apply(rounded, precision, scale);
  }

  @Override
  String message(String value) {
    List<String> patterns =
        column.formatters() == null ? List.of(DEFAULT_PATTERN) : column.formatters();
    return "Unable to convert '"
        + value
        + "' to "
        + column.typeText()
        + " using formatters ["
        + Texts.quoted(patterns)
        + "]";
  }

  @Override
  String target() {
    return column.typeText()
        + (column.formatters() == null
            ? ""
            : " (" + String.join(" or ", column.formatters()) + ")");
  }
}
