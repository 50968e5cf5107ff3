package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * A last record that has the sums of those above it, as spreadsheets have it; a sum of all is
 * doubled.
 */
final class TotalLines {

  private static final Pattern WORD =
      Pattern.compile(
          "(grand |sub-?)?totals?:?|sums?:?|(gesamt)?summen?:?|gesamt:?|insgesamt:?|total général:?"
              + "|totale:?|totaal:?",
          Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern NUMBER = Pattern.compile("[-+€$£ ]*[0-9][0-9.,' \u00a0]*[€$£% ]*");

  private static final int MOST_FILES = 4;
  private static final int MOST_BYTES = 4096;

  private TotalLines() {}

  /** Looks at the last lines of the first files, and warns once. */
  static void tell(List<Path> files, DelimitedDialect dialect, StageContext context) {
    Configuration configuration = context.spark().sessionState().newHadoopConf();
    CompressionCodecFactory codecs = new CompressionCodecFactory(configuration);
    for (Path file : files.subList(0, Math.min(MOST_FILES, files.size()))) {
      Optional<String> word =
          codecs.getCodec(file) == null
              ? lastLine(file, configuration).flatMap(line -> word(line, dialect))
              : Optional.empty();
      if (word.isPresent()) {
        context.warn(
            ErrorCode.UNTOLD,
            "The last record of "
                + file.getName()
                + " looks like sums of those above it, by '"
                + word.get()
                + "', and is read as a record",
            "leave it out in SQL, such as WHERE id IS NOT NULL, or take it out of the file");
        return;
      }
    }
  }

  private static Optional<byte[]> lastLine(Path file, Configuration configuration) {
    try {
      FileSystem store = file.getFileSystem(configuration);
      long length = store.getFileStatus(file).getLen();
      byte[] tail = new byte[(int) Math.min(length, MOST_BYTES)];
      try (FSDataInputStream stream = store.open(file)) {
        stream.readFully(length - tail.length, tail);
      }
      int end = tail.length;
      while (end > 0 && tail[end - 1] >= 0 && tail[end - 1] <= ' ') {
        end--;
      }
      int start = end;
      while (start > 0 && tail[start - 1] != '\n' && tail[start - 1] != '\r') {
        start--;
      }
      byte[] line = new byte[end - start];
      System.arraycopy(tail, start, line, 0, line.length);
      return start == 0 ? Optional.empty() : Optional.of(line);
    } catch (IOException e) {
      // Who reads the file tells what is wrong with it
      return Optional.empty();
    }
  }

  /** The word before sums, where other values are empty and one is a number. */
  private static Optional<String> word(byte[] bytes, DelimitedDialect dialect) {
    byte[] line =
        dialect.isUtf8()
            ? bytes
            : dialect
                .charset()
                .decode(ByteBuffer.wrap(bytes))
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    DelimitedLine record = new DelimitedLine(dialect);
    if (record.read(line, 0, line.length, 0) != null) {
      return Optional.empty();
    }
    String first = null;
    boolean hasEmpty = false;
    boolean hasNumber = false;
    for (int i = 0; i < record.count(); i++) {
      String value = record.value(i) == null ? "" : record.value(i).toString().strip();
      hasEmpty |= value.isEmpty();
      hasNumber |= NUMBER.matcher(value).matches();
      first = first == null && !value.isEmpty() ? value : first;
    }
    return hasEmpty && hasNumber
        ? Optional.of(first).filter(WORD.asMatchPredicate())
        : Optional.empty();
  }
}
