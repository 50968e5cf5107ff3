package io.sqletl.engine.stage.sql;

/** Finds the characters of a JSON string in the source that it was read from. */
final class QuotedText {

  private static final String ESCAPES = "\"\\/bfnrt";
  private static final String MEANINGS = "\"\\/\b\f\n\r\t";

  private QuotedText() {}

  /**
   * The offset in the source of each character of a value, and of its end.
   *
   * @param start where the opening quote stands
   * @return nothing unless a quoted string with exactly this value stands there
   */
  static int[] offsets(String source, int start, String value) {
    if (start >= source.length()
        || source.charAt(start) != '"'
        || source.startsWith("\"\"\"", start)) {
      return new int[0];
    }
    int[] offsets = new int[value.length() + 1];
    int at = start + 1;
    for (int i = 0; i < value.length(); i++) {
      offsets[i] = at;
      int length = lengthOf(source, at, value.charAt(i));
      if (length == 0) {
        return new int[0];
      }
      at += length;
    }
    offsets[value.length()] = at;
    return at < source.length() && source.charAt(at) == '"' ? offsets : new int[0];
  }

  /** How many characters stand for this one; 0 if others do. */
  private static int lengthOf(String source, int at, char character) {
    if (at + 1 >= source.length() || source.charAt(at) == '"') {
      return 0;
    }
    if (source.charAt(at) != '\\') {
      return source.charAt(at) == character ? 1 : 0;
    }
    int escape = ESCAPES.indexOf(source.charAt(at + 1));
    if (escape >= 0) {
      return MEANINGS.charAt(escape) == character ? 2 : 0;
    }
    String hexadecimal = "\\u" + String.format("%04x", (int) character);
    return source.regionMatches(true, at, hexadecimal, 0, 6) ? 6 : 0;
  }
}
