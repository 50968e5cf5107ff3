package io.sqletl.engine.stage;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.util.LineReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the blank lines of files. Spark passes over them, so that the number of a record is less
 * than that of its line; a person who is sent to a line wants the one that the editor shows.
 */
public final class BlankLines {

  private static final Logger LOG = LoggerFactory.getLogger(BlankLines.class);

  /** Beyond it a file is not read again for the sake of a message. */
  private static final long MOST_BYTES = 32L << 20;

  private final Configuration hadoop;
  private final RecordLines lines;

  /**
   * @param hadoop by which the files can be read
   */
  public BlankLines(Configuration hadoop) {
    this.hadoop = hadoop;
    this.lines = new RecordLines(hadoop);
  }

  /** Finds the lines of records that are numbered within a part of their file. */
  RecordLines lines() {
    return lines;
  }

  /**
   * How many blank lines stand before a record.
   *
   * @param file its URI, as Spark writes it
   * @param record the record's number, from 1
   * @param headerLines how many lines that are not blank stand before the first record
   * @return 0 as well if the file is too long, or can no longer be read
   */
  int before(String file, long record, int headerLines) {
    Path path = new Path(URI.create(file));
    CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
    try {
      FileSystem files = path.getFileSystem(hadoop);
      try (InputStream stored = files.open(path);
          InputStream plain = codec == null ? stored : codec.createInputStream(stored)) {
        return before(new LineReader(plain), record + headerLines);
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("The blank lines of {} are not counted", file, e);
      return 0;
    }
  }

  private static int before(LineReader lines, long notBlank) throws IOException {
    Text line = new Text();
    int blank = 0;
    long seen = 0;
    long bytes = 0;
    while (seen < notBlank) {
      int read = lines.readLine(line);
      bytes += read;
      if (read == 0 || bytes > MOST_BYTES) {
        return 0;
      }
      if (line.toString().trim().isEmpty()) {
        blank++;
      } else {
        seen++;
      }
    }
    return blank;
  }
}
