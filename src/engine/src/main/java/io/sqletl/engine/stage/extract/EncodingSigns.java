package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.datasources.CodecStreams;

/**
 * Signs that files are not in the encoding that the job says. In an encoding of one byte a
 * character nearly every byte is one, and in those of East Asia many pairs of bytes are, so that
 * text in another is read without an error, as other letters.
 */
final class EncodingSigns {

  private static final int MOST_FILES = 4;
  private static final int MOST_BYTES = 1 << 20;

  private EncodingSigns() {}

  /** Looks at the beginnings of the first files, and warns once. */
  static void tell(List<Path> files, Charset charset, StageContext context) {
    if (charset.equals(StandardCharsets.US_ASCII) || isOfUnicode(charset)) {
      return;
    }
    Configuration configuration = context.spark().sessionState().newHadoopConf();
    for (Path file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
      Optional<String> sign = sign(file, charset, configuration);
      if (sign.isPresent()) {
        context.warn(
            ErrorCode.ENCODING,
            "The file " + file + " is read as " + charset.name() + ", and " + sign.get(),
            "correct \"encoding\" if letters beyond a to z look wrong");
        return;
      }
    }
  }

  /** Those that have forms of their own, which other text does not have. */
  private static boolean isOfUnicode(Charset charset) {
    return charset.name().contains("UTF-") || charset.name().equals("CESU-8");
  }

  private static Optional<String> sign(Path file, Charset charset, Configuration configuration) {
    byte[] bytes;
    try (InputStream stream = CodecStreams.createInputStream(configuration, file)) {
      bytes = stream.readNBytes(MOST_BYTES);
    } catch (IOException e) {
      // Who reads the file tells what is wrong with it
      return Optional.empty();
    }
    boolean isAscii = true;
    boolean hasControls = false;
    for (byte one : bytes) {
      isAscii &= one >= 0;
      hasControls |= (one & 0xFF) >= 0x80 && (one & 0xFF) < 0xA0;
    }
    if (isAscii) {
      return Optional.empty();
    }
    if (isUtf8(bytes)) {
      return Optional.of("its bytes are those of UTF-8");
    }
    return hasControls && charset.name().startsWith("ISO-8859-")
        ? Optional.of(
            "has bytes from 0x80 to 0x9F, which are no letters there; in windows-1252 they are"
                + " signs such as the euro's and curly quotes")
        : Optional.empty();
  }

  /** Whether bytes are those of UTF-8; a character may be cut off where they end. */
  static boolean isUtf8(byte[] bytes) {
    CharBuffer text = CharBuffer.allocate(bytes.length);
    return !StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(bytes), text, /* endOfInput */ false)
        .isError();
  }
}
