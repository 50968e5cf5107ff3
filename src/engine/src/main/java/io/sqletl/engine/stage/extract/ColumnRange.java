package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The least and the greatest value of a column of a database.
 *
 * @param column its name as the database has it
 * @param lower as text that Spark's JDBC source reads
 * @param upper likewise
 */
record ColumnRange(String column, String lower, String upper) {

  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

  /**
   * Asks the database.
   *
   * @return nothing when the table has no value there
   * @throws StageException if there is no such column, or it has no ranges
   */
  static Optional<ColumnRange> find(
      JdbcDatabase database, String table, String name, StructType columns, StageContext context) {
    StructField column =
        Arrays.stream(columns.fields())
            .filter(field -> field.name().equalsIgnoreCase(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new StageException(
                        "'"
                            + table
                            + "' has no column '"
                            + name
                            + "' to read it by; it has ["
                            + String.join(", ", columns.fieldNames())
                            + "]."));
    DataType type = column.dataType();
    if (!(type instanceof NumericType
        || type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType)) {
      throw new StageException(
          "The partitionColumn '"
              + name
              + "' is of type "
              + type.simpleString()
              + "; it must hold numbers, dates or timestamps.");
    }
    String quoted = database.dialect().quoteIdentifier(column.name());
    String query = "SELECT MIN(" + quoted + "), MAX(" + quoted + ") FROM " + table;
    ZoneId zone = ZoneId.of(context.spark().conf().get("spark.sql.session.timeZone"));
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      if (!rows.next() || rows.getObject(1) == null) {
        return Optional.empty();
      }
      requireFinite(name, rows.getString(1), rows.getString(2));
      return Optional.of(
          new ColumnRange(
              column.name(),
              bound(name, rows, 1, type, zone, RoundingMode.FLOOR),
              bound(name, rows, 2, type, zone, RoundingMode.CEILING)));
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /** No range begins or ends at NaN or an infinity, of numbers or of PostgreSQL's times. */
  private static void requireFinite(String name, String... bounds) {
    for (String bound : bounds) {
      if (String.valueOf(bound).matches("(?i)-?(nan|inf(inity)?)")) {
        throw refusal(name, bound);
      }
    }
  }

  private static StageException refusal(String name, String bound) {
    return new StageException(
        "The partitionColumn '"
            + name
            + "' holds "
            + bound
            + ", and ranges of it cannot be made beyond whole numbers of 64 bits, nor of NaN and"
            + " infinity. Choose another column, leave \"partitionColumn\" out, or list the parts"
            + " in \"predicates\".");
  }

  private static String bound(
      String name, ResultSet row, int index, DataType type, ZoneId zone, RoundingMode rounding)
      throws SQLException {
    if (type instanceof DateType) {
      return row.getDate(index).toLocalDate().toString();
    }
    if (type instanceof TimestampType) {
      Timestamp instant = row.getTimestamp(index);
      return TIMESTAMP.format(instant.toInstant().atZone(zone));
    }
    if (type instanceof TimestampNTZType) {
      return TIMESTAMP.format(row.getTimestamp(index).toLocalDateTime());
    }
    BigDecimal number = row.getBigDecimal(index);
    BigDecimal bound = number.setScale(0, rounding);
    if (bound.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0
        || bound.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      throw refusal(name, number.toString());
    }
    return bound.toPlainString();
  }
}
