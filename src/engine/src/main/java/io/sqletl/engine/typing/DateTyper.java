package io.sqletl.engine.typing;

import org.apache.spark.unsafe.types.UTF8String;

/** Dates; the first pattern that finds one counts. */
final class DateTyper extends Typer {

  private final transient SchemaColumn.DateColumn column;
  private final transient TimePattern[] patterns;

  DateTyper(SchemaColumn.DateColumn column) {
    super(column);
    this.column = column;
    this.patterns = TimePatterns.all(column.formatters(), column.letterCase());
  }

  @Override
  Object parse(UTF8String value) {
    for (TimePattern pattern : patterns) {
      long day = pattern.epochDay(value);
      if (day == (int) day) {
        return (int) day;
      }
    }
    return null;
  }

  @Override
  String message(String value) {
    return "Unable to convert '"
        + value
        + "' to date using formatters ["
        + Texts.quoted(column.formatters())
        + "]";
  }

  @Override
  String target() {
    return "date ("
        + String.join(" or ", column.formatters())
        + TimePatterns.languageOfNames(column.formatters())
        + ")";
  }
}
