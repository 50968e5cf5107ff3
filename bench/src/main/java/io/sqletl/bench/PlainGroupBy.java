package io.sqletl.bench;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** B1L: a large text file, typed and grouped, to Parquet: {@code NOTEBOOK INPUT OUTPUT}. */
public final class PlainGroupBy {
  private PlainGroupBy() {}

  /** Runs the query of the notebook over the table as Spark's reader types it. */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = PlainSession.open()) {
      LineItemTable.typed(spark, args[1]).createOrReplaceTempView("lineitem");
      spark
          .sql(NotebookCells.read(args[0]).sql("group line items"))
          .write()
          .mode("overwrite")
          .parquet(args[2]);
    }
  }
}
