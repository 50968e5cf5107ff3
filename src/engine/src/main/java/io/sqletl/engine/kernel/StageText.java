package io.sqletl.engine.kernel;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in a cell of stages a cursor stands. The text is being written, so that no parser would
 * take it; braces, quotes and separators are enough.
 *
 * @param path the keys of the objects around the cursor, the stage's own object left out
 * @param key the key whose value is written; empty when a key itself is
 * @param word what is written of the key or value so far
 * @param start where that begins
 * @param isQuoted whether it stands in quotes
 * @param object the text of the stage around the cursor, as far as it is written; empty outside one
 */
record StageText(
    List<String> path,
    Optional<String> key,
    String word,
    int start,
    boolean isQuoted,
    String object) {

  private static final Pattern TYPE =
      Pattern.compile("\"?\\btype\"?\\s*[:=]\\s*\"?([A-Za-z][\\w.]*)");

  private static final Pattern KEY =
      Pattern.compile("(?:^|[{,\\n])\\s*\"?([A-Za-z_]\\w*)\"?\\s*[:={]");

  /** An object or list that is open at the cursor. */
  private static final class Frame {
    private final boolean isList;
    private final int start;
    private String key;
    private boolean inValue;
    private boolean hasValue;

    Frame(boolean isList, int start) {
      this.isList = isList;
      this.start = start;
    }
  }

  static StageText at(String code, int cursor) {
    Deque<Frame> frames = new ArrayDeque<>();
    StringBuilder word = new StringBuilder();
    int wordStart = cursor;
    boolean quoted = false;
    int i = 0;
    while (i < cursor) {
      char c = code.charAt(i);
      if (quoted) {
        if (c == '\\' && i + 1 < cursor) {
          word.append(code.charAt(i + 1));
          i++;
        } else if (c == '"') {
          quoted = false;
        } else {
          word.append(c);
        }
      } else if (c == '"') {
        quoted = true;
        word.setLength(0);
        wordStart = i + 1;
        markValue(frames);
      } else if (c == '#' || c == '/' && i + 1 < cursor && code.charAt(i + 1) == '/') {
        int end = code.indexOf('\n', i);
        i = end < 0 || end >= cursor ? cursor : end;
        continue;
      } else if (c == '{' || c == '[') {
        openKey(frames, word);
        markValue(frames);
        frames.push(new Frame(c == '[', i));
        word.setLength(0);
      } else if (c == '}' || c == ']') {
        if (!frames.isEmpty()) {
          frames.pop();
        }
        word.setLength(0);
      } else if ((c == ':' || c == '=') && !frames.isEmpty() && !frames.peek().isList) {
        Frame frame = frames.peek();
        if (!frame.inValue) {
          frame.key = word.toString();
          frame.inValue = true;
          frame.hasValue = false;
          word.setLength(0);
        } else {
          word.append(c);
        }
      } else if (c == ',' || c == '\n') {
        if (!frames.isEmpty() && (c == ',' || frames.peek().hasValue)) {
          frames.peek().inValue = false;
        }
        word.setLength(0);
      } else if (Character.isWhitespace(c)) {
        if (!isInValue(frames)) {
          // The blank after a key does not end it
          wordStart = word.length() == 0 ? i + 1 : wordStart;
        }
      } else {
        if (word.length() == 0) {
          wordStart = i;
        }
        word.append(c);
        markValue(frames);
      }
      i++;
    }
    boolean closed = !quoted && word.length() > 0 && cursor > 0 && code.charAt(cursor - 1) == '"';
    return here(code, cursor, frames, closed ? "" : word.toString(), wordStart, quoted);
  }

  private static StageText here(
      String code, int cursor, Deque<Frame> frames, String word, int wordStart, boolean quoted) {
    List<String> path = new ArrayList<>();
    Frame stage = null;
    for (java.util.Iterator<Frame> outward = frames.descendingIterator(); outward.hasNext(); ) {
      Frame frame = outward.next();
      if (stage == null) {
        if (!frame.isList) {
          stage = frame;
        }
      } else if (!frame.isList) {
        path.add(keyAround(frames, frame));
      }
    }
    Optional<String> key = Optional.empty();
    if (!frames.isEmpty()) {
      Frame inner = frames.peek();
      key =
          inner.isList
              ? Optional.of(keyAround(frames, inner))
              : inner.inValue ? Optional.ofNullable(inner.key) : Optional.empty();
    }
    String object = stage == null ? "" : code.substring(stage.start, end(code, stage.start));
    int start = word.isEmpty() && !quoted ? cursor : wordStart;
    return new StageText(List.copyOf(path), key, word, start, quoted, object);
  }

  /** The key of the object that holds a frame. */
  private static String keyAround(Deque<Frame> frames, Frame inner) {
    Frame last = null;
    for (java.util.Iterator<Frame> outward = frames.descendingIterator(); outward.hasNext(); ) {
      Frame frame = outward.next();
      if (frame == inner) {
        return last == null || last.key == null ? "" : last.key;
      }
      last = frame.isList ? last : frame;
    }
    return "";
  }

  private static boolean isInValue(Deque<Frame> frames) {
    return !frames.isEmpty() && frames.peek().inValue;
  }

  private static void markValue(Deque<Frame> frames) {
    if (isInValue(frames)) {
      frames.peek().hasValue = true;
    }
  }

  /** {@code key {…}} needs no separator. */
  private static void openKey(Deque<Frame> frames, StringBuilder word) {
    if (!frames.isEmpty() && !frames.peek().inValue && !frames.peek().isList && word.length() > 0) {
      frames.peek().key = word.toString().strip();
      frames.peek().inValue = true;
    }
  }

  /** Where the object that begins there ends, or the text. */
  private static int end(String code, int start) {
    int depth = 0;
    boolean quoted = false;
    for (int i = start; i < code.length(); i++) {
      char c = code.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i + 1;
      }
    }
    return code.length();
  }

  /** The type of the stage around the cursor. */
  Optional<String> type() {
    Matcher type = TYPE.matcher(object);
    return type.find() ? Optional.of(type.group(1)) : Optional.empty();
  }

  /** The keys that the stage has already. */
  List<String> keys() {
    List<String> keys = new ArrayList<>();
    Matcher matcher = KEY.matcher(object);
    while (matcher.find()) {
      keys.add(matcher.group(1));
    }
    return keys;
  }
}
