package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.Utf8Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.datasources.CodecStreams;

/**
 * Signs that files which a job says are UTF-16 are not, or are in its other order of bytes. Nearly
 * every pair of bytes is a character there, and seldom a line end, so that a file is one long
 * header.
 */
final class WideTextSigns {

  private static final int MOST_BYTES = 1 << 14;

  /** In a text without a line end, one letter of so many characters is no chance. */
  private static final int PAIRS_A_LETTER = 4;

  /** What is shorter may be anything. */
  private static final int FEWEST_BYTES = 4;

  private WideTextSigns() {}

  /**
   * Looks at the beginnings of files, if the encoding is one of UTF-16.
   *
   * @throws StageException for the first that is not
   */
  static void require(List<Path> files, Charset charset, String type, Configuration configuration) {
    if (!charset.name().contains("UTF-16")) {
      return;
    }
    FilesAtOnce.look(files, file -> problem(file, charset, configuration)).stream()
        .flatMap(Optional::stream)
        .findFirst()
        .ifPresent(
            problem -> {
              throw new StageException(type + " cannot read " + problem);
            });
  }

  private static Optional<String> problem(Path file, Charset charset, Configuration configuration) {
    try (InputStream stream = CodecStreams.createInputStream(configuration, file)) {
      return sign(stream.readNBytes(MOST_BYTES), charset)
          .map(sign -> "'" + file + "': \"encoding\" says " + charset.name() + ", and " + sign);
    } catch (IOException e) {
      // Who reads the file tells what is wrong with it
      return Optional.empty();
    }
  }

  private static Optional<String> sign(byte[] bytes, Charset charset) {
    if (bytes.length < FEWEST_BYTES) {
      return Optional.empty();
    }
    boolean isMarkedBig = bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF;
    boolean isMarkedLittle = bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE;
    boolean saysLittle = charset.name().contains("UTF-16LE");
    boolean saysOrder = !charset.name().equals("UTF-16");
    if (isMarkedBig || isMarkedLittle) {
      return saysOrder && isMarkedLittle != saysLittle
          ? Optional.of(otherOrder(isMarkedLittle, "by its byte order mark"))
          : Optional.empty();
    }
    if (isWithoutZeros(bytes)) {
      return isAsciiMostly(bytes) || Utf8Bytes.are(bytes, /* isCut */ true)
          ? Optional.of(
              "its bytes are those of "
                  + (Utf8Bytes.are(bytes, /* isCut */ true)
                      ? "UTF-8; take \"encoding\" out"
                      : "an encoding of one byte a letter; correct \"encoding\", such as"
                          + " \"windows-1252\""))
          : Optional.empty();
    }
    Letters big = new Letters();
    Letters little = new Letters();
    for (int i = 0; i + 1 < bytes.length; i += 2) {
      if (bytes[i] == 0) {
        big.add(bytes[i + 1]);
      } else if (bytes[i + 1] == 0) {
        little.add(bytes[i]);
      }
    }
    Letters said = saysLittle ? little : big;
    Letters other = saysLittle ? big : little;
    boolean isOther =
        other.lineEnds > 0 && said.lineEnds == 0
            || said.all == 0 && other.all * PAIRS_A_LETTER >= bytes.length / 2;
    return isOther
        ? Optional.of(otherOrder(!saysLittle, "by the zeros beside its letters"))
        : Optional.empty();
  }

  /** Letters of ASCII in one order of bytes; in the other one they are of any language. */
  private static final class Letters {

    private int all;

    /** In the other order these are no characters, or rare ones. */
    private int lineEnds;

    void add(byte letter) {
      all += isAscii(letter) ? 1 : 0;
      lineEnds += letter == '\n' || letter == '\r' ? 1 : 0;
    }
  }

  private static String otherOrder(boolean isLittle, String sign) {
    String name = isLittle ? "UTF-16LE" : "UTF-16BE";
    return "it is " + name + " " + sign + "; set \"encoding\": \"" + name + "\"";
  }

  private static boolean isWithoutZeros(byte[] bytes) {
    for (byte one : bytes) {
      if (one == 0) {
        return false;
      }
    }
    return true;
  }

  /** Nine of ten; of characters beyond Latin letters the half, at most, look so. */
  private static boolean isAsciiMostly(byte[] bytes) {
    int ascii = 0;
    for (byte one : bytes) {
      ascii += isAscii(one) ? 1 : 0;
    }
    return ascii * 10L >= bytes.length * 9L;
  }

  private static boolean isAscii(byte one) {
    return one >= ' ' && one < 0x7F || one == '\n' || one == '\r' || one == '\t';
  }
}
