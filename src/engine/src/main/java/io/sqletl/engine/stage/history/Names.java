package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.col;

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

  /** The file of a row. */
  static final String FILE = "f";

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
}
