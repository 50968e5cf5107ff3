package io.sqletl.engine.stage;

import io.sqletl.engine.typing.RejectedValue;
import io.sqletl.engine.typing.RejectedValues;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The values or records that a stage rejects. They come to light when its view is used.
 *
 * @param values grows as Spark computes the view
 * @param layout where records stand in their files
 * @param blankLines counts the lines that are no records
 * @param firstFailure looks, after a failure, for the first value that may not be wrong and is
 * @param view whose texts are the records; null where files are, or rows
 */
public record Rejected(
    RejectedValues values,
    LineLayout layout,
    BlankLines blankLines,
    Supplier<Optional<RejectedValue>> firstFailure,
    String view) {

  private static final int LONGEST_BEGINNING = 40;

  /** Of files or rows. */
  public Rejected(
      RejectedValues values,
      LineLayout layout,
      BlankLines blankLines,
      Supplier<Optional<RejectedValue>> firstFailure) {
    this(values, layout, blankLines, firstFailure, null);
  }

  /**
   * A value in one line, as compilers name a place: the file and the line, or the number of the
   * record where records are no lines.
   */
  public String render(RejectedValue value) {
    if (value.block() != null) {
      return blankLines.lines().place(value, layout).render(0);
    }
    if (value.index() == null || value.file() == null || value.file().isEmpty()) {
      return view == null
          ? value.render(layout.headerLines())
          : "a text of view '" + view + "'" + beginning(value) + ": " + value.render(0);
    }
    if (layout.isByLine()) {
      int blank = blankLines.before(value.file(), value.index(), layout.headerLines());
      return value.render(layout.headerLines() + blank);
    }
    // Without a number of its own the value is rendered behind the name of its file
    return new RejectedValue(
            value.file() + ": record " + value.index(),
            null,
            value.position(),
            value.field(),
            value.value(),
            value.target(),
            value.message())
        .render(0);
  }

  /** How a text that is no record as a whole begins, since it has no place. */
  private static String beginning(RejectedValue value) {
    if (value.target() != null || value.value() == null || !value.field().isEmpty()) {
      return "";
    }
    String text = value.value().strip().lines().findFirst().orElse("");
    return " (it begins: "
        + (text.length() > LONGEST_BEGINNING ? text.substring(0, LONGEST_BEGINNING) + "…" : text)
        + ")";
  }
}
