package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.files.FileSignature;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.apache.commons.io.input.ReaderInputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.execution.datasources.CodecStreams;

/**
 * Cuts a file of delimited text into records, where quoted values may hold line ends or lines are
 * not bytes of ASCII.
 *
 * <p>A record whose quotes do not end as they should is taken for one line, so that it does not
 * swallow those after it.
 */
final class DelimitedStream implements Closeable {

  /** A quoted value does not go on for longer than that; it is one that does not end. */
  private static final int LONGEST = 64 << 20;

  private static final int NO_RECORD = -1;

  private final DelimitedDialect dialect;
  private final DelimitedLine line;
  private final int expected;
  private final InputStream bytes;
  private byte[] buffer = new byte[1 << 16];
  private int start;
  private int end;
  private boolean isOver;
  private long lineNumber = 1;
  private long nextLine = 1;

  /**
   * @param expected how many values a record has; 0 when that is not known
   */
  DelimitedStream(DelimitedDialect dialect, int expected, InputStream stored) throws IOException {
    this.dialect = dialect;
    this.line = new DelimitedLine(dialect);
    this.expected = expected;
    this.bytes =
        dialect.hasAsciiLines()
            ? stored
            : ReaderInputStream.builder()
                .setReader(
                    new InputStreamReader(
                        stored,
                        dialect
                            .charset()
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)))
                .setCharset(StandardCharsets.UTF_8)
                .get();
    while (end < 3 && fill()) {
      // Until a byte order mark can be seen
    }
    if (FileSignature.isMarked(buffer, 0, end)) {
      start = 3;
    }
  }

  static DelimitedStream open(
      DelimitedDialect dialect, int expected, Path file, Configuration configuration)
      throws IOException {
    DelimitedStream stream =
        new DelimitedStream(dialect, expected, CodecStreams.createInputStream(configuration, file));
    // What is decoded already has a mark of its own encoding
    Optional<String> problem =
        stream.start > 0 && dialect.hasAsciiLines()
            ? FileSignature.ofMarked(dialect.charset())
            : Optional.empty();
    if (problem.isPresent()) {
      stream.close();
      throw new StageException("DelimitedExtract cannot read '" + file + "': it " + problem.get());
    }
    return stream;
  }

  /** The next record without its line end, blank ones among them; null at the end of the file. */
  byte[] next() throws IOException {
    compact();
    if (start == end && at(start) < 0) {
      return null;
    }
    lineNumber = nextLine;
    int taken = dialect.multiLine() ? record() : NO_RECORD;
    if (taken == NO_RECORD) {
      taken = lineEnd(start);
    }
    byte[] record = Arrays.copyOfRange(buffer, start, taken);
    for (int i = start; i < taken; i++) {
      boolean ends = buffer[i] == '\n' || buffer[i] == '\r' && !(at(i + 1) == '\n');
      nextLine += ends ? 1 : 0;
    }
    start = taken;
    int next = at(start);
    if (next == '\r') {
      start++;
      next = at(start) == '\n' ? '\n' : 0;
    }
    if (next == '\n') {
      start++;
    }
    nextLine++;
    return record;
  }

  /** The line on which the last record begins, from 1. */
  long line() {
    return lineNumber;
  }

  /** The first bytes of the file, to tell what it is. */
  byte[] first() {
    return Arrays.copyOfRange(buffer, 0, Math.min(end, 1 << 10));
  }

  /** Where a record ends by its quotes; none where they do not say it. */
  private int record() throws IOException {
    int plain = lineEnd(start);
    if (dialect.quote() == DelimitedDialect.NONE || isWhole(plain)) {
      return plain;
    }
    int doubled = recordEnd(false);
    int escaped = dialect.escape() == DelimitedDialect.NONE ? doubled : recordEnd(true);
    if (doubled == escaped || escaped == NO_RECORD) {
      return doubled;
    }
    if (doubled == NO_RECORD) {
      return escaped;
    }
    return isWhole(doubled) ? doubled : isWhole(escaped) ? escaped : Math.min(doubled, escaped);
  }

  private boolean isWhole(int to) {
    return line.read(buffer, start, to, expected) == null;
  }

  private int lineEnd(int from) throws IOException {
    int i = from;
    while (true) {
      int next = at(i);
      if (next < 0 || next == '\n' || next == '\r') {
        return i;
      }
      i++;
    }
  }

  private int recordEnd(boolean escapes) throws IOException {
    int i = start;
    boolean isFieldStart = true;
    while (true) {
      int next = at(i);
      if (next < 0 || next == '\n' || next == '\r') {
        return i;
      }
      if (isFieldStart && next == dialect.quote()) {
        i = quoteEnd(i + 1, escapes);
        if (i == NO_RECORD) {
          return NO_RECORD;
        }
        while (at(i) == ' ') {
          i++;
        }
        next = at(i);
        if (next < 0 || next == '\n' || next == '\r') {
          return i;
        }
        if (!separates(i)) {
          return NO_RECORD;
        }
      }
      isFieldStart = separates(i);
      i += isFieldStart ? dialect.separator().length : 1;
    }
  }

  private boolean separates(int i) throws IOException {
    if (at(i + dialect.separator().length - 1) < 0) {
      return false;
    }
    return dialect.separates(buffer, i, end);
  }

  /** Behind the quote that ends a value. */
  private int quoteEnd(int from, boolean escapes) throws IOException {
    int i = from;
    while (i - start < LONGEST) {
      int next = at(i);
      if (next < 0) {
        return NO_RECORD;
      }
      if (escapes
          && next == dialect.escape()
          && (at(i + 1) == dialect.quote() || at(i + 1) == dialect.escape())) {
        i += 2;
      } else if (next == dialect.quote()) {
        if (at(i + 1) != dialect.quote()) {
          return i + 1;
        }
        i += 2;
      } else {
        i++;
      }
    }
    return NO_RECORD;
  }

  /** A byte; less than 0 behind the end of the file. The buffer moves only between records. */
  private int at(int i) throws IOException {
    while (i >= end) {
      if (!fill()) {
        return -1;
      }
    }
    return buffer[i] & 0xFF;
  }

  private boolean fill() throws IOException {
    if (isOver) {
      return false;
    }
    if (end == buffer.length) {
      buffer = Arrays.copyOf(buffer, 2 * buffer.length);
    }
    int read = bytes.read(buffer, end, buffer.length - end);
    isOver = read < 0;
    end += Math.max(0, read);
    return !isOver;
  }

  /** Makes room by letting go of records that were taken. */
  private void compact() {
    if (start > buffer.length / 2) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
