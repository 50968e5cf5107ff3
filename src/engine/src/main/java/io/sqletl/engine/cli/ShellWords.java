package io.sqletl.engine.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Words of a text, split as a POSIX shell splits them: at white space, with quotes and backslashes.
 * Nothing is expanded and nothing is run. A command in {@code $(…)} or backticks, which a shell
 * would put its output in place of, is refused rather than passed on as it stands.
 */
final class ShellWords {

  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;
  private int at;

  private ShellWords(String text) {
    this.text = text;
  }

  /**
   * Splits a text.
   *
   * @throws IllegalArgumentException if a quote is not closed, or a shell would run a command; the
   *     message says where
   */
  static List<String> split(String text) {
    ShellWords reader = new ShellWords(text);
    reader.read();
    return List.copyOf(reader.words);
  }

  private void read() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        end();
        at++;
      } else if (c == '\'') {
        readSingleQuoted();
      } else if (c == '"') {
        readDoubleQuoted();
      } else if (c == '\\') {
        readEscaped();
      } else {
        take(c);
      }
    }
    end();
  }

  private void end() {
    if (inWord) {
      words.add(word.toString());
    }
    word.setLength(0);
    inWord = false;
  }

  private void take(char c) {
    if (c == '`' || c == '$' && text.startsWith("$(", at)) {
      throw new IllegalArgumentException(
          "A shell would run a command " + place(at) + ", and none runs here");
    }
    word.append(c);
    inWord = true;
    at++;
  }

  private void readSingleQuoted() {
    int close = text.indexOf('\'', at + 1);
    if (close < 0) {
      throw notClosed(at);
    }
    word.append(text, at + 1, close);
    inWord = true;
    at = close + 1;
  }

  private void readDoubleQuoted() {
    int open = at++;
    inWord = true;
    while (at < text.length() && text.charAt(at) != '"') {
      boolean escaped =
          text.charAt(at) == '\\'
              && at + 1 < text.length()
              && "\"\\$`\n".indexOf(text.charAt(at + 1)) >= 0;
      if (escaped) {
        readEscaped();
      } else {
        take(text.charAt(at));
      }
    }
    if (at == text.length()) {
      throw notClosed(open);
    }
    at++;
  }

  /** A backslash takes the next character as it is; before the end of a line it joins lines. */
  private void readEscaped() {
    if (at + 1 == text.length()) {
      throw new IllegalArgumentException("Nothing follows the last backslash");
    }
    char next = text.charAt(at + 1);
    if (next != '\n') {
      word.append(next);
      inWord = true;
    }
    at += 2;
  }

  private IllegalArgumentException notClosed(int open) {
    return new IllegalArgumentException("The quote " + place(open) + ", is not closed");
  }

  private String place(int index) {
    String rest = text.substring(index);
    return "at character "
        + (index + 1)
        + ", "
        + (rest.length() > 40 ? rest.substring(0, 40) + "…" : rest);
  }
}
