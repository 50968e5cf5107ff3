package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.Utf8Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.datasources.CodecStreams;

/** Signs that files are not in the encoding that the job says, or that they say themselves. */
final class EncodingSigns {

  private static final int MOST_FILES = 4;
  private static final int MOST_BYTES = 1 << 20;

  private EncodingSigns() {}

  /** Looks at the beginnings of the first files, and warns once. */
  static void tell(List<Path> files, Charset charset, StageContext context) {
    if (Utf8Bytes.isTakenForAnything(charset)) {
      tell(
          files,
          bytes -> charset,
          "correct \"encoding\" if letters beyond a to z look wrong",
          context);
    }
  }

  /** The same of XML documents, each of which says its encoding itself. */
  static void tellOfXml(List<Path> files, StageContext context) {
    tell(
        files,
        XmlDocuments::encoding,
        "have the documents declare the encoding that they are written in, as in <?xml"
            + " version=\"1.0\" encoding=\"UTF-8\"?>, if letters beyond a to z look wrong",
        context);
  }

  private static void tell(
      List<Path> files, Function<byte[], Charset> said, String remedy, StageContext context) {
    Configuration configuration = context.spark().sessionState().newHadoopConf();
    for (Path file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
      byte[] bytes = beginning(file, configuration);
      Charset charset = said.apply(bytes);
      Optional<String> sign = sign(bytes, charset);
      if (sign.isPresent()) {
        context.warn(
            ErrorCode.ENCODING,
            "The file " + file + " is read as " + charset.name() + ", and " + sign.get(),
            remedy);
        return;
      }
    }
  }

  /** Nothing of a file that cannot be read, of which the extract itself tells. */
  private static byte[] beginning(Path file, Configuration configuration) {
    try (InputStream stream = CodecStreams.createInputStream(configuration, file)) {
      return stream.readNBytes(MOST_BYTES);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static Optional<String> sign(byte[] bytes, Charset charset) {
    if (Utf8Bytes.areReadAsOthers(bytes, charset, bytes.length == MOST_BYTES)) {
      return Optional.of("its bytes are those of UTF-8");
    }
    boolean hasControls = false;
    for (byte one : bytes) {
      hasControls |= (one & 0xFF) >= 0x80 && (one & 0xFF) < 0xA0;
    }
    return hasControls && charset.name().startsWith("ISO-8859-")
        ? Optional.of(
            "has bytes from 0x80 to 0x9F, which are no letters there; in windows-1252 they are"
                + " signs such as the euro's and curly quotes")
        : Optional.empty();
  }
}
