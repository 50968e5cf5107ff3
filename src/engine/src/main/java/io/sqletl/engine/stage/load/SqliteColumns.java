package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.load.JdbcValues.Wrong;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What SQLite makes of values, whatever it calls the type of a column: numbers are integers of 64
 * bits or doubles, NaN is NULL (https://www.sqlite.org/datatype3.html), and times are milliseconds
 * by its driver.
 */
final class SqliteColumns {

  private static final int EXACT_DIGITS = 15;

  private SqliteColumns() {}

  /** What is wrong with values of a type; nothing where all of them are kept. */
  static Optional<Wrong> wrong(Column value, DataType type) {
    if (type instanceof DoubleType || type instanceof FloatType) {
      return Optional.of(new Wrong(isnan(value), "SQLite makes NULL of NaN. " + asText()));
    }
    if (type instanceof DecimalType decimal && decimal.precision() > EXACT_DIGITS) {
      Column isCut = value.cast(DataTypes.DoubleType).cast(decimal).eqNullSafe(value);
      return Optional.of(
          new Wrong(
              isCut.equalTo(lit(false)),
              "SQLite keeps it as a double, which has other digits. " + asText()));
    }
    if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      Column micros = date_format(value, "SSSSSS").cast(DataTypes.IntegerType);
      return Optional.of(
          new Wrong(
              micros.mod(lit(1000)).notEqual(lit(0)),
              "the driver of SQLite keeps milliseconds. " + asText()));
    }
    return Optional.empty();
  }

  /**
   * Whether a column is declared for booleans. SQLite has no such type, and its driver calls them
   * numbers, also those of a table that a JDBCLoad made, where they are BIT(1).
   */
  static boolean isFlag(String typeName) {
    String name = typeName.toUpperCase(Locale.ROOT);
    return name.startsWith("BIT") || name.startsWith("BOOL");
  }

  private static String asText() {
    return "Write it as text, cast(… AS STRING), into a column of TEXT.";
  }
}
