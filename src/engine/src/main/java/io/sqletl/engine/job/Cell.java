package io.sqletl.engine.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A code cell that is not empty.
 *
 * @param source its text as written, numbered as Jupyter numbers it
 */
public record Cell(SourceText source) {

  /** A magic's word with its sign, which other kernels double and fingers set apart. */
  private static final Pattern HEAD = Pattern.compile("^\\s*%+\\s*\\S*");

  private static final String MARK = "\uFEFF";

  /** A byte order mark before the text, which some editors paste with it, is no part of it. */
  public Cell {
    if (source.text().startsWith(MARK)) {
      source = new SourceText(source.file(), source.cell(), source.text().substring(1));
    }
  }

  /**
   * The line, from 1, on which the cell's content begins; for a magic the magic's own, with
   * comments above it passed over.
   */
  public int firstLine() {
    List<String> lines = source.lines();
    int first = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty()) {
        continue;
      }
      first = first == 0 ? i + 1 : first;
      if (line.startsWith("%")) {
        return i + 1;
      }
      if (!isComment(line)) {
        break;
      }
    }
    return Math.max(1, first);
  }

  private static boolean isComment(String line) {
    return line.startsWith("#") || line.startsWith("//") || line.startsWith("--");
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
    Matcher head = HEAD.matcher(firstText());
    return head.find() ? head.group().replaceAll("\\s", "") : firstText().split("\\s", 2)[0];
  }

  /** The {@code key=value} pairs on the first line of a magic, quotes around values removed. */
  public Map<String, String> arguments() {
    return magicArguments().values();
  }

  /** What stands on the first line of a magic, or of it what belongs to the magic. */
  MagicArguments magicArguments() {
    String line = argumentLine();
    return MagicArguments.parse(
        body().isEmpty() ? line.substring(0, MagicArguments.end(line)) : line);
  }

  /** The first line with blanks for the magic's word, so that columns stay. */
  private String argumentLine() {
    String line = source.line(firstLine());
    Matcher head = HEAD.matcher(line);
    return head.find() ? " ".repeat(head.end()) + line.substring(head.end()) : line;
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
    int start = MagicArguments.end(argumentLine());
    String rest = argumentLine().substring(start).strip();
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
        .allMatch(line -> line.isEmpty() || isComment(line));
  }
}
