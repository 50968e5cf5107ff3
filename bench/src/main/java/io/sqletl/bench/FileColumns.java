package io.sqletl.bench;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.input_file_name;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.apache.spark.sql.functions.sum;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Where each row came from, found in the way that Arc does it: a pass over the data counts the rows
 * of each file and partition, before another pass can number them.
 */
final class FileColumns {
  private FileColumns() {}

  /** Appends {@code _filename} and the number of the row in its file, {@code _index}. */
  static Dataset<Row> append(Dataset<Row> rows) {
    Dataset<Row> numbered =
        rows.withColumn("_id", monotonically_increasing_id())
            .withColumn("_partition", spark_partition_id())
            .withColumn("_filename", input_file_name());
    WindowSpec before =
        Window.partitionBy("_filename")
            .orderBy("_partition")
            .rowsBetween(Window.unboundedPreceding(), -1);
    Dataset<Row> offsets =
        numbered
            .groupBy("_filename", "_partition")
            .agg(min("_id").as("first"), count(lit(1)).as("rows"))
            .withColumn("before", sum("rows").over(before))
            .na()
            .fill(0)
            .withColumn("offset", col("before").minus(col("first")).plus(1))
            .select("_filename", "_partition", "offset");
    // Collected at once, as a stage that extracts does it; the join is then with a local relation
    Dataset<Row> collected =
        rows.sparkSession().createDataFrame(offsets.collectAsList(), offsets.schema());
    return numbered
        .join(
            broadcast(collected.withColumnRenamed("_filename", "file")),
            col("_filename")
                .equalTo(col("file"))
                .and(numbered.col("_partition").equalTo(collected.col("_partition"))))
        .withColumn("_index", col("_id").plus(col("offset")))
        .drop("_id", "_partition", "offset", "file");
  }
}
