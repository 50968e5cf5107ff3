package io.sqletl.engine.stage.extract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** The last bytes of a file of lines, which are read when they are first asked for. */
final class FileTail {

  /** More take too long to open on a store. */
  private static final int MOST_FILES = 32;

  private static final int MOST_BYTES = 4096;

  private final Path file;
  private final Configuration configuration;
  private byte[] read;
  private long length;

  private FileTail(Path file, Configuration configuration) {
    this.file = file;
    this.configuration = configuration;
  }

  /** Of the first files that are not compressed. */
  static List<FileTail> of(List<Path> files, Configuration configuration) {
    CompressionCodecFactory codecs = new CompressionCodecFactory(configuration);
    return files.stream()
        .limit(MOST_FILES)
        .filter(file -> codecs.getCodec(file) == null)
        .map(file -> new FileTail(file, configuration))
        .toList();
  }

  Path file() {
    return file;
  }

  /** Whether the last line ends as lines do; so does a file without a byte. */
  boolean endsItsLine() {
    byte[] bytes = bytes();
    return bytes.length == 0 || isLineEnd(bytes[bytes.length - 1]);
  }

  /** Whether the tail is all of the file. */
  boolean isWhole() {
    byte[] bytes = bytes(); // Which also finds the length
    return length <= bytes.length;
  }

  /**
   * A line of the tail.
   *
   * @param bytes without its end
   * @param number in the file, from 1; 0 when the tail does not reach its beginning
   */
  record Line(byte[] bytes, int number) {}

  /**
   * The lines that are not blank, the last one first, without their ends. The first line of the
   * tail is not among them where it is that of the file, which names the columns, or a part of one.
   *
   * @param hasHeader whether the first line of the file names the columns
   */
  List<Line> lastLines(boolean hasHeader) {
    byte[] bytes = bytes();
    List<Line> lines = new ArrayList<>();
    int end = bytes.length;
    while (true) {
      while (end > 0 && bytes[end - 1] >= 0 && bytes[end - 1] <= ' ' && bytes[end - 1] != '\t') {
        end--;
      }
      int start = end;
      while (start > 0 && !isLineEnd(bytes[start - 1])) {
        start--;
      }
      if (end == 0 || start == 0 && (hasHeader || !isWhole())) {
        return lines;
      }
      lines.add(new Line(Arrays.copyOfRange(bytes, start, end), isWhole() ? number(start) : 0));
      end = start;
    }
  }

  /** The number of the line that begins at a byte of a whole file. */
  private int number(int start) {
    int number = 1;
    for (int i = 0; i < start; i++) {
      boolean isFirstOfTwo = read[i] == '\r' && read[i + 1] == '\n';
      number += isLineEnd(read[i]) && !isFirstOfTwo ? 1 : 0;
    }
    return number;
  }

  /** Up to 4096; none of a file that cannot be read, whose reader tells it. */
  private byte[] bytes() {
    if (read == null) {
      read = new byte[0];
      try {
        FileSystem store = file.getFileSystem(configuration);
        length = store.getFileStatus(file).getLen();
        byte[] tail = new byte[(int) Math.min(length, MOST_BYTES)];
        try (FSDataInputStream stream = store.open(file)) {
          stream.readFully(length - tail.length, tail);
        }
        read = tail;
      } catch (IOException e) {
        return read;
      }
    }
    return read;
  }

  private static boolean isLineEnd(byte sign) {
    return sign == '\n' || sign == '\r';
  }
}
