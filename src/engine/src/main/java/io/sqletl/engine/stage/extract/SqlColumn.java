package io.sqletl.engine.stage.extract;

import java.util.List;
import java.util.regex.Pattern;

/** Columns and texts as remedies write them in SQL. */
final class SqlColumn {

  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private SqlColumn() {}

  /**
   * The name of a column, quoted where it has to be.
   *
   * @param place from 0; the last column where there are fewer
   */
  static String of(List<String> columns, int place) {
    return of(columns.get(Math.min(place, columns.size() - 1)));
  }

  /** A name, quoted where it has to be. */
  static String of(String name) {
    return PLAIN_NAME.matcher(name).matches() ? name : "`" + name.replace("`", "``") + "`";
  }

  /** The condition that leaves out one text and keeps NULLs. */
  static String isNot(String column, String text) {
    return column + " IS DISTINCT FROM " + text(text);
  }

  /** A text in quotes. */
  static String text(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
