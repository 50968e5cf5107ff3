package io.sqletl.bench;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** B1: start, one query, stop. */
public final class PlainSelect {
  private PlainSelect() {}

  /** Shows the query of the notebook given. */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = PlainSession.open()) {
      spark.sql(NotebookCells.read(args[0]).sql("select one")).show();
    }
  }
}
