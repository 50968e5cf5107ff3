package io.sqletl.engine.stage;

import io.sqletl.engine.typing.RejectedValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.LineReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the line of a file on which a record stands that is numbered within a part of it. Files are
 * read again only where something is to be reported.
 */
final class RecordLines {

  private static final Logger LOG = LoggerFactory.getLogger(RecordLines.class);

  /** Beyond it a file is not read again for the sake of a message. */
  private static final long MOST_BYTES = 1L << 30;

  private final Configuration hadoop;
  private final Map<String, Optional<Long>> before = new HashMap<>();

  /**
   * @param hadoop by which the files can be read
   */
  RecordLines(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /**
   * The value with the line of its file, or with what is known of its place.
   *
   * @param layout of the file; when records are physical lines their number is that of the line
   */
  RejectedValue place(RejectedValue value, LineLayout layout) {
    if (value.file() == null || value.index() == null || value.block() == null) {
      return value;
    }
    Optional<Long> line =
        switch (layout.numbers()) {
          case LINES -> value.block() == 0 ? Optional.of(0L) : linesBefore(value);
          case RECORDS -> layout.isByLine() ? record(value, layout) : Optional.empty();
        };
    if (line.isPresent()) {
      boolean counts = layout.numbers() == LineLayout.Numbers.LINES;
      return value.at(value.file(), line.get() + (counts ? value.index() : 0));
    }
    String part = value.block() == 0 ? "" : " after byte " + value.block();
    String unit = layout.numbers() == LineLayout.Numbers.LINES ? "line " : "record ";
    return value.at(value.file() + ": " + unit + value.index() + part, null);
  }

  private Optional<Long> linesBefore(RejectedValue value) {
    return before.computeIfAbsent(
        value.file() + " " + value.block(),
        part -> walk(value.file(), (lines, text) -> linesBefore(lines, text, value.block())));
  }

  /** The line that a part begins in belongs to the part before, also when it begins with it. */
  private static Optional<Long> linesBefore(LineReader lines, Text text, long block)
      throws IOException {
    long position = 0;
    long count = 0;
    while (position <= block) {
      int read = lines.readLine(text);
      position += read;
      if (read == 0 || position > MOST_BYTES) {
        return Optional.empty();
      }
      count++;
    }
    return Optional.of(count);
  }

  private Optional<Long> record(RejectedValue value, LineLayout layout) {
    return walk(value.file(), (lines, text) -> record(lines, text, value, layout));
  }

  private static Optional<Long> record(
      LineReader lines, Text text, RejectedValue value, LineLayout layout) throws IOException {
    long position = 0;
    long toPass = value.index() + (value.block() == 0 ? layout.headerLines() : 0);
    for (long line = 1; ; line++) {
      long start = position;
      int read = lines.readLine(text);
      position += read;
      if (read == 0 || position > MOST_BYTES) {
        return Optional.empty();
      }
      boolean isOfPart = value.block() == 0 || start > value.block();
      if (isOfPart && !text.toString().trim().isEmpty() && --toPass == 0) {
        return Optional.of(line);
      }
    }
  }

  /** What is looked for in the lines of a file. */
  private interface Search {
    Optional<Long> in(LineReader lines, Text text) throws IOException;
  }

  private Optional<Long> walk(String file, Search search) {
    Path path = new Path(URI.create(file));
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    try (InputStream stored = path.getFileSystem(hadoop).open(path);
        InputStream plain = codec == null ? stored : codec.createInputStream(stored)) {
      return search.in(new LineReader(plain), new Text());
    } catch (IOException | RuntimeException e) {
      LOG.debug("The lines of {} are not counted", file, e);
      return Optional.empty();
    }
  }
}
