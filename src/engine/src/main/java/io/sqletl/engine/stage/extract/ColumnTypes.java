package io.sqletl.engine.stage.extract;

import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;

/** The type that holds every value of two types of columns without losing a digit. */
final class ColumnTypes {

  private static final int INT_DIGITS = 10;
  private static final int LONG_DIGITS = 20;

  private ColumnTypes() {}

  /** Nothing when there is none, or only one that changes what a value means. */
  static Optional<DataType> widest(DataType one, DataType other) {
    if (DataType.equalsIgnoreNullability(one, other)) {
      return Optional.of(one);
    }
    return widened(one, other).or(() -> widened(other, one));
  }

  private static Optional<DataType> widened(DataType narrow, DataType wide) {
    if (wholeRank(narrow) > 0 && wholeRank(wide) > wholeRank(narrow)) {
      return Optional.of(wide);
    }
    boolean isExactInDouble = narrow.equals(DataTypes.FloatType) || isUpToInt(narrow);
    if (wide.equals(DataTypes.DoubleType) && isExactInDouble) {
      return Optional.of(wide);
    }
    if (wide instanceof DecimalType decimal) {
      if (narrow instanceof DecimalType other) {
        return decimal(
            Math.max(decimal.precision() - decimal.scale(), other.precision() - other.scale()),
            Math.max(decimal.scale(), other.scale()));
      }
      if (wholeRank(narrow) > 0) {
        int digits = isUpToInt(narrow) ? INT_DIGITS : LONG_DIGITS;
        return decimal(Math.max(decimal.precision() - decimal.scale(), digits), decimal.scale());
      }
    }
    return narrow.equals(DataTypes.DateType) && wide.equals(DataTypes.TimestampNTZType)
        ? Optional.of(wide)
        : Optional.empty();
  }

  private static Optional<DataType> decimal(int whole, int scale) {
    return whole + scale <= DecimalType.MAX_PRECISION()
        ? Optional.of(DataTypes.createDecimalType(whole + scale, scale))
        : Optional.empty();
  }

  private static boolean isUpToInt(DataType type) {
    return wholeRank(type) > 0 && !type.equals(DataTypes.LongType);
  }

  private static int wholeRank(DataType type) {
    return switch (type.typeName()) {
      case "byte" -> 1;
      case "short" -> 2;
      case "integer" -> 3;
      case "long" -> 4;
      default -> 0;
    };
  }
}
