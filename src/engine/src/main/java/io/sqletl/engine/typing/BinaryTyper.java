package io.sqletl.engine.typing;

import java.util.Locale;
import org.apache.commons.codec.CodecPolicy;
import org.apache.commons.codec.binary.Base64;
import org.apache.spark.unsafe.types.UTF8String;

/** Bytes written as text. */
final class BinaryTyper extends Typer {

  /** Of both alphabets; refuses what ends within a byte. */
  private static final Base64 STRICT = new Base64(0, null, false, CodecPolicy.STRICT);

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
    if (!Base64.isBase64(text) || !isWhole(text)) {
      return null;
    }
    try {
      return STRICT.decode(text);
    } catch (IllegalArgumentException e) {
      return null; // The last digit is a part of a byte
    }
  }

  private static boolean isWhole(byte[] text) {
    int digits = 0;
    int padding = 0;
    for (byte b : text) {
      if (b == '=') {
        padding++;
      } else if (b > ' ') {
        if (padding > 0) {
          return false;
        }
        digits++;
      }
    }
    return padding == 0 || digits % 4 > 1 && padding == 4 - digits % 4;
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
