package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.MalformedRecord;
import io.sqletl.engine.stage.RecordErrors;
import io.sqletl.engine.stage.files.FileSignature;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Makes rows of the lines of delimited files, or of the records that {@link DelimitedStream} finds
 * in them. Public because the code that Spark generates calls it; no interface for anybody else.
 *
 * <p>It is asked for every line of a part of a file in their order, so that it knows which of them
 * is the header, and the number of each.
 */
public final class DelimitedRecords implements Serializable {

  private static final int FEWEST_DASHES = 3;

  /** Ctrl-Z. */
  private static final byte END_OF_FILE = 0x1A;

  private final DelimitedDialect dialect;
  private final int columns;
  private static final int LONGEST_COUNT = 40;

  private static final Pattern COUNT =
      Pattern.compile(
          "\\([0-9]+ (rows?|Zeilen?|lignes?|filas?|righe?|linhas?)( [a-zöéí]+)?\\)"
              + "|[0-9]+ rows? selected\\.");

  private final DelimitedHeader usual;
  private final Map<String, DelimitedHeader> others;
  private final RecordErrors errors;
  private transient DelimitedLine line;
  private transient CharsetDecoder decoder;
  private transient UTF8String file;
  private transient DelimitedHeader header;
  private transient boolean headerIsNext;
  private transient boolean isStart;
  private transient boolean isBelowHeader;
  private transient long lines;
  private transient long records;

  /**
   * @param columns how many columns the files have
   * @param usual the header of all files but those in {@code others}; null for none
   * @param others the headers of other files, by their URI as Spark has it
   * @param errors takes account of malformed records
   */
  DelimitedRecords(
      DelimitedDialect dialect,
      int columns,
      DelimitedHeader usual,
      Map<String, DelimitedHeader> others,
      RecordErrors errors) {
    this.dialect = dialect;
    this.columns = columns;
    this.usual = usual;
    this.others = others;
    this.errors = errors;
  }

  /** Whether a line is a record; for numbers of records, where nothing else is wanted. */
  public boolean isRecord(UTF8String text) {
    if (text == null) {
      return true;
    }
    byte[] bytes = bytes(text);
    int from = from(text);
    int to = from + text.numBytes();
    begin();
    isStart = false;
    if (isBlank(bytes, from, to)) {
      return dialect.isOfView();
    }
    boolean isHeader = headerIsNext;
    headerIsNext = false;
    return !isHeader;
  }

  /** The row of a line; null when it is no record. */
  public InternalRow ofLine(UTF8String text) {
    begin();
    return row(text, ++lines);
  }

  /**
   * The row of a record.
   *
   * @param first the line that it begins on
   */
  public InternalRow ofRecord(UTF8String text, long first) {
    begin();
    return row(text, first);
  }

  private void begin() {
    UTF8String current = InputFileBlockHolder.getInputFilePath();
    // A part of a file has its name as an object of its own; a text of a view has an empty one
    if (current == file) {
      return;
    }
    file = current;
    lines = 0;
    records = 0;
    isStart = !dialect.isOfView() && InputFileBlockHolder.getStartOffset() == 0;
    headerIsNext = dialect.header() && isStart;
    isBelowHeader = headerIsNext;
    header = others.isEmpty() ? usual : others.getOrDefault(current.toString(), usual);
    if (line == null) {
      line = new DelimitedLine(dialect);
    }
  }

  private InternalRow row(UTF8String text, long number) {
    if (text == null) {
      return without("the text is NULL", number);
    }
    byte[] bytes = bytes(text);
    int from = from(text);
    int to = from + text.numBytes();
    if (dialect.isOfView()) {
      // The line end of a text of a view is none between records
      to -= to > from && bytes[to - 1] == '\n' ? 1 : 0;
      to -= to > from && bytes[to - 1] == '\r' ? 1 : 0;
    }
    if (isStart) {
      isStart = false;
      requireText(bytes, from, to);
    }
    if (isBlank(bytes, from, to)) {
      return dialect.isOfView() ? without("the text holds nothing", number) : null;
    }
    if (headerIsNext) {
      headerIsNext = false;
      return null;
    }
    int signs = 0;
    for (int i = from; i < to; i++) {
      signs |= bytes[i] - 1;
    }
    String damage = null;
    // Only zero and what is beyond ASCII is below zero then
    if (signs < 0) {
      damage =
          !dialect.isOfView() && FileSignature.isMarked(bytes, from, to)
              ? "a byte order mark stands inside the file, as where files were put together;"
                  + " take it out, and a header behind it"
              : damage(bytes, from, to);
      if (damage != null || !dialect.isUtf8()) {
        bytes = decoded(bytes, from, to);
        from = 0;
        to = bytes.length;
      }
    }
    boolean isHeader = dialect.header() && usual != null && header.isLine(bytes, from, to);
    if (isHeader && dialect.isOfView()) {
      return null;
    }
    // DOS ends a file so, behind the last value too
    to -= !dialect.isOfView() && bytes[to - 1] == END_OF_FILE ? 1 : 0;
    int expected = header == null ? columns : header.values();
    String problem = line.read(bytes, from, to, expected);
    if (damage != null) {
      problem = damage;
    } else if (isHeader) {
      problem = "the header stands here again";
    } else if (to - from == 2 && bytes[from] == '\\' && bytes[from + 1] == '.') {
      problem = "\\. is where COPY of PostgreSQL says that the data end";
    } else if (columns == 1 && isCount(bytes, from, to)) {
      problem = "the number of rows, as programs print below them, and no record";
    } else if (isBelowHeader && records == 0 && isRule(bytes, from, to)) {
      problem = "a line of dashes, as programs print below a header, and no record";
    }
    Object[] values = new Object[columns + 2];
    int[] places = header == null ? null : header.places();
    for (int i = 0; i < columns; i++) {
      int place = places == null ? i : places[i];
      values[i] = place < 0 ? null : line.value(place);
    }
    values[columns] = ++records;
    values[columns + 1] =
        errors.at(number, problem == null ? null : UTF8String.fromString(problem));
    return new GenericInternalRow(values);
  }

  /** A text of a view that has no record. */
  private InternalRow without(String problem, long number) {
    Object[] values = new Object[columns + 2];
    values[columns] = ++records;
    values[columns + 1] = errors.at(number, UTF8String.fromString(problem));
    return new GenericInternalRow(values);
  }

  private void requireText(byte[] bytes, int from, int to) {
    Optional<String> sign =
        dialect.hasAsciiLines() ? FileSignature.of(bytes, from, to) : Optional.empty();
    if (sign.isPresent()) {
      throw new MalformedRecord(
          file.toString(), "DelimitedExtract reads text, but the file " + sign.get());
    }
    Optional<String> separator = HeaderSigns.separatorLine(bytes, from, to);
    if (separator.isPresent()) {
      throw new MalformedRecord(file.toString(), "the file " + separator.get());
    }
  }

  /** What sqlcmd, psql and others print below the rows; of several columns it has too few. */
  private static boolean isCount(byte[] bytes, int from, int to) {
    int last = bytes[to - 1];
    return to - from <= LONGEST_COUNT
        && (bytes[from] == '(' && last == ')' || last == '.')
        && COUNT.matcher(new String(bytes, from, to - from, StandardCharsets.UTF_8)).matches();
  }

  /** Whether all values are dashes, and at least three of them. */
  private boolean isRule(byte[] bytes, int from, int to) {
    int dashes = 0;
    for (int i = from; i < to; i++) {
      dashes += bytes[i] == '-' ? 1 : 0;
      boolean isBetween =
          bytes[i] == '-'
              || bytes[i] == ' '
              || bytes[i] == '+'
              || bytes[i] == dialect.separator()[0];
      if (!isBetween) {
        return false;
      }
    }
    return dashes >= FEWEST_DASHES;
  }

  /** Whether nothing is there, and no separator either. */
  private boolean isBlank(byte[] bytes, int from, int to) {
    byte separator = dialect.separator()[0];
    for (int i = from; i < to; i++) {
      if (bytes[i] > ' ' || bytes[i] < 0 || bytes[i] == separator) {
        return false;
      }
    }
    return true;
  }

  private String damage(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == 0 && dialect.hasAsciiLines()) {
        return "a NUL character stands in the record, at byte " + (i - from + 1);
      }
    }
    if (!dialect.hasAsciiLines()) {
      return null;
    }
    try {
      if (decoder == null) {
        decoder =
            dialect
                .charset()
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
      }
      ByteBuffer source = ByteBuffer.wrap(bytes, from, to - from);
      decoder.decode(source);
      return null;
    } catch (CharacterCodingException e) {
      return "bytes that are no "
          + dialect.charset().name()
          + "; set \"encoding\" to that of the file, such as "
          + (dialect.isUtf8() ? "\"ISO-8859-1\" or \"windows-1252\"" : "\"UTF-8\"");
    }
  }

  private byte[] decoded(byte[] bytes, int from, int to) {
    if (!dialect.hasAsciiLines()) {
      return java.util.Arrays.copyOfRange(bytes, from, to);
    }
    CharBuffer text = dialect.charset().decode(ByteBuffer.wrap(bytes, from, to - from));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(UTF8String text) {
    return text.getBaseObject() instanceof byte[] bytes ? bytes : text.getBytes();
  }

  private static int from(UTF8String text) {
    return text.getBaseObject() instanceof byte[]
        ? (int) (text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET)
        : 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DelimitedRecords records && records.errors.equals(errors);
  }

  @Override
  public int hashCode() {
    return errors.hashCode();
  }

  @Override
  public String toString() {
    return "records of delimited text";
  }
}
