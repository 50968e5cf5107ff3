package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.AssignableTypes;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.LocalTimes;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.TypeDifferences;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Gives values the types that a table has for them; a value that does not fit ends the run. */
final class ColumnCast {

  private ColumnCast() {}

  /**
   * The value in the type of the table's column.
   *
   * @throws StageException if the types do not go together
   */
  static Column of(
      Column value,
      String name,
      DataType from,
      DataType to,
      String view,
      Column row,
      SparkSession spark) {
    if (isSame(from, to)) {
      return value;
    }
    DataType ordered = inOrder(from, to);
    return isSame(ordered, from)
        ? cast(value, name, from, to, view, row, spark)
        : of(inOrder(value, from, to), name, ordered, to, view, row, spark);
  }

  private static Column cast(
      Column value,
      String name,
      DataType from,
      DataType to,
      String view,
      Column row,
      SparkSession spark) {
    TypeDifferences differences = TypeDifferences.of(name, from, to);
    String subject = "DeltaLakeHistoryLoad cannot load the view \"" + view + "\"";
    AssignableTypes.require(differences, subject);
    LocalTimes.requireSame(differences, subject, spark);
    // Spark casts structs by position, and takes the values of one field for those of another
    boolean hasOtherFields = !differences.missing().isEmpty() || !differences.added().isEmpty();
    if (!hasOtherFields
        && !(from instanceof StructType)
        && Cast.canUpCast(from, to)
        && !rounds(from, to)) {
      return value.cast(to);
    }
    boolean simple =
        !hasOtherFields
            && from.defaultSize() < MOST_BYTES
            && to.defaultSize() < MOST_BYTES
            && RowOrdering.isOrderable(from);
    if (simple && !isText(from) && !isText(to) && Cast.canANSIStoreAssign(from, to)) {
      Column fitting = value.try_cast(to);
      Column same = fitting.cast(from.asNullable()).eqNullSafe(value);
      return when(rounds(from, to) ? same.and(isNotLast(value, from)) : same, fitting)
          .otherwise(
              raise_error(
                      concat(
                          lit("The value "),
                          value.cast("string"),
                          lit(
                              " of the column \""
                                  + name
                                  + "\" of the view \""
                                  + view
                                  + "\" does not fit the table's type "
                                  + to.catalogString()
                                  + ", in the row of the key "),
                          row,
                          lit(
                              ". Round or cast it in the view, or load into another table, whose"
                                  + " column is "
                                  + from.catalogString()
                                  + ".")))
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

  /** The view's type with the fields of structs in the table's order, and called as there. */
  private static DataType inOrder(DataType from, DataType to) {
    if (from instanceof StructType mine && to instanceof StructType other) {
      return haveSameFields(mine, other)
          ? new StructType(
              Arrays.stream(other.fields())
                  .map(
                      field -> {
                        StructField found = ColumnName.find(mine, field.name()).orElseThrow();
                        return DataTypes.createStructField(
                            field.name(),
                            inOrder(found.dataType(), field.dataType()),
                            found.nullable());
                      })
                  .toArray(StructField[]::new))
          : mine;
    }
    if (from instanceof ArrayType mine && to instanceof ArrayType other) {
      return DataTypes.createArrayType(
          inOrder(mine.elementType(), other.elementType()), mine.containsNull());
    }
    if (from instanceof MapType mine && to instanceof MapType other) {
      return DataTypes.createMapType(
          inOrder(mine.keyType(), other.keyType()),
          inOrder(mine.valueType(), other.valueType()),
          mine.valueContainsNull());
    }
    return from;
  }

  private static boolean haveSameFields(StructType one, StructType other) {
    return one.length() == other.length()
        && Arrays.stream(other.fields())
            .allMatch(field -> ColumnName.find(one, field.name()).isPresent());
  }

  /** The value in {@link #inOrder(DataType, DataType)}; Spark's own cast goes by position. */
  private static Column inOrder(Column value, DataType from, DataType to) {
    if (isSame(inOrder(from, to), from)) {
      return value;
    }
    if (from instanceof StructType mine && to instanceof StructType other) {
      return when(
          value.isNotNull(),
          struct(
              Arrays.stream(other.fields())
                  .map(
                      field -> {
                        StructField found = ColumnName.find(mine, field.name()).orElseThrow();
                        return inOrder(
                                value.getField(found.name()), found.dataType(), field.dataType())
                            .as(field.name());
                      })
                  .toArray(Column[]::new)));
    }
    if (from instanceof ArrayType mine && to instanceof ArrayType other) {
      return transform(value, each -> inOrder(each, mine.elementType(), other.elementType()));
    }
    MapType mine = (MapType) from;
    MapType other = (MapType) to;
    return map_from_arrays(
        transform(map_keys(value), key -> inOrder(key, mine.keyType(), other.keyType())),
        transform(map_values(value), each -> inOrder(each, mine.valueType(), other.valueType())));
  }

  /** Spark takes a double for wider than any whole number, though it has fewer digits. */
  private static boolean rounds(DataType from, DataType to) {
    if (from instanceof ArrayType mine && to instanceof ArrayType other) {
      return rounds(mine.elementType(), other.elementType());
    }
    if (from instanceof MapType mine && to instanceof MapType other) {
      return rounds(mine.keyType(), other.keyType()) || rounds(mine.valueType(), other.valueType());
    }
    if (from instanceof StructType mine && to instanceof StructType other) {
      return IntStream.range(0, Math.min(mine.length(), other.length()))
          .anyMatch(i -> rounds(mine.fields()[i].dataType(), other.fields()[i].dataType()));
    }
    return from instanceof IntegralType && (to instanceof FloatType || to instanceof DoubleType);
  }

  /** As a double the last BIGINT is one more, and casts back to itself all the same. */
  private static Column isNotLast(Column value, DataType type) {
    return type instanceof LongType
        ? coalesce(value.notEqual(lit(Long.MAX_VALUE)), lit(true))
        : lit(true);
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
