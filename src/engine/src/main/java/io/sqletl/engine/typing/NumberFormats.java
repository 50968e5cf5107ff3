package io.sqletl.engine.typing;

import java.text.DecimalFormat;
import java.text.ParsePosition;
import java.util.List;
import java.util.function.Function;

/** Number patterns in the order they are tried. */
final class NumberFormats {

  /** A format remembers where it is while it parses, so that every thread needs its own. */
  private final ThreadLocal<List<DecimalFormat>> formats;

  private NumberFormats(List<String> patterns, Function<String, DecimalFormat> maker) {
    this.formats = ThreadLocal.withInitial(() -> patterns.stream().map(maker).toList());
  }

  /** Parses to {@link Long} where the number is one, else to {@link Double}. */
  static NumberFormats of(List<String> patterns) {
    return new NumberFormats(patterns, DecimalFormat::new);
  }

  /** Parses to {@link java.math.BigDecimal}, infinite numbers and NaN to {@link Double}. */
  static NumberFormats exact(List<String> patterns) {
    return new NumberFormats(
        patterns,
        pattern -> {
          DecimalFormat format = new DecimalFormat(pattern);
          format.setParseBigDecimal(true);
          return format;
        });
  }

  /**
   * The first value that a pattern finds in the whole text and that is accepted.
   *
   * @param accepted the value, or null when the number is none
   * @return null when there is none
   */
  Object parse(String text, Function<Number, Object> accepted) {
    for (DecimalFormat format : formats.get()) {
      ParsePosition position = new ParsePosition(0);
      Number number = format.parse(text, position);
      if (number != null && position.getIndex() == text.length()) {
        Object value = accepted.apply(number);
        if (value != null) {
          return value;
        }
      }
    }
    return null;
  }
}
