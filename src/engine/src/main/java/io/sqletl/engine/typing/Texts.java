package io.sqletl.engine.typing;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.unsafe.types.UTF8String;

/** What typers ask of texts, answered on the bytes where they suffice. */
final class Texts {

  private Texts() {}

  /**
   * Everything up to the blank goes, at both ends, as {@link String#trim()} has it; and so do the
   * blanks beyond ASCII, such as the one that does not break, which {@link String#trim()} keeps.
   */
  static UTF8String trim(UTF8String text) {
    int end = text.numBytes();
    int start = 0;
    for (int length = -1; start < end && length != 0; start += length) {
      length = blankAt(text, start, end);
    }
    for (int length = -1; end > start && length != 0; end -= length) {
      length = blankBefore(text, start, end);
    }
    return end - start == text.numBytes()
        ? text
        : UTF8String.fromAddress(text.getBaseObject(), text.getBaseOffset() + start, end - start);
  }

  /** How many bytes the blank has that begins at a place; 0 where none does. */
  private static int blankAt(UTF8String text, int at, int end) {
    byte first = text.getByte(at);
    if (first >= 0) {
      return first <= ' ' ? 1 : 0;
    }
    int length = first == (byte) 0xC2 ? 2 : 3;
    return at + length <= end && isBlank(text, at, length) ? length : 0;
  }

  private static int blankBefore(UTF8String text, int start, int end) {
    byte last = text.getByte(end - 1);
    if (last >= 0) {
      return last <= ' ' ? 1 : 0;
    }
    for (int length = 2; length <= 3 && end - length >= start; length++) {
      if (isBlank(text, end - length, length)) {
        return length;
      }
    }
    return 0;
  }

  /** The characters with the property White_Space of Unicode beyond ASCII. */
  private static boolean isBlank(UTF8String text, int at, int length) {
    int first = text.getByte(at) & 0xFF;
    int second = text.getByte(at + 1) & 0xFF;
    if (length == 2) {
      return first == 0xC2 && (second == 0x85 || second == 0xA0);
    }
    int third = text.getByte(at + 2) & 0xFF;
    return switch (first << 8 | second) {
      case 0xE19A -> third == 0x80;
      case 0xE280 -> third <= 0x8A || third == 0xA8 || third == 0xA9 || third == 0xAF;
      case 0xE281 -> third == 0x9F;
      case 0xE380 -> third == 0x80;
      default -> false;
    };
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** {@code 'a', 'b'}, as messages list patterns and values. */
  static String quoted(List<String> texts) {
    return texts.stream().map(text -> "'" + text + "'").collect(Collectors.joining(", "));
  }
}
