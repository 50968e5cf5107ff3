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

  /** Which row of its file a row is, from 0; rows that a deletion vector hides are counted too. */
  static final String ROW_INDEX = "i";

  /** The struct of the version of the table that a point stands for. */
  static final String EXISTING = "x";

  /** The kind of a point, which also says which of those at one time counts. */
  static final String KIND = "p";

  /** Whether an event is older than what the table knows of its thing. */
  static final String LATE = "late";

  /** Whether a late event says something that the table did not say. */
  static final String EFFECTIVE = "effective";

  /** Whether the table has a version's end at an event's time. */
  static final String AT_END = "atEnd";

  /** The last time that the table knows of a thing. */
  static final String LAST = "lb";

  /** Whether a version is in the table as it is. */
  static final String KEPT = "kept";

  /** Whether a point is a version, and not a gap. */
  static final String VERSION = "version";

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
