package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/**
 * The columns that a load does not make, as Spark's own rows: when they are the same, and parts.
 */
final class Values implements Serializable {

  private static final long serialVersionUID = 1;

  private final DataType[] types;
  private final RowFunction tracked;
  private final RowFunction others;
  private final RowFunction all;

  Values(SparkSession spark, HistoryColumns columns) {
    this.types =
        columns.data().stream().map(StructField::dataType).toArray(length -> new DataType[length]);
    List<StructField> inPlace = new ArrayList<>(columns.untracked());
    if (columns.isNewest()) {
      inPlace.addAll(columns.sequence());
    }
    List<RowFunction> functions =
        RowFunction.all(
            spark,
            RowFunction.pair(columns.dataType()),
            same(columns.tracked()),
            same(inPlace),
            same(columns.data()));
    this.tracked = functions.get(0);
    this.others = functions.get(1);
    this.all = functions.get(2);
  }

  private static Column same(List<StructField> fields) {
    return ValueComparison.same(functions.col("left"), functions.col("right"), fields);
  }

  /** Whether no change between the two makes a version; null is NULL in all columns. */
  boolean areTrackedSame(InternalRow one, InternalRow other) {
    return Boolean.TRUE.equals(tracked.apply(one, other));
  }

  /** Whether the columns are the same that are changed in place. */
  boolean areOthersSame(InternalRow one, InternalRow other) {
    return Boolean.TRUE.equals(others.apply(one, other));
  }

  /** Whether all columns are the same. */
  boolean areSame(InternalRow one, InternalRow other) {
    return Boolean.TRUE.equals(all.apply(one, other));
  }

  /** Each column of the first that has it; null is NULL in all columns. */
  InternalRow firstKnown(InternalRow... rows) {
    Object[] fields = new Object[types.length];
    for (int i = 0; i < fields.length; i++) {
      for (InternalRow row : rows) {
        fields[i] = fields[i] == null ? field(row, i) : fields[i];
      }
    }
    return new GenericInternalRow(fields);
  }

  /**
   * Some columns of one, the others of another.
   *
   * @param isOfFirst for each column
   */
  InternalRow mixed(boolean[] isOfFirst, InternalRow first, InternalRow second) {
    Object[] fields = new Object[types.length];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = field(isOfFirst[i] ? first : second, i);
    }
    return new GenericInternalRow(fields);
  }

  private Object field(InternalRow row, int index) {
    return row == null ? null : row.get(index, types[index]);
  }
}
