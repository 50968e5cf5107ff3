package io.sqletl.engine.stage.extract;

import java.util.Arrays;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Takes a record of delimited text apart, and says where it is not written as it should be.
 *
 * <p>Spark's parser reads whatever it is given and does not say where it guessed; this one knows
 * two ways of writing a quote within a quoted value, doubled (RFC 4180) and after an escape, takes
 * the one of them that the record is whole in, and says so where that is none or both.
 *
 * <p>Values are parts of the bytes that were given wherever nothing has to be taken out of them.
 */
final class DelimitedLine {

  /** How quotes within quoted values are told from those at the end. */
  private enum Quotes {
    DOUBLED,
    ESCAPED,
    /** What cannot be right is text up to the next separator. */
    LENIENT
  }

  private static final byte LF = '\n';
  private static final byte CR = '\r';

  private final DelimitedDialect dialect;
  private UTF8String[] values = new UTF8String[16];
  private int count;
  private boolean escapeTaken;
  private String problem;
  private byte[] unescaped = new byte[0];
  private int unescapedLength;

  DelimitedLine(DelimitedDialect dialect) {
    this.dialect = dialect;
  }

  /** How many values the record has. */
  int count() {
    return count;
  }

  /** A value: null where there is none or nothing is written, empty where that is in quotes. */
  UTF8String value(int index) {
    return index < count ? values[index] : null;
  }

  /**
   * Takes a record apart.
   *
   * @param expected how many values it should have; 0 when that is not known
   * @return what is wrong with it; null when nothing is
   */
  String read(byte[] text, int from, int to, int expected) {
    if (dialect.quote() == DelimitedDialect.NONE) {
      return read(text, from, to, Quotes.DOUBLED) ? counted(expected) : problem;
    }
    if (dialect.escape() == DelimitedDialect.NONE) {
      return read(text, from, to, Quotes.DOUBLED)
          ? counted(expected)
          : lenient(text, from, to, problem);
    }
    boolean escaped = read(text, from, to, Quotes.ESCAPED);
    if (escaped && !escapeTaken) {
      return counted(expected);
    }
    String first = problem;
    UTF8String[] ofEscaped = Arrays.copyOf(values, count);
    boolean doubled = read(text, from, to, Quotes.DOUBLED);
    if (!escaped && !doubled) {
      return lenient(text, from, to, first);
    }
    if (!escaped || !doubled) {
      if (escaped) {
        take(ofEscaped);
      }
      return counted(expected);
    }
    boolean doubledFits = count == expected;
    boolean escapedFits = ofEscaped.length == expected;
    boolean same = Arrays.equals(ofEscaped, Arrays.copyOf(values, count));
    if (same || doubledFits && !escapedFits) {
      return counted(expected);
    }
    take(ofEscaped);
    if (escapedFits && !doubledFits || dialect.escapeIsSaid()) {
      return counted(expected);
    }
    String sign = String.valueOf((char) dialect.escape());
    return "what follows "
        + sign
        + " in a quoted value can be read in two ways; set \"escape\" to "
        + typed((char) dialect.quote())
        + " if "
        + sign
        + " is text, or to "
        + typed((char) dialect.escape())
        + " if it is not";
  }

  /** A character as a job has it. */
  private static String typed(char c) {
    return c == '"' || c == '\\' ? "\"\\" + c + "\"" : "\"" + c + "\"";
  }

  private void take(UTF8String[] others) {
    count = others.length;
    System.arraycopy(others, 0, values, 0, count);
  }

  private String lenient(byte[] text, int from, int to, String why) {
    read(text, from, to, Quotes.LENIENT);
    return why;
  }

  private String counted(int expected) {
    return expected == 0 || count == expected
        ? null
        : expected + (expected == 1 ? " value" : " values") + " expected, " + count + " found";
  }

  private boolean read(byte[] text, int from, int to, Quotes quotes) {
    count = 0;
    escapeTaken = false;
    problem = null;
    byte first = dialect.separator()[0];
    boolean isLong = dialect.separator().length > 1;
    int quote = dialect.quote();
    int start = from;
    while (true) {
      int end;
      if (start < to && text[start] == quote) {
        end = quoted(text, start, to, quotes);
        if (end < 0) {
          if (quotes != Quotes.LENIENT) {
            return false;
          }
          end = plain(text, start, to, first, isLong);
          add(text, start, end);
        }
      } else {
        end = plain(text, start, to, first, isLong);
        if (start < end && text[start] == ' ' && isQuotedBehindBlanks(text, start, end)) {
          problem =
              "a blank stands before the quote of value "
                  + (count + 1)
                  + ", so that the quote is text; take the blank out";
          if (quotes != Quotes.LENIENT) {
            return false;
          }
        }
        add(text, start, end);
      }
      if (end >= to) {
        return true;
      }
      if (text[end] != first) {
        problem = "a line end stands outside of quotes, so that this is more than one record";
        return quotes == Quotes.LENIENT;
      }
      start = end + dialect.separator().length;
    }
  }

  private boolean isQuotedBehindBlanks(byte[] text, int start, int end) {
    int at = start;
    while (at < end && text[at] == ' ') {
      at++;
    }
    return at < end && text[at] == dialect.quote();
  }

  /** Where a value ends that is not in quotes. */
  private int plain(byte[] text, int start, int to, byte first, boolean isLong) {
    int at = start;
    while (at < to) {
      byte next = text[at];
      if (next == first && (!isLong || dialect.separates(text, at, to))
          || next == LF && first != LF
          || next == CR && first != CR) {
        break;
      }
      at++;
    }
    return at;
  }

  /** Reads a value in quotes; its end, or less than 0 when it is not written as it should be. */
  private int quoted(byte[] text, int start, int to, Quotes quotes) {
    int escape = quotes == Quotes.DOUBLED ? DelimitedDialect.NONE : dialect.escape();
    byte quote = (byte) dialect.quote();
    unescapedLength = 0;
    int kept = start + 1;
    int at = start + 1;
    while (at < to) {
      byte next = text[at];
      if (next == escape
          && at + 1 < to
          && (text[at + 1] == quote || text[at + 1] == (byte) escape)) {
        escapeTaken = true;
        keep(text, kept, at);
        kept = at + 1;
        at += 2;
      } else if (next == quote) {
        if (at + 1 < to && text[at + 1] == quote) {
          keep(text, kept, at);
          kept = at + 1;
          at += 2;
        } else {
          return closed(text, kept, at, to);
        }
      } else {
        at++;
      }
    }
    problem =
        "the quoted value "
            + (count + 1)
            + " does not end"
            + (dialect.multiLine()
                ? ""
                : " on its line; values with line ends need \"multiLine\": true");
    return -1;
  }

  private int closed(byte[] text, int kept, int at, int to) {
    int end = at + 1;
    boolean isEnd =
        end >= to || text[end] == LF || text[end] == CR || dialect.separates(text, end, to);
    if (!isEnd) {
      problem =
          (text[end] == ' ' ? "a blank" : "text")
              + " follows the closing quote of value "
              + (count + 1)
              + (text[end] == ' ' ? "; take it out; " : "; ")
              + "a quote within a quoted value is doubled"
              + (dialect.escape() == DelimitedDialect.NONE
                  ? ""
                  : " or stands behind " + (char) dialect.escape());
      return -1;
    }
    if (unescapedLength == 0) {
      add(UTF8String.fromAddress(text, Platform.BYTE_ARRAY_OFFSET + (long) kept, at - kept));
    } else {
      keep(text, kept, at);
      add(UTF8String.fromBytes(Arrays.copyOf(unescaped, unescapedLength)));
    }
    return end;
  }

  private void keep(byte[] text, int from, int to) {
    int length = to - from;
    if (unescapedLength + length > unescaped.length) {
      unescaped = Arrays.copyOf(unescaped, Math.max(64, 2 * (unescapedLength + length)));
    }
    System.arraycopy(text, from, unescaped, unescapedLength, length);
    unescapedLength += length;
  }

  private void add(byte[] text, int from, int to) {
    add(
        from == to
            ? null
            : UTF8String.fromAddress(text, Platform.BYTE_ARRAY_OFFSET + (long) from, to - from));
  }

  private void add(UTF8String value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value;
  }
}
