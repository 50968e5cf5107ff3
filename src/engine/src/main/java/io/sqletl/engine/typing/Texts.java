package io.sqletl.engine.typing;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.unsafe.types.UTF8String;

/** What typers ask of texts, answered on the bytes where they suffice. */
final class Texts {

  private Texts() {}

  /** As {@link String#trim()}: everything up to the blank goes, at both ends. */
  static UTF8String trim(UTF8String text) {
    int end = text.numBytes();
    int start = 0;
    while (start < end && isTrimmed(text.getByte(start))) {
      start++;
    }
    while (end > start && isTrimmed(text.getByte(end - 1))) {
      end--;
    }
    return end - start == text.numBytes()
        ? text
        : UTF8String.fromAddress(text.getBaseObject(), text.getBaseOffset() + start, end - start);
  }

  private static boolean isTrimmed(byte b) {
    return b >= 0 && b <= ' ';
  }

  /** The length in UTF-16 units, as {@link String#length()}. */
  static int length(UTF8String text) {
    int bytes = text.numBytes();
    for (int i = 0; i < bytes; i++) {
      if (text.getByte(i) < 0) {
        return text.toString().length();
      }
    }
    return bytes;
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** {@code 'a', 'b'}, as messages list patterns and values. */
  static String quoted(List<String> texts) {
    return texts.stream().map(text -> "'" + text + "'").collect(Collectors.joining(", "));
  }
}
