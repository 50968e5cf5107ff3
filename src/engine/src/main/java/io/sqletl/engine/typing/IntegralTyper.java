package io.sqletl.engine.typing;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.apache.spark.unsafe.types.UTF8String;

/** Whole numbers of 32 or 64 bits. */
final class IntegralTyper extends Typer {

  private static final String DEFAULT_PATTERN = "#,##0;-#,##0";

  /** So many digits always fit into a long. */
  private static final int SAFE_DIGITS = 18;

  /** No long has more digits. */
  private static final int MOST_DIGITS = 19;

  private final transient Width width;
  private final transient List<String> patterns;
  private final transient NumberFormats formats;

  private enum Width {
    INTEGER(Integer.MIN_VALUE, Integer.MAX_VALUE),
    LONG(Long.MIN_VALUE, Long.MAX_VALUE);

    private final long least;
    private final long most;

    Width(long least, long most) {
      this.least = least;
      this.most = most;
    }

    Object box(long value) {
      if (value < least || value > most) {
        return null;
      }
      return this == INTEGER ? (Object) (int) value : (Object) value;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  IntegralTyper(SchemaColumn.IntegerColumn column) {
    this(column, Width.INTEGER, column.formatters());
  }

  IntegralTyper(SchemaColumn.LongColumn column) {
    this(column, Width.LONG, column.formatters());
  }

  private IntegralTyper(SchemaColumn.Scalar column, Width width, List<String> patterns) {
    super(column);
    this.width = width;
    this.patterns = patterns;
    this.formats = patterns == null ? null : NumberFormats.of(patterns);
  }

  @Override
  Object parse(UTF8String value) {
    return parse(value, null);
  }

  @Override
  Object parse(UTF8String value, Adjustments told) {
    if (formats != null) {
      return formats.parse(
          value.toString(), number -> number instanceof Long whole ? width.box(whole) : null);
    }
    int length = value.numBytes();
    byte first = length == 0 ? 0 : value.getByte(0);
    int start = first == '-' || first == '+' ? 1 : 0;
    if (length == start) {
      return null;
    }
    if (length - start > SAFE_DIGITS) {
      return parseAnyText(value.toString(), told);
    }
    long magnitude = 0;
    for (int i = start; i < length; i++) {
      byte b = value.getByte(i);
      if (!Texts.isDigit(b)) {
        return parseAnyText(value.toString(), told);
      }
      magnitude = magnitude * 10 + (b - '0');
    }
    return width.box(first == '-' ? -magnitude : magnitude);
  }

  /** As {@link Long#parseLong(String)}, and exact values in scientific notation with a sign. */
  private Object parseAnyText(String value, Adjustments told) {
    if (value.contains("E+") || value.contains("e+")) {
      return parseScientific(value, told);
    }
    boolean negative = value.charAt(0) == '-';
    int start = negative || value.charAt(0) == '+' ? 1 : 0;
    // Negative numbers reach one further than positive ones
    long limit = negative ? Long.MIN_VALUE : -Long.MAX_VALUE;
    long negated = 0;
    for (int i = start; i < value.length(); i++) {
      int digit = Character.digit(value.charAt(i), 10);
      if (digit < 0 || negated < limit / 10 || negated * 10 < limit + digit) {
        return null;
      }
      negated = negated * 10 - digit;
    }
    return width.box(negative ? negated : -negated);
  }

  private Object parseScientific(String value, Adjustments told) {
    if (!DecimalText.isNumber(value)) {
      return null;
    }
    BigDecimal number = new BigDecimal(value);
    if (number.signum() == 0) {
      return width.box(0);
    }
    long digits = (long) number.precision() - number.scale();
    if (digits < 1 || digits > MOST_DIGITS) {
      return null;
    }
    BigDecimal whole = number.setScale(0, RoundingMode.DOWN);
    boolean exact = whole.compareTo(number) == 0 && whole.unscaledValue().bitLength() < Long.SIZE;
    Object boxed = exact ? width.box(whole.longValue()) : null;
    if (boxed != null && number.scale() < 0 && DecimalText.mayLackDigits(value)) {
      tell(told, AdjustedValues.Change.FILLED, value);
    }
    return boxed;
  }

  @Override
  String message(String value) {
    return "Unable to convert '"
        + value
        + "' to "
        + width
        + " using formatters ["
        + Texts.quoted(patterns == null ? List.of(DEFAULT_PATTERN) : patterns)
        + "]";
  }

  @Override
  String target() {
    return width + (patterns == null ? "" : " (" + String.join(" or ", patterns) + ")");
  }
}
