package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.SourceText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a statement as it was written, and where each of its characters stands.
 *
 * @param text the statement, with its placeholders
 * @param source the cell or file that it stands in
 * @param offsets for each character of the text, and for its end, the offset in the source; empty
 *     when the text was put together from parts
 * @param begin where the text begins, for want of something better
 */
record SqlText(String text, SourceText source, int[] offsets, Position begin) {

  /** A statement in a file of its own. */
  static SqlText ofFile(SourceText file) {
    return literal(file.text(), file, 0, file.at(1));
  }

  /** A statement that is the value of a key, or the body of a magic. */
  static SqlText ofKey(String key, String text, Block block) {
    SourceText source = block.source();
    if (block.places().containsKey(key)) {
      int start = lineStart(source.text(), block.position(key).line());
      int found = source.text().indexOf(text, start);
      return found < 0 ? nowhere(text, block, key) : literal(text, source, found, source.at(1));
    }
    Matcher written =
        Pattern.compile("(?<![\\w.])\"?" + Pattern.quote(key) + "\"?\\s*[:=]\\s*")
            .matcher(source.text());
    if (!written.find(Math.min(lineStart(source.text(), block.line()), source.text().length()))) {
      return nowhere(text, block, key);
    }
    int literal = source.text().indexOf(text, written.end());
    int[] escaped = QuotedText.offsets(source.text(), written.end(), text);
    if (escaped.length > 0) {
      return new SqlText(text, source, escaped, source.at(1));
    }
    return literal < 0 || text.isBlank()
        ? nowhere(text, block, key)
        : literal(text, source, literal, source.at(1));
  }

  /** A text of which only the place is known. */
  static SqlText at(String text, Position place) {
    return new SqlText(text, place.source(), new int[0], place);
  }

  private static SqlText nowhere(String text, Block block, String key) {
    return at(text, block.position(key));
  }

  private static SqlText literal(String text, SourceText source, int start, Position begin) {
    int[] offsets = new int[text.length() + 1];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = start + i;
    }
    return new SqlText(text, source, offsets, begin);
  }

  /** Where a part of the text stands for the person who wrote it. */
  Position at(int offset, int length) {
    if (offsets.length == 0) {
      return begin;
    }
    // What is missing at the end is shown behind the last word, not on the empty line after it
    int last = text.stripTrailing().length();
    int inSource = offsets[Math.min(Math.max(0, offset), last)];
    String before = source.text().substring(0, inSource);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Position(source, line, inSource - before.lastIndexOf('\n'), Math.max(1, length));
  }

  private static int lineStart(String text, int line) {
    int start = 0;
    for (int number = 1; number < line; number++) {
      int lineBreak = text.indexOf('\n', start);
      if (lineBreak < 0) {
        return text.length();
      }
      start = lineBreak + 1;
    }
    return start;
  }
}
