package io.sqletl.engine.stage.history;

import java.util.Iterator;
import java.util.function.Function;
import org.apache.spark.api.java.JavaRDD;
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
 *
 * @param rows Spark's own; none may be changed
 * @param frame the same rows for queries
 */
record ComputedRows(JavaRDD<InternalRow> rows, Dataset<Row> frame) {

  /** Those of a query. */
  static ComputedRows of(Dataset<Row> query, StorageLevel level) {
    return keep(query.sparkSession(), rowsOf(query), query.schema(), level, () -> row -> row);
  }

  /** Those of a function of Spark's own rows. */
  static ComputedRows of(
      SparkSession spark, JavaRDD<InternalRow> rows, StructType schema, StorageLevel level) {
    return keep(
        spark,
        rows,
        schema,
        level,
        () -> {
          UnsafeProjection projection = UnsafeProjection.create(schema);
          return projection::apply;
        });
  }

  /** The rows that a query gives, each of which is gone when the next one is there. */
  static JavaRDD<InternalRow> rowsOf(Dataset<Row> query) {
    return ((org.apache.spark.sql.classic.Dataset<Row>) query).queryExecution().toRdd().toJavaRDD();
  }

  private interface Conversion extends java.io.Serializable {
    Function<InternalRow, InternalRow> make();
  }

  private static ComputedRows keep(
      SparkSession spark,
      JavaRDD<InternalRow> rows,
      StructType schema,
      StorageLevel level,
      Conversion conversion) {
    JavaRDD<InternalRow> kept = rows.mapPartitions(part -> copies(part, conversion.make()));
    kept.persist(level);
    kept.rdd().localCheckpoint();
    return new ComputedRows(
        kept,
        ((org.apache.spark.sql.classic.SparkSession) spark)
            .internalCreateDataFrame(kept.rdd(), schema, false));
  }

  private static Iterator<InternalRow> copies(
      Iterator<InternalRow> rows, Function<InternalRow, InternalRow> conversion) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public InternalRow next() {
        return conversion.apply(rows.next()).copy();
      }
    };
  }
}
