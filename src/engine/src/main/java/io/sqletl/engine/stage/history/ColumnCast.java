package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.StageException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Gives values the types that a table has for them; a value that does not fit ends the run. */
final class ColumnCast {

  private ColumnCast() {}

  /**
   * The value in the type of the table's column.
   *
   * @throws StageException if the types do not go together
   */
  static Column of(Column value, String name, DataType from, DataType to) {
    if (isSame(from, to)) {
      return value;
    }
    if (!(from instanceof StructType) && Cast.canUpCast(from, to)) {
      return value.cast(to);
    }
    boolean simple = from.defaultSize() < MOST_BYTES && to.defaultSize() < MOST_BYTES;
    if (simple && !isText(from) && !isText(to) && Cast.canANSIStoreAssign(from, to)) {
      Column fitting = value.try_cast(to);
      return when(fitting.cast(from).eqNullSafe(value), fitting)
          .otherwise(
              raise_error(
                      concat(
                          lit("The value "),
                          value.cast("string"),
                          lit(
                              " of the column \""
                                  + name
                                  + "\" does not fit the table's type "
                                  + to.catalogString())))
                  .cast(to));
    }
    throw new StageException(
        "The view's column \""
            + name
            + "\" is of the type "
            + from.catalogString()
            + ", and the table's of the type "
            + to.catalogString()
            + ". Cast it in the view, or load into another table.");
  }

  /** Numbers and times are at most a decimal of 16 bytes. */
  private static final int MOST_BYTES = 17;

  private static boolean isText(DataType type) {
    return type instanceof org.apache.spark.sql.types.StringType;
  }

  /** Whether types are the same, whatever may be null in them. */
  static boolean isSame(DataType one, DataType other) {
    return DataType.equalsIgnoreNullability(one, other);
  }
}
