package io.sqletl.engine.stage.files;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** What a file is by its first bytes, where it is not the text that it is read as. */
public enum FileSignature {
  UTF_32("text in UTF-32", 0xFF, 0xFE, 0, 0),
  UTF_16_LE("text in UTF-16; set \"encoding\": \"UTF-16\"", 0xFF, 0xFE),
  UTF_16_BE("text in UTF-16; set \"encoding\": \"UTF-16\"", 0xFE, 0xFF),
  GZIP("a gzip file; its name has to end with .gz", 0x1F, 0x8B),
  ZIP("a zip archive or a workbook; unpack it", 'P', 'K', 3, 4),
  BZIP2("a bzip2 file; its name has to end with .bz2", 'B', 'Z', 'h', '1', '?', 'A', 'Y'),
  ZSTANDARD("a zstd file; its name has to end with .zst", 0x28, 0xB5, 0x2F, 0xFD),
  XZ("an xz file; unpack it", 0xFD, '7', 'z', 'X', 'Z'),
  LZMA("an lzma file; unpack it", 0x5D, 0, 0, '?', '?'),
  DEFLATE("a deflate file; its name has to end with .deflate", 'x', 0x9C),
  SEVEN_ZIP("a 7z archive; unpack it", '7', 'z', 0xBC, 0xAF),
  PARQUET("a Parquet file; read it with ParquetExtract", 'P', 'A', 'R', '1'),
  AVRO("an Avro file; read it with AvroExtract", 'O', 'b', 'j', 1),
  ORC("an ORC file; read it with ORCExtract", 'O', 'R', 'C', '?'),
  PDF("a PDF file", '%', 'P', 'D', 'F', '-'),
  OFFICE("an old Office file such as .xls", 0xD0, 0xCF, 0x11, 0xE0);

  /** So many bytes tell of what is no text. */
  public static final int LENGTH = 8;

  private static final Set<FileSignature> WIDE_TEXT = Set.of(UTF_32, UTF_16_LE, UTF_16_BE);
  private static final int ANY = '?';
  private static final int FEWEST_OF_WIDE_TEXT = 8;

  /** Where a tar archive says what it is, in its first header. */
  private static final int TAR_PLACE = 257;

  private static final byte[] TAR = "ustar".getBytes(StandardCharsets.US_ASCII);

  private final String text;
  private final int[] bytes;

  FileSignature(String text, int... bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  /** Whether the bytes begin with the byte order mark of UTF-8. */
  public static boolean isMarked(byte[] first, int from, int to) {
    return to - from >= 3
        && first[from] == (byte) 0xEF
        && first[from + 1] == (byte) 0xBB
        && first[from + 2] == (byte) 0xBF;
  }

  /**
   * What is wrong with a file that is {@link #isMarked marked}.
   *
   * @param charset what the job says
   * @return nothing when it is UTF-8
   */
  public static Optional<String> ofMarked(Charset charset) {
    return charset.equals(StandardCharsets.UTF_8)
        ? Optional.empty()
        : Optional.of(
            "begins with the byte order mark of UTF-8, and \"encoding\" says "
                + charset.name()
                + "; take \"encoding\" out");
  }

  /**
   * What a file is that is no text, and what to do about it.
   *
   * @param first its first bytes
   * @param length how many of them there are
   * @return nothing when it may well be text in some encoding
   */
  public static Optional<String> ofBinary(byte[] first, int length) {
    for (FileSignature sign : values()) {
      if (!WIDE_TEXT.contains(sign) && sign.isAt(first, 0, length)) {
        return Optional.of(sign.text);
      }
    }
    return Optional.empty();
  }

  /**
   * What a file looks like, and what to do about it.
   *
   * @param first its first bytes, at least as far as its first line goes
   * @return nothing when it may well be text in an encoding that has the bytes of ASCII
   */
  public static Optional<String> of(byte[] first, int from, int to) {
    for (FileSignature sign : values()) {
      if (sign.isAt(first, from, to)) {
        return Optional.of("looks like " + sign.text);
      }
    }
    if (isTar(first, from, to)) {
      return Optional.of("looks like a tar archive; unpack it");
    }
    int zeros = 0;
    for (int i = from; i < to; i++) {
      zeros += first[i] == 0 ? 1 : 0;
    }
    return to - from >= FEWEST_OF_WIDE_TEXT && zeros * 5 >= (to - from) * 2
        ? Optional.of(
            "looks like text in UTF-16 or like no text; set \"encoding\", such as \"UTF-16LE\"")
        : Optional.empty();
  }

  private static boolean isTar(byte[] first, int from, int to) {
    int at = from + TAR_PLACE;
    return to >= at + TAR.length && Arrays.equals(first, at, at + TAR.length, TAR, 0, TAR.length);
  }

  /** Whether these bytes begin as files of this kind do. */
  boolean isAt(byte[] first, int from, int to) {
    if (to - from < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      boolean isControl = this == ORC && i == bytes.length - 1;
      int found = first[from + i] & 0xFF;
      if (isControl ? found >= ' ' : bytes[i] != ANY && found != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}
