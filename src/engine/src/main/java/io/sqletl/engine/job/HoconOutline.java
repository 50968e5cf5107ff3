package io.sqletl.engine.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the parser of HOCON does without a word, found in the text: values that a comment cuts, keys
 * whose value a later one replaces, and includes. The text need not be right.
 */
final class HoconOutline {

  private static final String INCLUDE = "include";

  /** Neither ends an unquoted value, so that a comment may follow at once. */
  private static final String SEPARATORS = ",{}[]()=:\"";

  private final SourceText source;
  private final String text;
  private final List<Problem> cuts = new ArrayList<>();
  private final List<Problem> replaced = new ArrayList<>();
  private final List<Position> includes = new ArrayList<>();
  private final Deque<Frame> frames = new ArrayDeque<>();
  private int line = 1;
  private int lineStart;
  private int at;

  /** An object or a list that is open. */
  private static final class Frame {
    private final boolean isObject;
    private final Map<String, Boolean> keys = new HashMap<>();
    private final StringBuilder key = new StringBuilder();
    private boolean inKey;
    private boolean hasValue;
    private Position keyPlace;

    private Frame(boolean isObject) {
      this.isObject = isObject;
      this.inKey = isObject;
    }

    private void next() {
      inKey = isObject;
      hasValue = false;
      key.setLength(0);
      keyPlace = null;
    }
  }

  private HoconOutline(SourceText source, boolean isList) {
    this.source = source;
    this.text = source.text();
    frames.push(new Frame(!isList));
  }

  /** The outline of a whole file. */
  static HoconOutline ofFile(SourceText source) {
    return new HoconOutline(source, false).scan();
  }

  /** The outline of a cell, whose objects stand in it bare. */
  static HoconOutline ofCell(SourceText source) {
    return new HoconOutline(source, true).scan();
  }

  /** Unquoted values that go on in what is read as a comment. */
  List<Problem> cuts() {
    return cuts;
  }

  /** Keys that stand in one object more than once, but for those that a variable may replace. */
  List<Problem> replaced() {
    return replaced;
  }

  /** Where something is included; each place is all of the statement. */
  List<Position> includes() {
    return includes;
  }

  private HoconOutline scan() {
    while (at < text.length()) {
      char c = text.charAt(at);
      Frame frame = frames.peek();
      if (c == '\n') {
        endOfLine(frame);
      } else if (c == '"') {
        string(frame);
      } else if (c == '#' || text.startsWith("//", at)) {
        comment();
      } else if (text.startsWith("${", at)) {
        frame.hasValue |= !frame.inKey;
        int end = text.indexOf('}', at);
        at = end < 0 ? text.length() : end + 1;
      } else if (c == '{' || c == '[') {
        open(frame, c == '{');
      } else if (c == '}' || c == ']') {
        close();
      } else if (c == ',') {
        include(frame);
        frame.next();
        at++;
      } else if ((c == ':' || c == '=') && frame.inKey) {
        keyEnds(frame);
      } else {
        other(frame, c);
      }
    }
    include(frames.peek());
    return this;
  }

  private void endOfLine(Frame frame) {
    include(frame);
    if (frame.hasValue) {
      frame.next();
    }
    at++;
    line++;
    lineStart = at;
  }

  private void string(Frame frame) {
    Position place = place(at, 1);
    boolean triple = text.startsWith("\"\"\"", at);
    int start = at + (triple ? 3 : 1);
    int end = triple ? text.indexOf("\"\"\"", start) : closingQuote(start);
    end = end < 0 ? text.length() : end;
    String value = text.substring(start, end);
    while (triple && text.startsWith("\"", end + 3)) {
      end++;
    }
    if (frame.inKey) {
      if (frame.keyPlace == null) {
        frame.keyPlace = place;
      }
      frame.key.append(frame.key.toString().startsWith(INCLUDE) ? '"' + value + '"' : value);
    } else {
      frame.hasValue = true;
    }
    for (int i = start; i < Math.min(end, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    boolean isOpen = !triple && end < text.length() && text.charAt(end) == '\n';
    at = isOpen ? end : Math.min(text.length(), end + (triple ? 3 : 1));
  }

  /** A line break ends a text that nobody closed. */
  private int closingQuote(int start) {
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"' || c == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void comment() {
    char before = at == lineStart ? ' ' : text.charAt(at - 1);
    if (!Character.isWhitespace(before) && SEPARATORS.indexOf(before) < 0) {
      String sign = text.charAt(at) == '#' ? "#" : "//";
      cuts.add(
          Problem.of(
                  ErrorCode.CONFIG_SYNTAX,
                  place(at, sign.length()),
                  "What follows \"" + sign + "\" is a comment, which cuts the value before it")
              .withRemedy("quote the value, or put a blank before the comment"));
    }
    int end = text.indexOf('\n', at);
    at = end < 0 ? text.length() : end;
  }

  private void open(Frame frame, boolean isObject) {
    if (frame.inKey && !frame.key.toString().isBlank() && isObject) {
      keyed(frame, true);
      frame.inKey = false;
    }
    frame.hasValue = true;
    frames.push(new Frame(isObject));
    at++;
  }

  private void close() {
    include(frames.peek());
    if (frames.size() > 1) {
      frames.pop();
    }
    frames.peek().hasValue = true;
    frames.peek().inKey = false;
    at++;
  }

  private void keyEnds(Frame frame) {
    boolean appends = frame.key.toString().endsWith("+");
    String value = text.substring(at + 1, Math.min(text.length(), at + 500)).stripLeading();
    String key = frame.key.toString().strip();
    boolean isObject = value.startsWith("{");
    String firstLine = value.lines().findFirst().orElse("");
    boolean mayReplace = appends || value.startsWith("${?") || firstLine.contains("${" + key + "}");
    if (!mayReplace) {
      keyed(frame, isObject);
    }
    frame.inKey = false;
    frame.hasValue = false;
    at++;
  }

  private void keyed(Frame frame, boolean isObject) {
    String key = frame.key.toString().strip();
    Boolean before = frame.keys.put(key, isObject);
    // Objects are merged, so that nothing is lost but keys within them
    if (before != null && !(before && isObject)) {
      replaced.add(
          Problem.of(
                  ErrorCode.DUPLICATE_KEY,
                  frame.keyPlace == null ? source.at(line) : frame.keyPlace,
                  "The key \""
                      + key
                      + "\" stands in this object more than once, and the last counts")
              .withRemedy("remove one of them"));
    }
  }

  private void other(Frame frame, char c) {
    if (frame.inKey) {
      if (!Character.isWhitespace(c) && frame.keyPlace == null) {
        frame.keyPlace = place(at, 1);
      }
      frame.key.append(c);
    } else if (!Character.isWhitespace(c)) {
      frame.hasValue = true;
    }
    at++;
  }

  private void include(Frame frame) {
    String statement = frame.key.toString().strip();
    if (frame.inKey && statement.matches("include(\\s.*|\".*)") && frame.keyPlace != null) {
      Position begin = frame.keyPlace;
      String written = source.line(begin.line()).substring(begin.column() - 1);
      includes.add(
          new Position(
              source,
              begin.line(),
              begin.column(),
              Math.min(written.length(), Math.max(1, statement.length()))));
      frame.next();
    }
  }

  private Position place(int index, int length) {
    return new Position(source, line, index - lineStart + 1, length);
  }
}
