package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;

/** Texts of SQLite whose bytes are no UTF-8; its driver makes other characters of them. */
final class SqliteTexts {

  /**
   * What stands for bytes that are no UTF-8, in SQLite's own comparisons of characters and in what
   * its driver reads.
   */
  private static final String REPLACEMENT = "char(65533)";

  private SqliteTexts() {}

  /** A condition of texts. */
  static String isBroken(String name) {
    return name
        + " GLOB '*' || "
        + REPLACEMENT
        + " || '*' AND instr("
        + name
        + ", "
        + REPLACEMENT
        + ") = 0";
  }

  static StageException refusal(String column, long count, String example) {
    return new StageException(
        "The column '"
            + column
            + "' of SQLite is text, and "
            + SqliteQuestion.rows(count, "hold")
            + " bytes that are no text of UTF-8, such as '"
            + example
            + "', which its driver would change. Mend the values, or read hex("
            + column
            + ") in a query as \"tableName\", and decode it:"
            + " decode(unhex(…), 'ISO-8859-1').");
  }
}
