package io.sqletl.engine.stage.extract;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Looks at the beginnings of files for records of several lines, which RFC 4180 allows. Files that
 * have one cannot be split at lines, whatever the job says of them; where the first of them comes
 * late, each line is an error of its row that names the key.
 */
final class QuotedLineEnds {

  /** Of one file, in bytes; reading on would be a second pass over it. */
  private static final long MOST_OF_A_FILE = 8 << 20;

  /** Of all files, in bytes. */
  private static final long MOST = 64 << 20;

  private final DelimitedDialect dialect;
  private final Configuration configuration;

  /**
   * @param dialect one that lets quoted values hold line ends
   */
  QuotedLineEnds(DelimitedDialect dialect, Configuration configuration) {
    this.dialect = dialect;
    this.configuration = configuration;
  }

  /** Whether the beginning of one of the files has such a record. */
  boolean areIn(List<Path> files) {
    if (dialect.quote() == DelimitedDialect.NONE) {
      return false;
    }
    long left = MOST;
    for (Path file : files) {
      if (left <= 0) {
        return false;
      }
      try {
        long looked = look(file, Math.min(left, MOST_OF_A_FILE));
        if (looked < 0) {
          return true;
        }
        left -= looked;
      } catch (IOException e) {
        // Whoever reads the file says what is wrong with it
        return false;
      }
    }
    return false;
  }

  /** How many bytes were looked at; less than 0 if a record has several lines. */
  private long look(Path file, long most) throws IOException {
    int expected = values(file);
    try (DelimitedStream records = DelimitedStream.open(dialect, expected, file, configuration)) {
      long looked = 0;
      byte[] record = records.next();
      while (record != null && looked < most) {
        if (hasLineEnd(record)) {
          return -1;
        }
        looked += record.length + 1L;
        record = records.next();
      }
      return looked;
    }
  }

  private int values(Path file) throws IOException {
    try (DelimitedStream records = DelimitedStream.open(dialect, 0, file, configuration)) {
      byte[] record = records.next();
      while (record != null && record.length == 0) {
        record = records.next();
      }
      if (record == null) {
        return 0;
      }
      DelimitedLine line = new DelimitedLine(dialect);
      line.read(record, 0, record.length, 0);
      return line.count();
    }
  }

  private static boolean hasLineEnd(byte[] record) {
    for (byte each : record) {
      if (each == '\n' || each == '\r') {
        return true;
      }
    }
    return false;
  }
}
