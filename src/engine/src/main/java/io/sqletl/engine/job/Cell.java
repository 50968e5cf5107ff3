package io.sqletl.engine.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A code cell that is not empty.
 *
 * @param source its text as written, numbered as Jupyter numbers it
 */
public record Cell(SourceText source) {

  private static final String COMMENT = "#";

  /** The line, from 1, on which the cell's content begins. */
  public int firstLine() {
    List<String> lines = source.lines();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        return i + 1;
      }
    }
    return 1;
  }

  /** Whether the cell begins with a magic and is no plain list of stages. */
  public boolean isMagic() {
    return firstText().startsWith("%");
  }

  /** The first line's text without blanks around it. */
  public String firstText() {
    return source.line(firstLine()).strip();
  }

  /** The magic's word, as written; the first word of a cell that is none. */
  public String firstWord() {
    return firstText().split("\\s", 2)[0];
  }

  /** The {@code key=value} pairs on the first line of a magic, quotes around values removed. */
  public Map<String, String> arguments() {
    String line = source.line(firstLine());
    return MagicArguments.parse(
            body().isEmpty() ? line.substring(0, MagicArguments.end(line)) : line)
        .values();
  }

  /** The text after the first line, its line breaks kept and blank lines around it removed. */
  public String body() {
    List<String> lines = source.lines();
    return String.join("\n", lines.subList(firstLine(), lines.size())).strip();
  }

  /**
   * Where a statement begins that stands on the magic's own line, after its arguments, as in {@code
   * %sql SELECT 1}; nothing if that line holds only arguments.
   */
  public Optional<Position> sqlOnFirstLine() {
    int start = MagicArguments.end(source.line(firstLine()));
    String rest = source.line(firstLine()).substring(start).strip();
    return rest.isEmpty()
        ? Optional.empty()
        : Optional.of(new Position(source, firstLine(), start + 1, rest.length()));
  }

  /** The line, from 1, on which {@link #body()} begins. */
  public int bodyLine() {
    List<String> lines = source.lines();
    int number = firstLine() + 1;
    while (number <= lines.size() && lines.get(number - 1).isBlank()) {
      number++;
    }
    return number;
  }

  /** Whether nothing but comments stands in the cell. */
  public boolean isOnlyComments() {
    return source.lines().stream()
        .map(String::strip)
        .allMatch(line -> line.isEmpty() || line.startsWith(COMMENT) || line.startsWith("//"));
  }
}
