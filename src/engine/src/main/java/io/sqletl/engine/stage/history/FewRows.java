package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.broadcast;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows whose number is known, for joins with a table. Spark knows no size of rows that were
 * computed before, takes them for many, and would sort the whole table to join it with a few.
 */
final class FewRows {

  /** Of keys and times, some tens of megabytes. */
  private static final long MOST = 250_000;

  private FewRows() {}

  static Dataset<Row> of(Dataset<Row> rows, long number) {
    return number <= MOST ? broadcast(rows) : rows;
  }
}
