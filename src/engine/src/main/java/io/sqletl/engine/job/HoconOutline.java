package io.sqletl.engine.job;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private final List<Statement> statements = new ArrayList<>();
  private final Deque<Frame> frames = new ArrayDeque<>();

  /** How many are open where the file's own keys stand: two where it has braces around them. */
  private int top = 1;

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

    /** The key whose value is being read; null before the first, and where it replaces nothing. */
    private Key pending;

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

  /** A key whose value replaces what stood there before, and whether the value is an object. */
  private record Key(String name, boolean isObject, Position place) {}

  /**
   * What a file says at its top, in order.
   *
   * @param key the path of a key that replaces what stood there; empty for an include
   */
  record Statement(Optional<String> key, Position place) {}

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

  /** The keys and the includes at the top of the file, in order; keys that only add left out. */
  List<Statement> statements() {
    return statements;
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
        refersTo(frame, text.substring(at + 2, end < 0 ? text.length() : end));
        at = end < 0 ? text.length() : end + 1;
      } else if (c == '{' || c == '[') {
        open(frame, c == '{');
      } else if (c == '}' || c == ']') {
        close();
      } else if (c == ',') {
        include(frame);
        next(frame);
        at++;
      } else if ((c == ':' || c == '=') && frame.inKey) {
        keyEnds(frame);
      } else {
        other(frame, c);
      }
    }
    include(frames.peek());
    replace(frames.peek());
    return this;
  }

  /** A value that has what stood there before replaces nothing. */
  private void refersTo(Frame frame, String substitution) {
    String name = substitution.replaceFirst("^\\?", "").strip();
    if (frame.pending != null && !frame.inKey) {
      Key key = frame.pending;
      if (name.equals(key.name()) || path(key).filter(name::equals).isPresent()) {
        frame.pending = null;
      }
    }
  }

  /** The path of a key of the innermost object; nothing for those deeper than two. */
  private Optional<String> path(Key key) {
    if (frames.size() == top) {
      return Optional.of(key.name());
    }
    return frames.size() == top + 1
        ? frames.stream()
            .skip(1)
            .findFirst()
            .map(outer -> outer.pending)
            .map(outer -> outer.name() + "." + key.name())
        : Optional.empty();
  }

  private void next(Frame frame) {
    replace(frame);
    frame.next();
  }

  private void endOfLine(Frame frame) {
    include(frame);
    if (frame.hasValue) {
      next(frame);
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
    if (frames.size() == 1 && frame.inKey && isObject && frame.key.toString().isBlank()) {
      top = 2;
    }
    frame.hasValue = true;
    frames.push(new Frame(isObject));
    at++;
  }

  private void close() {
    include(frames.peek());
    if (frames.size() > 1) {
      replace(frames.peek());
      frames.pop();
    }
    frames.peek().hasValue = true;
    frames.peek().inKey = false;
    at++;
  }

  private void keyEnds(Frame frame) {
    boolean appends = frame.key.toString().endsWith("+");
    String value = text.substring(at + 1, Math.min(text.length(), at + 500)).stripLeading();
    if (!appends && !value.startsWith("${?")) {
      keyed(frame, value.startsWith("{"));
    }
    frame.inKey = false;
    frame.hasValue = false;
    at++;
  }

  private void keyed(Frame frame, boolean isObject) {
    String key = frame.key.toString().strip();
    Position place = frame.keyPlace == null ? source.at(line) : frame.keyPlace;
    frame.pending = new Key(key, isObject, place);
  }

  /** Known when the value has ended, for it may refer to itself at its end. */
  private void replace(Frame frame) {
    Key key = frame.pending;
    if (key == null) {
      return;
    }
    frame.pending = null;
    Boolean before = frame.keys.put(key.name(), key.isObject());
    // Objects are merged, so that nothing is lost but keys within them
    if (before != null && !(before && key.isObject())) {
      replaced.add(
          Problem.of(
                  ErrorCode.DUPLICATE_KEY,
                  key.place(),
                  "The key \""
                      + key.name()
                      + "\" stands in this object more than once, and the last counts")
              .withRemedy("remove one of them"));
    }
    path(key).ifPresent(path -> statements.add(new Statement(Optional.of(path), key.place())));
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
      Position place =
          new Position(
              source,
              begin.line(),
              begin.column(),
              Math.min(written.length(), Math.max(1, statement.length())));
      includes.add(place);
      if (frames.size() == top) {
        statements.add(new Statement(Optional.empty(), place));
      }
      frame.next();
    }
  }

  private Position place(int index, int length) {
    return new Position(source, line, index - lineStart + 1, length);
  }
}
