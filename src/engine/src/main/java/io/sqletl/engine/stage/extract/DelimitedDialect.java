package io.sqletl.engine.stage.extract;

import java.io.Serializable;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How records of delimited text are written, in bytes of UTF-8.
 *
 * @param separator what stands between two values; not empty
 * @param quote what stands around a value; {@link #NONE} for nothing
 * @param escape what stands before a quote within a value; {@link #NONE} where quotes are doubled
 * @param escapeIsSaid whether the job says the escape, so that it is no matter of doubt
 * @param header whether the first record of each file names the columns
 * @param multiLine whether quoted values may hold line ends
 * @param encoding the name of the character set of the files
 * @param isOfView whether texts of a view are read, each of which is a record, and no files
 */
record DelimitedDialect(
    byte[] separator,
    int quote,
    int escape,
    boolean escapeIsSaid,
    boolean header,
    boolean multiLine,
    String encoding,
    boolean isOfView)
    implements Serializable {

  /** No such character. */
  static final int NONE = -1;

  /**
   * @param escapeIsSaid whether the job has the key, and not its default
   */
  static DelimitedDialect of(DelimitedExtract keys, boolean escapeIsSaid) {
    String quote = keys.format().options().get("quote");
    int quoteByte = quote.isEmpty() || quote.charAt(0) == 0 ? NONE : quote.charAt(0);
    boolean escapes = quoteByte != NONE && !keys.escape().isEmpty();
    int escape = escapes && keys.escape().charAt(0) < 0x80 ? keys.escape().charAt(0) : NONE;
    String separator =
        org.apache.spark.sql.catalyst.csv.CSVExprUtils.toDelimiterStr(
            keys.format().options().get("sep"));
    return new DelimitedDialect(
        separator.getBytes(StandardCharsets.UTF_8),
        quoteByte,
        escape == quoteByte ? NONE : escape,
        escapeIsSaid,
        keys.format().header(),
        keys.multiLine(),
        keys.encoding(),
        /* isOfView */ false);
  }

  /** The same of texts that Spark has decoded. */
  DelimitedDialect ofTexts() {
    return new DelimitedDialect(
        separator, quote, escape, escapeIsSaid, header, multiLine, "UTF-8", /* isOfView */ true);
  }

  boolean isUtf8() {
    return charset().equals(StandardCharsets.UTF_8);
  }

  Charset charset() {
    return Charset.forName(encoding);
  }

  /** Whether line ends are the bytes that they are in ASCII, so that lines may be split first. */
  boolean hasAsciiLines() {
    String ascii = "\r\n0aZ";
    return Arrays.equals(ascii.getBytes(charset()), ascii.getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether the separator stands at a place. */
  boolean separates(byte[] text, int at, int end) {
    if (text[at] != separator[0] || end - at < separator.length) {
      return false;
    }
    for (int i = 1; i < separator.length; i++) {
      if (text[at + i] != separator[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
