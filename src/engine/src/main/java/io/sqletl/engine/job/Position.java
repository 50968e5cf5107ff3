package io.sqletl.engine.job;

import java.util.Objects;

/**
 * A place that a person can go to.
 *
 * @param source the file or cell
 * @param line from 1, as an editor counts
 * @param column from 1; 0 when only the line is known
 * @param length how many characters from the column on are meant; 0 when only the line is known
 */
public record Position(SourceText source, int line, int column, int length) {

  public Position {
    Objects.requireNonNull(source, "source");
  }

  /** The place in one line: {@code jobs/daily.ipynb cell 4 line 7}. */
  @Override
  public String toString() {
    String cell = source.cell() > 0 ? " cell " + source.cell() : "";
    return (source.file() + cell + " line " + line).strip();
  }

  /**
   * The line itself with a caret under the place, indented by four blanks and without a trailing
   * line break; empty when the source has no such line.
   */
  public String excerpt() {
    String text = source.line(line).replace('\t', ' ');
    if (text.isBlank()) {
      return "";
    }
    String gutter = "    " + line + " | ";
    String shown = gutter + text;
    if (column < 1 || column > text.length() + 1) {
      return shown;
    }
    int carets = Math.max(1, Math.min(length, text.length() - column + 1));
    return shown + "\n" + " ".repeat(gutter.length() + column - 1) + "^".repeat(carets);
  }
}
