package io.sqletl.bench;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The lineitem file as Spark's own reader takes it. */
final class LineItemTable {
  /** The same types as {@code bench/meta/lineitem_meta.json}. */
  static final StructType SCHEMA =
      new StructType()
          .add("orderkey", DataTypes.IntegerType)
          .add("partkey", DataTypes.IntegerType)
          .add("suppkey", DataTypes.IntegerType)
          .add("linenumber", DataTypes.IntegerType)
          .add("quantity", DataTypes.createDecimalType(12, 2))
          .add("extendedprice", DataTypes.createDecimalType(12, 2))
          .add("discount", DataTypes.createDecimalType(12, 2))
          .add("tax", DataTypes.createDecimalType(12, 2))
          .add("shipdate", DataTypes.DateType)
          .add("commitdate", DataTypes.DateType)
          .add("receiptdate", DataTypes.DateType)
          .add("returnflag", DataTypes.StringType)
          .add("linestatus", DataTypes.StringType)
          .add("shipinstruct", DataTypes.StringType)
          .add("shipmode", DataTypes.StringType)
          .add("comment", DataTypes.StringType);

  private LineItemTable() {}

  static Dataset<Row> typed(SparkSession spark, String file) {
    return spark.read().schema(SCHEMA).option("sep", "|").csv(file);
  }

  static Dataset<Row> text(SparkSession spark, String file) {
    return spark.read().option("sep", "|").csv(file);
  }
}
