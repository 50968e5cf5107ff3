package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
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

  /**
   * Whether a value is another one as a value of the type: true, false or null. A DOUBLE in a FLOAT
   * is the nearest one, which is what such a column is for.
   *
   * @return nothing where no value of the first type changes, or the second has no place for any
   */
  static Optional<Column> changed(Column value, DataType from, DataType to) {
    if (from.equals(to)) {
      return Optional.empty();
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
      return abs(value)
          .gt(lit((double) Float.MAX_VALUE))
          .and(abs(value).lt(lit(Double.POSITIVE_INFINITY)));
    }
    Column back = value.try_cast(to).try_cast(from);
    return value.isNotNull().and(coalesce(back.notEqual(value), lit(true)));
  }

  private static boolean keeps(DataType from, DataType to) {
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
