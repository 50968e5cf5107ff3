package io.sqletl.engine.job;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A text that a person wrote and can be sent back to: a whole file, or one code cell of a notebook.
 *
 * @param file what the user called the file: a path or a URI
 * @param cell the code cell as Jupyter numbers it after <em>Run All</em>, from 1; 0 for a whole
 *     file
 * @param text the text, with its line breaks
 */
public record SourceText(String file, int cell, String text) {

  /** Git's marks, also where they were indented with what stands around them. */
  private static final Pattern CONFLICT = Pattern.compile("^\\s*(?:<{7}|>{7}) \\S");

  public SourceText {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(text, "text");
  }

  public static SourceText ofFile(String file, String text) {
    return new SourceText(file, 0, text);
  }

  public List<String> lines() {
    return text.lines().toList();
  }

  /** The line of that number, from 1; empty outside the text. */
  public String line(int number) {
    List<String> lines = lines();
    return number >= 1 && number <= lines.size() ? lines.get(number - 1) : "";
  }

  /** The line on which a merge left its mark, from 1; 0 for none. */
  int conflict() {
    List<String> lines = lines();
    for (int number = 1; number <= lines.size(); number++) {
      if (CONFLICT.matcher(lines.get(number - 1)).find()) {
        return number;
      }
    }
    return 0;
  }

  /** The place of a line as a whole. */
  public Position at(int line) {
    return new Position(this, line, 0, 0);
  }

  /**
   * The first place in a line, or in the lines after it, where a word stands; the line alone if it
   * does not. Parsers that know no columns get their caret this way.
   */
  public Position find(int fromLine, String word) {
    List<String> lines = lines();
    for (int number = Math.max(1, fromLine); number <= lines.size(); number++) {
      int start = wordAt(lines.get(number - 1), word);
      if (start >= 0) {
        return new Position(this, number, start + 1, word.length());
      }
    }
    return at(fromLine);
  }

  private static int wordAt(String line, String word) {
    int start = word.isEmpty() ? -1 : line.indexOf(word);
    while (start >= 0) {
      int end = start + word.length();
      boolean startsWord = start == 0 || !isWordPart(line.charAt(start - 1), word.charAt(0));
      boolean endsWord =
          end == line.length() || !isWordPart(line.charAt(end), word.charAt(word.length() - 1));
      if (startsWord && endsWord) {
        return start;
      }
      start = line.indexOf(word, start + 1);
    }
    return -1;
  }

  private static boolean isWordPart(char outside, char inside) {
    return Character.isJavaIdentifierPart(outside) && Character.isJavaIdentifierPart(inside);
  }
}
