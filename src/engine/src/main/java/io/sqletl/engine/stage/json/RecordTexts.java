package io.sqletl.engine.stage.json;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Delimits the records of a JSON text: documents one after the other, on one line or on many, and
 * the elements of arrays at the top. Only brackets and quotes are looked at; what stands between
 * them is for the parser. A record that is broken ends where the next one visibly begins, so that
 * no good one is lost with it.
 *
 * <p>A good object that lies whole in the buffer is found there in one go, and stays there. Only
 * others are gathered byte by byte.
 */
final class RecordTexts implements Closeable {

  private static final int BUFFER = 1 << 16;
  private static final int END = -1;

  /** Larger records are refused, since no array in Java holds them. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

  private static final byte[] NOTHING = {};

  /** The bytes that matter outside of quotes. */
  private static final boolean[] MARKS = new boolean[256];

  static {
    for (char mark : "\"'{}[]\n".toCharArray()) {
      MARKS[mark] = true;
    }
  }

  /** Null where all that there is stands in the buffer. */
  private final InputStream input;

  /** What may have become of the end of a record that has none. */
  private final String missingEnd;

  private byte[] buffer;
  private int at;
  private int filled;

  private byte[] text = NOTHING;
  private int length;

  /** Where the last record is: the text that was gathered, or the buffer. */
  private byte[] record = text;

  private int start;

  /** What was read too far behind a broken record, to be read again. */
  private byte[] again = NOTHING;

  private int againAt;

  private long line = 1;
  private int column;
  private boolean inArray;
  private long arrayLine;

  private long startLine;
  private int startColumn;
  private String problem;

  /** The containers around the byte that is looked at; true for an object. */
  private boolean[] objects = new boolean[64];

  private int depth;

  RecordTexts(InputStream input) {
    this.input = input;
    this.missingEnd = "; the file may be cut off";
    this.buffer = new byte[BUFFER];
  }

  /**
   * Of texts in memory, each of which {@link #begin} is told.
   *
   * @param missingEnd what to say where a record has no end; begins with a semicolon, or is empty
   */
  RecordTexts(String missingEnd) {
    this.input = null;
    this.missingEnd = missingEnd;
    this.buffer = NOTHING;
  }

  /** Goes to the beginning of a text in memory, which is left as it is. */
  void begin(byte[] bytes, int from, int to) {
    buffer = bytes;
    at = from;
    filled = to;
    again = NOTHING;
    againAt = 0;
    line = 1;
    column = 0;
    inArray = false;
  }

  /**
   * The bytes that the last record is in, from {@link #start()} on, {@link #length()} of them; used
   * again for the next.
   */
  byte[] bytes() {
    return record;
  }

  int start() {
    return start;
  }

  int length() {
    return length;
  }

  /** The line of the file on which the last record begins, from 1. */
  long line() {
    return startLine;
  }

  /** What is wrong with the last record; null when its brackets and quotes are whole. */
  String problem() {
    return problem;
  }

  /**
   * Goes on to the next record.
   *
   * @return false at the end
   * @throws RecordException if what follows cannot be told apart
   */
  boolean next() throws IOException {
    int b = afterBlanks();
    while (b == ',' || b == ']' && inArray || b == '[' && !inArray) {
      if (b != ',') {
        inArray = b == '[';
        arrayLine = line;
      }
      b = afterBlanks();
    }
    length = 0;
    start = 0;
    depth = 0;
    problem = null;
    startLine = line;
    startColumn = column;
    if (b == END) {
      if (inArray) {
        inArray = false;
        startLine = arrayLine;
        problem = "the array that begins here has no end" + missingEnd;
        return true;
      }
      return false;
    }
    if (b != '{' || again.length > 0 || !isInBuffer()) {
      depth = 0;
      capture(b);
      record = text;
    }
    return true;
  }

  /** Takes the object that begins at the last byte; false, and nothing is taken, if it cannot. */
  private boolean isInBuffer() throws IOException {
    int end = end(at - 1);
    if (end == END && input != null && (at > 1 || filled < BUFFER)) {
      System.arraycopy(buffer, at - 1, buffer, 0, filled - at + 1);
      filled -= at - 1;
      at = 1;
      filled += input.readNBytes(buffer, filled, BUFFER - filled);
      end = end(0);
    }
    if (end < 0) {
      return false;
    }
    record = buffer;
    start = at - 1;
    length = end - start;
    for (int i = at; i < end; i++) {
      column++;
      if (buffer[i] == '\n') {
        line++;
        column = 0;
      }
    }
    at = end;
    return true;
  }

  /** Behind the object that begins there; negative if it is broken or goes on after the buffer. */
  private int end(int from) {
    depth = 0;
    push(true);
    for (int i = from + 1; i < filled; i++) {
      byte b = buffer[i];
      if (!MARKS[b & 0xff]) {
        continue;
      }
      if (isQuote(b)) {
        i = endOfQuoted(i);
        if (i < 0) {
          return END;
        }
      } else if (b == '{' || b == '[') {
        if (!mayBegin(before(i))) {
          return END;
        }
        push(b == '{');
      } else if (b != '\n') {
        if (objects[--depth] != (b == '}')) {
          return END;
        }
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return END;
  }

  private int endOfQuoted(int from) {
    byte quote = buffer[from];
    for (int i = from + 1; i < filled; i++) {
      byte b = buffer[i];
      if (b == quote) {
        return i;
      }
      if (b == '\\' && i + 1 < filled) {
        b = buffer[++i];
      }
      if (b == '\n') {
        return END;
      }
    }
    return END;
  }

  /** The last byte before that one which is no blank. */
  private int before(int position) {
    int i = position - 1;
    while ((buffer[i] & 0xff) <= ' ') {
      i--;
    }
    return buffer[i];
  }

  private int afterBlanks() throws IOException {
    int b = read();
    while (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
      b = read();
    }
    return b;
  }

  private void capture(int first) throws IOException {
    if (first != '{' && first != '[' && !isQuote(first)) {
      scalar(first);
      return;
    }
    int before = 0;
    int b = first;
    while (b != END) {
      append(b);
      if (isQuote(b)) {
        if (!quoted(b)) {
          broken("a text in quotes has no end on its line");
          return;
        }
      } else if (b == '{' || b == '[') {
        if (depth > 0 && !mayBegin(before)) {
          broken("'" + (char) b + "' where it cannot stand");
          return;
        }
        push(b == '{');
      } else if (b == '}' || b == ']') {
        if (objects[depth - 1] != (b == '}')) {
          broken("'" + (char) b + "' where it cannot stand");
          return;
        }
        depth--;
      }
      if (depth == 0) {
        return;
      }
      if (b > ' ') {
        before = b;
      }
      b = read();
    }
    cutOff();
  }

  /** Whether a value may begin after this byte. */
  private boolean mayBegin(int before) {
    return objects[depth - 1] ? before == ':' : before == '[' || before == ',';
  }

  private void push(boolean isObject) {
    if (depth == objects.length) {
      objects = Arrays.copyOf(objects, depth * 2);
    }
    objects[depth++] = isObject;
  }

  /** The rest of a text in quotes; false when its line ends first. */
  private boolean quoted(int quote) throws IOException {
    int b = read();
    while (b != END && b != quote && b != '\n') {
      append(b);
      if (b == '\\') {
        b = read();
        if (b == END || b == '\n') {
          break;
        }
        append(b);
      }
      b = read();
    }
    if (b != END) {
      append(b);
    }
    return b == quote;
  }

  /** Single quotes are none of JSON's, and taken as the format always did. */
  private static boolean isQuote(int b) {
    return b == '"' || b == '\'';
  }

  /** A word or number; also whatever is none. */
  private void scalar(int first) throws IOException {
    int b = first;
    while (b != END && b != '\n' && !(inArray && (b == ',' || b == ']'))) {
      append(b);
      b = read();
    }
    if (b != END) {
      unread(b);
    }
  }

  /** A broken record ends before the next line that begins as it does. */
  private void broken(String reason) throws IOException {
    int end = nextBeginning(0);
    // What is cut off behind the place that was reached is read on to the end of its line first
    int b = END;
    while (end < 0 && (b = read()) != END) {
      append(b);
      if (b == '{' || b == '[') {
        end = nextBeginning(length - 1);
      }
    }
    problem = reason;
    if (end < 0) {
      requireNothingElse(reason);
      inArray = false;
      return;
    }
    putBack(end);
  }

  /** Where the first line from there begins that looks as this record's first; negative if none. */
  private int nextBeginning(int from) {
    int lineStart = from;
    while (lineStart > 0 && text[lineStart - 1] != '\n') {
      lineStart--;
    }
    for (int start = lineStart; start < length; start++) {
      if (start > 0 && text[start - 1] != '\n') {
        continue;
      }
      int first = start;
      while (first < length && (text[first] == ' ' || text[first] == '\t')) {
        first++;
      }
      boolean isSameColumn = first - start == startColumn - 1;
      if (start > 0 && first < length && isSameColumn && text[first] == text[0]) {
        return start;
      }
    }
    return -1;
  }

  /** Records behind a broken one that cannot be told from it would be lost. */
  private void requireNothingElse(String reason) {
    int objectsLeft = 0;
    for (int i = 1; i < length; i++) {
      objectsLeft += text[i] == '{' ? 1 : 0;
    }
    boolean isManyLines = false;
    for (int i = 0; i < length - 1 && !isManyLines; i++) {
      isManyLines = text[i] == '\n';
    }
    if (objectsLeft > 0 && (inArray || isManyLines)) {
      throw new RecordException(
          startLine, reason + "; where the next record begins cannot be told");
    }
  }

  private void cutOff() throws IOException {
    int end = nextBeginning(0);
    problem = "it has no end" + missingEnd;
    if (end >= 0) {
      putBack(end);
    } else {
      inArray = false;
    }
  }

  private void putBack(int end) {
    int count = length - end;
    byte[] rest = new byte[count + again.length - againAt];
    System.arraycopy(text, end, rest, 0, count);
    System.arraycopy(again, againAt, rest, count, again.length - againAt);
    again = rest;
    againAt = 0;
    for (int i = end; i < length; i++) {
      line -= text[i] == '\n' ? 1 : 0;
    }
    column = 0;
    length = end;
  }

  private void append(int b) {
    if (length == text.length) {
      if (length == MOST_BYTES) {
        throw new RecordException(startLine, "a record is larger than 2 GB");
      }
      text = Arrays.copyOf(text, (int) Math.min(MOST_BYTES, Math.max(1024, length * 2L)));
    }
    text[length++] = (byte) b;
  }

  private void unread(int b) {
    byte[] rest = new byte[1 + again.length - againAt];
    rest[0] = (byte) b;
    System.arraycopy(again, againAt, rest, 1, again.length - againAt);
    again = rest;
    againAt = 0;
    if (b == '\n') {
      line--;
    }
    column--;
  }

  /** The next byte as 0 to 255, or -1 at the end. */
  private int read() throws IOException {
    int b;
    if (againAt < again.length) {
      b = again[againAt++] & 0xff;
    } else {
      again = NOTHING;
      againAt = 0;
      if (at == filled && !fill()) {
        return END;
      }
      b = buffer[at++] & 0xff;
    }
    if (b == '\n') {
      line++;
      column = 0;
    } else {
      column++;
    }
    return b;
  }

  private boolean fill() throws IOException {
    if (input == null) {
      return false;
    }
    at = 0;
    filled = Math.max(0, input.read(buffer, 0, BUFFER));
    return filled > 0;
  }

  @Override
  public void close() throws IOException {
    if (input != null) {
      input.close();
    }
  }
}
