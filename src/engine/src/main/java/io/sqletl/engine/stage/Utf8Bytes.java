package io.sqletl.engine.stage;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Tells bytes of UTF-8 from those of other encodings. In an encoding of one byte a character nearly
 * every byte is one, and in those of East Asia many pairs of bytes are, so that text of UTF-8 is
 * read in them without an error, as other letters; the other way round it hardly ever is.
 */
public final class Utf8Bytes {

  private Utf8Bytes() {}

  /**
   * Whether bytes are those of UTF-8.
   *
   * @param isCut whether a character may be cut off where they end
   */
  public static boolean are(byte[] bytes, boolean isCut) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, !isCut);
    return !result.isError();
  }

  /**
   * Whether bytes are those of UTF-8, with letters beyond ASCII, and are to be read as something
   * else. An encoding of Unicode's own has forms that other text does not have, and is none.
   *
   * @param isCut whether a character may be cut off where they end
   */
  public static boolean areReadAsOthers(byte[] bytes, Charset charset, boolean isCut) {
    return isTakenForAnything(charset) && !areAscii(bytes) && are(bytes, isCut);
  }

  /** Whether text of other encodings is read in this one without an error. */
  public static boolean isTakenForAnything(Charset charset) {
    return !charset.equals(StandardCharsets.US_ASCII)
        && !charset.name().contains("UTF-")
        && !charset.name().equals("CESU-8");
  }

  private static boolean areAscii(byte[] bytes) {
    for (byte one : bytes) {
      if (one < 0) {
        return false;
      }
    }
    return true;
  }
}
