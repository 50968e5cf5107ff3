package io.sqletl.engine.typing;

/** Says which texts the JDK's number parsers take, so that no exception has to. */
final class DecimalText {

  /** {@link java.math.BigDecimal} refuses longer exponents, leading zeros aside. */
  private static final int MOST_EXPONENT_DIGITS = 10;

  private static final int LEAST_EXPONENT_DIGITS = 2;

  private DecimalText() {}

  /** Whether {@link java.math.BigDecimal#BigDecimal(String)} takes the text. */
  static boolean isNumber(String text) {
    int length = text.length();
    int at = length > 0 && isSign(text.charAt(0)) ? 1 : 0;
    int digits = 0;
    int fraction = 0;
    boolean point = false;
    for (; at < length; at++) {
      char c = text.charAt(at);
      if (Character.isDigit(c)) {
        digits++;
        fraction += point ? 1 : 0;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      return false;
    }
    return at == length || isExponent(text, at) && scaleFits(text, at, fraction);
  }

  /**
   * Whether the exponent is one that a spreadsheet may have written, which has two digits at least,
   * so that digits of the number may be missing. {@code 1E+3} is all of a number.
   */
  static boolean mayLackDigits(String number) {
    int at = Math.max(number.indexOf('e'), number.indexOf('E'));
    return at >= 0 && number.length() - afterSign(number, at + 1) >= LEAST_EXPONENT_DIGITS;
  }

  private static boolean isExponent(String text, int at) {
    if (text.charAt(at) != 'e' && text.charAt(at) != 'E') {
      return false;
    }
    int start = afterSign(text, at + 1);
    for (int i = start; i < text.length(); i++) {
      if (!Character.isDigit(text.charAt(i))) {
        return false;
      }
    }
    return start < text.length();
  }

  private static boolean scaleFits(String text, int at, int fraction) {
    int first = afterSign(text, at + 1);
    int significant = first;
    while (significant < text.length() - 1 && Character.digit(text.charAt(significant), 10) == 0) {
      significant++;
    }
    if (text.length() - significant > MOST_EXPONENT_DIGITS) {
      return false;
    }
    long exponent = 0;
    for (int i = significant; i < text.length(); i++) {
      exponent = exponent * 10 + Character.digit(text.charAt(i), 10);
    }
    long scale = fraction - (text.charAt(at + 1) == '-' ? -exponent : exponent);
    return exponent <= Integer.MAX_VALUE && scale == (int) scale;
  }

  /**
   * Whether a text is a number that {@link Double#parseDouble(String)} takes, blanks around it
   * aside; not what only Java writes, as {@code 1d} and {@code 0x1p3}.
   */
  static boolean isDouble(String untrimmed) {
    String text = untrimmed.trim();
    int length = text.length();
    int at = afterSign(text, 0);
    if (text.startsWith("NaN", at)) {
      return length == at + 3;
    }
    int digits = 0;
    boolean point = false;
    for (; at < length; at++) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        digits++;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      return false;
    }
    if (at < length && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int start = afterSign(text, at + 1);
      at = start;
      while (at < length && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      if (at == start) {
        return false;
      }
    }
    return at == length;
  }

  private static int afterSign(String text, int at) {
    return at < text.length() && isSign(text.charAt(at)) ? at + 1 : at;
  }

  private static boolean isSign(char c) {
    return c == '-' || c == '+';
  }
}
