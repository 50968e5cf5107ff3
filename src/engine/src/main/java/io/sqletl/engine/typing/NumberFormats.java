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

  /** Whether a pattern is one of percent or per mille, whose numbers are divided. */
  static boolean divides(List<String> patterns) {
    return patterns.stream().anyMatch(pattern -> new DecimalFormat(pattern).getMultiplier() != 1);
  }

  /**
   * Whether the groups of digits are those of the pattern. DecimalFormat passes over separators
   * wherever they stand, so that the decimal comma of another country makes 123 of {@code 1,23}.
   */
  private static boolean isGrouped(String text, DecimalFormat format) {
    char separator = format.getDecimalFormatSymbols().getGroupingSeparator();
    int size = format.getGroupingSize();
    int at = format.isGroupingUsed() && size > 0 ? text.indexOf(separator) : -1;
    if (at < 0) {
      return true;
    }
    int first = at;
    while (first > 0 && Character.isDigit(text.charAt(first - 1))) {
      first--;
    }
    if (at == first || at - first > size) {
      return false;
    }
    while (at < text.length() && text.charAt(at) == separator) {
      int start = at + 1;
      for (at = start; at < text.length() && Character.isDigit(text.charAt(at)); ) {
        at++;
      }
      if (at - start != size) {
        return false;
      }
    }
    return true;
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
      if (number != null && position.getIndex() == text.length() && isGrouped(text, format)) {
        Object value = accepted.apply(number);
        if (value != null) {
          return value;
        }
      }
    }
    return null;
  }
}
