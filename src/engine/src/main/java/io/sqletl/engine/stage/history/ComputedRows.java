package io.sqletl.engine.stage.history;

import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/**
 * Rows that are computed once, by the first job that asks for them, and read from then on: another
 * look at a view could show other rows.
 */
final class ComputedRows {

  private final SparkSession spark;
  private final JavaRDD<InternalRow> rows;
  private final StructType schema;

  private ComputedRows(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema, StorageLevel level) {
    this.spark = spark;
    this.rows = rows;
    this.schema = schema;
    rows.persist(level);
    rows.rdd().localCheckpoint();
  }

  /** Those of a query. */
  static ComputedRows of(Dataset<Row> query, StorageLevel level) {
    return new ComputedRows(
        query.sparkSession(), rowsOf(query).map(InternalRow::copy), query.schema(), level);
  }

  /** Those of a function of Spark's own rows. */
  static ComputedRows of(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema, StorageLevel level) {
    return new ComputedRows(
        spark,
        rows.mapPartitions(
            part -> {
              UnsafeProjection projection = UnsafeProjection.create(schema);
              return StreamSupport.stream(Spliterators.spliteratorUnknownSize(part, 0), false)
                  .map(row -> (InternalRow) projection.apply(row).copy())
                  .iterator();
            }),
        schema,
        level);
  }

  /** The rows that a query gives, each of which is gone when the next one is there. */
  static JavaRDD<InternalRow> rowsOf(Dataset<Row> query) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) query).queryExecution().toRdd().toJavaRDD();
  }

  /** Spark's own; none may be changed. */
  JavaRDD<InternalRow> rows() {
    return rows;
  }

  /** The same rows for queries. */
  Dataset<Row> frame() {
    return frame(rows);
  }

  /** Some of the rows for queries. */
  Dataset<Row> frameOf(Function<InternalRow, Boolean> which) {
    return frame(rows.filter(which));
  }

  private Dataset<Row> frame(JavaRDD<InternalRow> some) {
    return ((org.apache.spark.sql.classic.SparkSession) spark)
        .internalCreateDataFrame(some.rdd(), schema, false);
  }
}
