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

  /** Padding is optional, white space and both alphabets are taken, as Arc's decoder does. */
  private static byte[] base64(byte[] text) {
    return Base64.isBase64(text) ? Base64.decodeBase64(text) : null;
  }

  /** An odd number of digits stands for a missing zero in front. */
  private static byte[] hexadecimal(UTF8String text) {
    int digits = text.numBytes();
    if (digits == 0) {
      return null;
    }
    byte[] bytes = new byte[(digits + 1) / 2];
    int odd = digits % 2;
    for (int i = 0; i < digits; i++) {
      byte b = text.getByte(i);
      int digit = b < 0 ? -1 : Character.digit((char) b, 16);
      if (digit < 0) {
        return null;
      }
      int at = (i + odd) / 2;
      bytes[at] = (byte) (bytes[at] << 4 | digit);
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
