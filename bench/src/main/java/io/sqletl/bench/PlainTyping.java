package io.sqletl.bench;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;

/** B3: a text file to Parquet with the types given to Spark's reader: {@code INPUT OUTPUT}. */
public final class PlainTyping {
  private PlainTyping() {}

  /** Copies the table. */
  public static void main(String[] args) throws IOException {
    try (SparkSession spark = PlainSession.open()) {
      LineItemTable.typed(spark, args[0]).write().mode("overwrite").parquet(args[1]);
    }
  }
}
