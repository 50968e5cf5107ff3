package io.sqletl.engine.job;

import java.util.List;

/**
 * A code cell that is not empty.
 *
 * @param source its text as written, numbered as Jupyter numbers it
 */
record Cell(SourceText source) {

  private static final String COMMENT = "#";

  /** The line, from 1, on which the cell's content begins. */
  int firstLine() {
    List<String> lines = source.lines();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        return i + 1;
      }
    }
    return 1;
  }

  /** Whether the cell begins with a magic and is no plain list of stages. */
  boolean isMagic() {
    return firstText().startsWith("%");
  }

  /** The first line's text without blanks around it. */
  String firstText() {
    return source.line(firstLine()).strip();
  }

  /** The text after the first line, its line breaks kept and blank lines around it removed. */
  String body() {
    List<String> lines = source.lines();
    return String.join("\n", lines.subList(firstLine(), lines.size())).strip();
  }

  /** The line, from 1, on which {@link #body()} begins. */
  int bodyLine() {
    List<String> lines = source.lines();
    int number = firstLine() + 1;
    while (number <= lines.size() && lines.get(number - 1).isBlank()) {
      number++;
    }
    return number;
  }

  /** Whether nothing but comments stands in the cell. */
  boolean isOnlyComments() {
    return source.lines().stream()
        .map(String::strip)
        .allMatch(line -> line.isEmpty() || line.startsWith(COMMENT) || line.startsWith("//"));
  }
}
