package io.sqletl.bench;

import org.apache.spark.sql.SparkSession;

/** What a program gets that sets nothing: Spark's defaults on every core of the machine. */
final class PlainSession {
  private PlainSession() {}

  static SparkSession open() {
    return SparkSession.builder().master("local[*]").appName("plain").getOrCreate();
  }

  /** With the two settings without which Delta does not work. */
  static SparkSession openWithDelta() {
    return SparkSession.builder()
        .master("local[*]")
        .appName("plain")
        .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
        .config(
            "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
        .getOrCreate();
  }
}
