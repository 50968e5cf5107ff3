package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import org.apache.spark.sql.Column;

/**
 * The columns of the frames that a load works with. What is the user's is inside of structs, so
 * that no name of a column can be in the way.
 */
final class Names {

  /** The struct of the keys. */
  static final String KEY = "k";

  /** The sequence: when something came to be. */
  static final String START = "s";

  /** When a version ended; null for one that holds. */
  static final String END = "e";

  /** Whether the thing is not there. */
  static final String DELETED = "d";

  /** The struct of the table's columns that are not made by the load. */
  static final String VALUES = "v";

  /** Whether the mark of the current version is right. */
  static final String MARKED = "m";

  /** Where a row stands: the struct of its file and of which row of it it is. */
  static final String PLACE = "f";

  /** The field of {@link #PLACE} with the path of the file, as the metadata of rows have it. */
  static final String FILE = "file";

  /**
   * The field of {@link #PLACE} with the number of the row, from 0, those that a deletion vector
   * hides counted too; null where the table has no deletion vectors.
   */
  static final String ROW_INDEX = "index";

  /** What tells which of several rows of one thing and time counts. */
  static final String TIE = "tie";

  private Names() {}

  static Column key() {
    return col(KEY);
  }

  static Column start() {
    return col(START);
  }

  static Column end() {
    return col(END);
  }

  static Column deleted() {
    return col(DELETED);
  }

  static Column values() {
    return col(VALUES);
  }

  /** The keys for a message, as JSON. */
  static Column keyText() {
    return to_json(key());
  }

  /** The start for a message, as JSON. */
  static Column startText() {
    return regexp_replace(to_json(struct(start())), "(?s)^\\{\"" + START + "\":(.*)}$", "$1");
  }

  /** The place of a row. */
  static Column place(Column file, Column rowIndex) {
    return struct(file.as(FILE), rowIndex.as(ROW_INDEX)).as(PLACE);
  }

  /** The file of a row that has a {@link #PLACE}. */
  static Column file() {
    return col(PLACE).getField(FILE);
  }

  static Column rowIndex() {
    return col(PLACE).getField(ROW_INDEX);
  }
}
