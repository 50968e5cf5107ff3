package io.sqletl.engine.stage.extract;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/**
 * What SQLite is asked of the values of a column before they are read.
 *
 * @param column as Spark would read it
 * @param expressions aggregates, in SQLite's own SQL
 * @param reading what follows from their results
 */
record SqliteQuestion(StructField column, List<String> expressions, Reading reading) {

  /** Takes the answers to the expressions. */
  @FunctionalInterface
  interface Reading {

    /**
     * The type that the column has to be read as; nothing where Spark's is right.
     *
     * @param at the number of the first answer
     * @throws io.sqletl.engine.stage.StageException if no type holds all values
     */
    Optional<DataType> type(ResultSet answers, int at) throws SQLException;
  }

  /** How many rows a condition is true of. */
  static String count(String condition) {
    return "total(" + condition + ")";
  }

  /** One of the values that a condition is true of, as text. */
  static String example(String condition, String name) {
    return "max(CASE WHEN " + condition + " THEN CAST(" + name + " AS TEXT) END)";
  }

  /** Whether the storage class of a value is this one. */
  static String is(String name, String kind) {
    return "typeof(" + name + ") = '" + kind + "'";
  }

  /** A count with what is counted. */
  static String rows(long count, String hold) {
    return count + (count == 1 ? " row " + hold + "s" : " rows " + hold);
  }
}
