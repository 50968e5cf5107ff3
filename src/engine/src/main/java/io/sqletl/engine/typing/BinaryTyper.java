package io.sqletl.engine.typing;

import java.util.Locale;
import org.apache.commons.codec.binary.Base64;
import org.apache.spark.unsafe.types.UTF8String;

/** Bytes written as text. */
final class BinaryTyper extends Typer {

  private final transient SchemaColumn.Encoding encoding;

  BinaryTyper(SchemaColumn.BinaryColumn column) {
    super(column);
    this.encoding = column.encoding();
  }

  @Override
  Object parse(UTF8String value) {
    return switch (encoding) {
      case BASE64 -> base64(value.getBytes());
      case HEXADECIMAL -> hexadecimal(value);
    };
  }

  /**
   * Padding is optional, white space and both alphabets are taken, as Arc's decoder does. What was
   * cut is not: a digit of which a part is missing, bits that belong to nothing, padding that is
   * not complete or has digits behind it.
   */
  private static byte[] base64(byte[] text) {
    if (!Base64.isBase64(text)) {
      return null;
    }
    int digits = 0;
    int padding = 0;
    byte last = 0;
    for (byte b : text) {
      if (b == '=') {
        padding++;
      } else if (b > ' ') {
        if (padding > 0) {
          return null;
        }
        digits++;
        last = b;
      }
    }
    int rest = digits % 4;
    boolean isWhole = padding == 0 || padding == 4 - rest && rest > 1;
    return rest == 1 || !isWhole || rest > 0 && (bits(last) & (rest == 2 ? 15 : 3)) != 0
        ? null
        : Base64.decodeBase64(text);
  }

  /** The six bits of a digit. */
  private static int bits(byte digit) {
    if (digit >= 'A' && digit <= 'Z') {
      return digit - 'A';
    }
    if (digit >= 'a' && digit <= 'z') {
      return digit - 'a' + 26;
    }
    if (Texts.isDigit(digit)) {
      return digit - '0' + 52;
    }
    return digit == '+' || digit == '-' ? 62 : 63;
  }

  /** Two digits a byte; where one is missing nobody knows which. */
  private static byte[] hexadecimal(UTF8String text) {
    int digits = text.numBytes();
    if (digits == 0 || digits % 2 != 0) {
      return null;
    }
    byte[] bytes = new byte[digits / 2];
    for (int i = 0; i < digits; i++) {
      byte b = text.getByte(i);
      int digit = b < 0 ? -1 : Character.digit((char) b, 16);
      if (digit < 0) {
        return null;
      }
      bytes[i / 2] = (byte) (bytes[i / 2] << 4 | digit);
    }
    return bytes;
  }

  @Override
  String message(String value) {
    return "Unable to convert '" + value + "' to binary using '" + encodingName() + "' decoding.";
  }

  @Override
  String target() {
    return "binary (" + encodingName() + ")";
  }

  private String encodingName() {
    return encoding.name().toLowerCase(Locale.ROOT);
  }
}
