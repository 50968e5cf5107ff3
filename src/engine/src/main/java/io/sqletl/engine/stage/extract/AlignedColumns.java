package io.sqletl.engine.stage.extract;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts of a fixed width that stand below each other, with blanks between them, in lines that are
 * read as one value.
 *
 * @param name the text above the first ones
 * @param width of the first ones, with what fills them up
 */
record AlignedColumns(String name, int width) {

  private static final Pattern GAP = Pattern.compile("(?<=\\S) {2,}(?=\\S)");

  /**
   * Finds them by two or more blanks of the first line, where all lines have one in the same place,
   * and most have several.
   *
   * @param first the first line
   * @param sample the lines after it; none of more than one value
   */
  static Optional<AlignedColumns> of(String first, List<List<String>> sample) {
    if (sample.isEmpty() || sample.stream().anyMatch(line -> line.size() != 1)) {
      return Optional.empty();
    }
    List<String> lines =
        sample.stream().map(line -> line.get(0)).map(AlignedColumns::text).toList();
    Matcher gap = GAP.matcher(first);
    while (gap.find()) {
      for (int place = gap.start(); place < gap.end(); place++) {
        if (isGap(lines, place)) {
          return Optional.of(new AlignedColumns(first.substring(0, gap.start()).strip(), place));
        }
      }
    }
    return Optional.empty();
  }

  private static String text(String line) {
    return line == null ? "" : line.stripTrailing();
  }

  private static boolean isGap(List<String> lines, int place) {
    int wide = 0;
    for (String line : lines) {
      boolean isBlank = place >= line.length() || line.charAt(place) == ' ';
      if (!isBlank) {
        return false;
      }
      boolean isBetween = place < line.length() && !line.substring(0, place).isBlank();
      wide += isBetween && (line.charAt(place - 1) == ' ' || line.charAt(place + 1) == ' ') ? 1 : 0;
    }
    return wide * 2 >= lines.size();
  }

  /** The first of them as SQL takes it of a line that is called {@code value}. */
  String firstInSql(boolean hasHeader) {
    return "trim(substring(value, 1, "
        + width
        + "))"
        + (hasHeader && name.matches("[A-Za-z_][A-Za-z0-9_]*") ? " AS " + name : "");
  }
}
