package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.rint;
import static org.apache.spark.sql.functions.trim;

import io.sqletl.engine.stage.ColumnName;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Values on their way into columns of other types. SQL rounds a number that goes into a column of
 * fewer digits, and cuts the time of day off for a date; who loads a table did not ask for either.
 */
final class NarrowedValues {

  /** Whole numbers, each wider than the ones before. */
  private static final List<DataType> INTEGRAL =
      List.of(DataTypes.ByteType, DataTypes.ShortType, DataTypes.IntegerType, DataTypes.LongType);

  /** How many digits the numbers of {@link #INTEGRAL} have at most. */
  private static final int[] DIGITS = {3, 5, 10, 19};

  private static final DataType EXACT = DataTypes.createDecimalType(38, 18);

  private static final String NUMBER = "^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$";
  private static final String DATE = "^\\d{4}-\\d{2}-\\d{2}$";

  /** Down to the microsecond. */
  private static final String TIMESTAMP =
      "^\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,6}0*)?)?( ?(Z|UTC|[+-]\\d{2}:\\d{2}))?)?$";

  private NarrowedValues() {}

  /** Up to here a double tells each whole number from the next. */
  private static final double MOST_WHOLE = 1L << 53;

  /** The last BIGINT is one less, and is what Spark casts this double to. */
  private static final double BEYOND_LONG = 0x1p63;

  /**
   * Whether a value, or any part of a list, map or struct, is another one as a value of the type:
   * true, false or null. A DOUBLE in a FLOAT is the nearest one, which is what such a column is
   * for, but for whole numbers, which may be keys and counts.
   *
   * @return nothing where no value of the first type changes, or the second has no place for any
   */
  static Optional<Column> changed(Column value, DataType from, DataType to) {
    if (from.equals(to)) {
      return Optional.empty();
    }
    if (from instanceof ArrayType mine && to instanceof ArrayType other) {
      return inList(value, mine.elementType(), other.elementType());
    }
    if (from instanceof MapType mine && to instanceof MapType other) {
      return either(
          inList(map_keys(value), mine.keyType(), other.keyType()),
          inList(map_values(value), mine.valueType(), other.valueType()));
    }
    if (from instanceof StructType mine && to instanceof StructType other) {
      return inFields(value, mine, other);
    }
    if (from instanceof NumericType && to instanceof NumericType) {
      return keeps(from, to) ? Optional.empty() : Optional.of(changedNumber(value, from, to));
    }
    if (from instanceof StringType) {
      return changedText(value, to);
    }
    boolean isTime = from instanceof TimestampType || from instanceof TimestampNTZType;
    return isTime && to instanceof DateType
        ? Optional.of(value.notEqual(value.cast(to).cast(from)))
        : Optional.empty();
  }

  private static Optional<Column> inList(Column list, DataType from, DataType to) {
    // Asked for once outside, as the function inside must return a column
    return changed(lit(null), from, to).isEmpty()
        ? Optional.empty()
        : Optional.of(exists(list, each -> changed(each, from, to).orElseThrow()));
  }

  private static Optional<Column> inFields(Column value, StructType from, StructType to) {
    Optional<Column> any = Optional.empty();
    for (StructField field : from.fields()) {
      Column inside = value.getField(field.name());
      any =
          either(
              any,
              ColumnName.find(to, field.name())
                  .flatMap(other -> changed(inside, field.dataType(), other.dataType())));
    }
    return any;
  }

  private static Optional<Column> either(Optional<Column> one, Optional<Column> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get().or(other.get()))
        : one.or(() -> other);
  }

  /** Texts that the type has no place for end a merge anyway; those that it alters do not. */
  private static Optional<Column> changedText(Column value, DataType to) {
    Column text = trim(value);
    if (to instanceof NumericType) {
      Column isOther =
          coalesce(text.try_cast(EXACT).notEqual(text.try_cast(to).try_cast(EXACT)), lit(false));
      return Optional.of(not(text.rlike(NUMBER)).or(isOther));
    }
    if (to instanceof DateType) {
      return Optional.of(not(text.rlike(DATE)));
    }
    boolean isTime = to instanceof TimestampType || to instanceof TimestampNTZType;
    return isTime ? Optional.of(not(text.rlike(TIMESTAMP))) : Optional.empty();
  }

  private static Column changedNumber(Column value, DataType from, DataType to) {
    if (from instanceof DoubleType && to instanceof FloatType) {
      Column isWhole = abs(value).leq(lit(MOST_WHOLE)).and(value.equalTo(rint(value)));
      return abs(value)
          .gt(lit((double) Float.MAX_VALUE))
          .and(abs(value).lt(lit(Double.POSITIVE_INFINITY)))
          .or(isWhole.and(value.cast(to).cast(from).notEqual(value)));
    }
    Column back = value.try_cast(to).try_cast(from);
    Column isOther = coalesce(back.notEqual(value), lit(true));
    if (from instanceof LongType && isFloating(to)) {
      isOther = isOther.or(value.equalTo(lit(Long.MAX_VALUE)));
    } else if (isFloating(from) && to instanceof LongType) {
      isOther = isOther.or(value.equalTo(lit(BEYOND_LONG)));
    }
    return value.isNotNull().and(isOther);
  }

  private static boolean isFloating(DataType type) {
    return type instanceof FloatType || type instanceof DoubleType;
  }

  /** Whether every number of one type is one of another. */
  static boolean keeps(DataType from, DataType to) {
    int whole = INTEGRAL.indexOf(from);
    if (from instanceof DecimalType some && to instanceof DecimalType other) {
      return other.scale() >= some.scale()
          && other.precision() - other.scale() >= some.precision() - some.scale();
    }
    if (from instanceof FloatType) {
      return to instanceof DoubleType;
    }
    if (whole < 0) {
      return false;
    }
    if (to instanceof DecimalType decimal) {
      return decimal.precision() - decimal.scale() >= DIGITS[whole];
    }
    if (to instanceof FloatType || to instanceof DoubleType) {
      return whole < (to instanceof FloatType ? 2 : 3);
    }
    return INTEGRAL.indexOf(to) >= whole;
  }
}
