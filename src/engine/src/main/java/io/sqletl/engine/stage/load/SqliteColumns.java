package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.jdbc.SqliteAffinity;
import io.sqletl.engine.stage.load.JdbcValues.Wrong;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What SQLite makes of values, whatever it calls the type of a column: numbers are integers of 64
 * bits or doubles, NaN is NULL (https://www.sqlite.org/datatype3.html), and times are milliseconds
 * by its driver.
 */
final class SqliteColumns {

  private static final int EXACT_DIGITS = 15;

  /** Of the connection that asks alone; what is in the file does not change. */
  private static final String VIEW = "etl_columns";

  private static final int NAME = 2;
  private static final int DECLARED = 3;

  /** What SQLite makes a number of where a column prefers numbers. */
  private static final String NUMBER =
      "^[ \\t\\n\\r\\f]*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?[ \\t\\n\\r\\f]*$";

  private SqliteColumns() {}

  /**
   * The types of a table's columns as they were declared, by their names; the driver has NUMERIC
   * for a column without a type, which keeps what it is given.
   */
  static Map<String, String> declared(Connection connection, String table) throws SQLException {
    Map<String, String> types = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP VIEW " + VIEW + " AS SELECT * FROM " + table);
      try (ResultSet columns = statement.executeQuery("PRAGMA temp.table_info(" + VIEW + ")")) {
        while (columns.next()) {
          types.put(columns.getString(NAME), Objects.toString(columns.getString(DECLARED), ""));
        }
      }
      statement.execute("DROP VIEW temp." + VIEW);
    }
    return types;
  }

  /**
   * What to do instead of writing values of a type into a column in which all of them would be
   * others; nothing where the column keeps them.
   *
   * @param hasTextDates whether the driver was told to write times as texts
   */
  static Optional<String> remedy(DataType type, String declared, boolean hasTextDates) {
    SqliteAffinity affinity = SqliteAffinity.of(declared);
    if (type instanceof StringType && affinity.isOfNumbers()) {
      return Optional.of(
          "SQLite makes numbers of texts there, 7 of '007' and 1000 of '1E3'. Cast it in a"
              + " SQLTransform, or make the column TEXT.");
    }
    if (type instanceof BooleanType && affinity == SqliteAffinity.TEXT) {
      return Optional.of(
          "its driver writes '1' and '0' there. Cast it in a SQLTransform: cast(… AS STRING) for"
              + " true and false, or make the column BOOLEAN.");
    }
    boolean isTime =
        type instanceof DateType
            || type instanceof TimestampType
            || type instanceof TimestampNTZType;
    if (isTime && !hasTextDates && affinity == SqliteAffinity.TEXT) {
      return Optional.of(
          "its driver writes milliseconds since 1970 there, as a text. Write cast(… AS STRING), or"
              + " make the column "
              + (type instanceof DateType ? "DATE." : "TIMESTAMP."));
    }
    return isTime && !hasTextDates && affinity.isOfNumbers()
        ? Optional.of(
            "its driver writes milliseconds since 1970 there. If they are meant, write"
                + (type instanceof TimestampType
                    ? " unix_millis(…);"
                    : " unix_millis(cast(… AS TIMESTAMP));")
                + " else make the column "
                + (type instanceof DateType ? "DATE." : "TIMESTAMP."))
        : Optional.empty();
  }

  /** Texts that a column which prefers numbers, though its name says no such thing, changes. */
  static Optional<Wrong> wrongText(Column value, String declared) {
    return SqliteAffinity.of(declared) == SqliteAffinity.OTHER
        ? Optional.of(
            new Wrong(
                value
                    .rlike(NUMBER)
                    .and(
                        value
                            .try_cast(DataTypes.LongType)
                            .cast(DataTypes.StringType)
                            .eqNullSafe(value)
                            .equalTo(lit(false))),
                "SQLite makes a number of it in a column of "
                    + declared
                    + ". Make the column TEXT, or cast it in a SQLTransform."))
        : Optional.empty();
  }

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
