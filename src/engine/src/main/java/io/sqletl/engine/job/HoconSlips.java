package io.sqletl.engine.job;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the slip that made the parser of HOCON fail. The parser tells the line at which it gave up,
 * which may be far behind the mistake; this knows the usual mistakes and their places.
 */
final class HoconSlips {

  private static final String RESERVED = "$`^?!@*&\\";
  private static final String ESCAPES = "\"\\/bfnrtu";
  private static final String NOT_IN_WORDS = "{}[]:=,\"#\n";

  /** What may stand between the braces of a substitution. */
  private static final Pattern NAME = Pattern.compile("[^\\n,:{}\\[\\]]*");

  private final SourceText source;
  private final String text;
  private final Deque<Frame> frames = new ArrayDeque<>();
  private int at;
  private Problem slip;

  /** An object or a list that is open, and how far it has come. */
  private static final class Frame {
    private final char open;
    private final int place;
    private boolean inValue;

    /** How many words or texts there are of the key, or of the value. */
    private int tokens;

    private int lastToken;
    private int endBeforeLastToken;
    private int endOfLastToken;
    private boolean afterComma;

    private Frame(char open, int place) {
      this.open = open;
      this.place = place;
    }

    private boolean isObject() {
      return open == '{';
    }

    private void token(int start, int end) {
      endBeforeLastToken = endOfLastToken;
      lastToken = start;
      endOfLastToken = end;
      tokens++;
      afterComma = false;
    }

    private void next() {
      inValue = false;
      tokens = 0;
    }
  }

  private HoconSlips(SourceText source, char root) {
    this.source = source;
    this.text = source.text();
    frames.push(new Frame(root, -1));
  }

  /**
   * The first slip of a text that does not parse.
   *
   * @param isCell whether it is a bare list of objects, not one object
   */
  static Optional<Problem> find(SourceText source, boolean isCell) {
    HoconSlips slips = new HoconSlips(source, isCell ? '[' : '{');
    slips.scan();
    return Optional.ofNullable(slips.slip);
  }

  private void scan() {
    if (frames.peek().isObject() && text.stripLeading().startsWith("{")) {
      // A file may have braces around all of it, or none
      frames.push(new Frame('{', text.indexOf('{')));
      at = text.indexOf('{') + 1;
    }
    while (slip == null && at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case '\n' -> newLine();
        case '#' -> comment();
        case '"' -> string();
        case '{', '[' -> open(c);
        case '}', ']' -> close(c);
        case ',' -> comma();
        case ':', '=' -> separator();
        default -> other(c);
      }
    }
    Frame open = frames.peek();
    if (slip == null && frames.size() > 1 && open.place >= 0) {
      report(open.place, "this " + open.open + " is not closed", "write its " + closing(open.open));
    }
  }

  private void other(char c) {
    Frame frame = frames.peek();
    if (Character.isWhitespace(c) || c == '\uFEFF') {
      at++;
    } else if (text.startsWith("//", at)) {
      comment();
    } else if (text.startsWith("${", at)) {
      int end = text.indexOf('}', at);
      if (end < 0 || !NAME.matcher(text.substring(at + 2, end)).matches()) {
        report(at, "this ${ is not closed", "write }");
        return;
      }
      frame.token(at, end + 1);
      at = end + 1;
    } else if (RESERVED.indexOf(c) >= 0) {
      report(
          at,
          "the sign " + c + " cannot stand outside of quotes",
          "put the whole value into double quotes" + (c == '\\' ? ", and write \\\\ for \\" : ""));
    } else {
      word();
    }
  }

  private void word() {
    int end = at;
    while (end < text.length()
        && NOT_IN_WORDS.indexOf(text.charAt(end)) < 0
        && RESERVED.indexOf(text.charAt(end)) < 0
        && !Character.isWhitespace(text.charAt(end))
        && !text.startsWith("//", end)) {
      end++;
    }
    frames.peek().token(at, Math.max(end, at + 1));
    at = Math.max(end, at + 1);
  }

  private void newLine() {
    Frame frame = frames.peek();
    if (frame.isObject() && !frame.inValue && frame.tokens > 0 && !colonFollows()) {
      noColon(frame);
      return;
    }
    if (frame.inValue && frame.tokens > 0) {
      frame.next();
    } else if (!frame.isObject()) {
      frame.tokens = 0;
    }
    at++;
  }

  private boolean colonFollows() {
    String rest = text.substring(at).stripLeading();
    return rest.startsWith(":") || rest.startsWith("=") || rest.startsWith("{");
  }

  private void noColon(Frame frame) {
    if (text.startsWith("include", frame.lastToken) || frame.tokens == 0) {
      at++;
      frame.next();
      return;
    }
    int place = frame.tokens > 1 ? frame.endBeforeLastToken : frame.endOfLastToken;
    report(
        place,
        frame.tokens > 1
            ? "a colon is missing between the key and its value"
            : "this key has no value",
        "write KEY: VALUE");
  }

  private void comment() {
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  private void string() {
    if (text.startsWith("\"\"\"", at)) {
      int end = text.indexOf("\"\"\"", at + 3);
      if (end < 0) {
        report(at, "this text in three quotes is not closed", "write \"\"\" at its end");
        return;
      }
      end += 3;
      while (end < text.length() && text.charAt(end) == '"') {
        end++;
      }
      frames.peek().token(at, end);
      at = end;
      return;
    }
    for (int i = at + 1; i < text.length() && text.charAt(i) != '\n'; i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        if (i + 1 < text.length() && ESCAPES.indexOf(text.charAt(i + 1)) < 0) {
          report(
              i,
              "\\" + text.charAt(i + 1) + " is no escape",
              "write \\\\ for a backslash, or put the text into three quotes, \"\"\"…\"\"\"");
          return;
        }
        i++;
      } else if (c == '"') {
        frames.peek().token(at, i + 1);
        at = i + 1;
        return;
      }
    }
    report(at, "this quote is not closed on its line", "write the closing quote");
  }

  private void open(char c) {
    Frame frame = frames.peek();
    if (frame.isObject() && !frame.inValue && frame.tokens == 0) {
      report(at, "here a key is expected, not " + c, "write KEY: before it");
      return;
    }
    if (frame.isObject() && !frame.inValue && c == '[') {
      report(at, "a colon is missing between the key and its value", "write KEY: VALUE");
      return;
    }
    frame.inValue |= frame.isObject();
    frame.token(at, at + 1);
    frames.push(new Frame(c, at));
    at++;
  }

  private void close(char c) {
    Frame frame = frames.peek();
    if (frames.size() == 1) {
      report(at, "this " + c + " closes nothing", "remove it, or write what it should close");
    } else if (closing(frame.open) != c) {
      report(
          at,
          "this "
              + c
              + " stands where "
              + closing(frame.open)
              + " should, which closes the "
              + frame.open
              + " of line "
              + place(frame.place).line(),
          "write " + closing(frame.open) + " before it, or in its place");
    } else if (frame.isObject() && !complete(frame)) {
      frames.peek(); // Reported
    } else {
      frames.pop();
      frames.peek().endOfLastToken = at + 1;
      at++;
    }
  }

  private void comma() {
    Frame frame = frames.peek();
    if (frame.afterComma) {
      report(at, "there are two commas", "remove one of them");
    } else if (frame.isObject() && !complete(frame)) {
      frames.peek(); // Reported
    } else {
      frame.next();
      frame.afterComma = true;
      at++;
    }
  }

  /** Whether there is a value to each key; reports when there is none. */
  private boolean complete(Frame frame) {
    if (frame.inValue && frame.tokens == 0) {
      report(at, "here a value is missing", "write one, \"\" for an empty text");
      return false;
    }
    if (!frame.inValue && frame.tokens > 0) {
      noColon(frame);
      return slip == null;
    }
    return true;
  }

  private void separator() {
    Frame frame = frames.peek();
    if (!frame.isObject()) {
      report(at, "a list holds values, not keys", "put { and } around KEY: VALUE");
    } else if (!frame.inValue && frame.tokens == 0) {
      report(at, "here a key is missing", "write one before the " + text.charAt(at));
    } else if (frame.inValue && (frame.tokens == 1 || text.startsWith("//", at + 1))) {
      report(
          frame.lastToken,
          "a value with " + text.charAt(at) + " in it must be quoted",
          "put it into double quotes");
    } else if (frame.inValue && frame.tokens > 1) {
      report(
          frame.endBeforeLastToken,
          "a comma is missing before \""
              + text.substring(frame.lastToken, frame.endOfLastToken).replace("\"", "")
              + "\"",
          "write a comma, or begin a new line");
    } else {
      frame.inValue = true;
      frame.tokens = 0;
      at++;
    }
  }

  private void report(int index, String message, String remedy) {
    slip =
        Problem.of(ErrorCode.CONFIG_SYNTAX, place(index), "This is no JSON or HOCON: " + message)
            .withRemedy(remedy);
  }

  private Position place(int index) {
    String before = text.substring(0, Math.min(index, text.length()));
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Position(source, line, index - before.lastIndexOf('\n'), 1);
  }

  private static char closing(char open) {
    return open == '{' ? '}' : ']';
  }
}
