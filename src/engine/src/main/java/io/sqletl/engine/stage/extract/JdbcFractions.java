package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Arrays;
import org.apache.spark.sql.jdbc.JdbcDialects;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Tells of columns of times whose type has more digits of a second than Spark reads. */
final class JdbcFractions {

  private static final int MICROSECONDS = 6;

  /** JDBC's own type of a time of day has no more. */
  private static final int MILLISECONDS = 3;

  private JdbcFractions() {}

  /**
   * Warns of each.
   *
   * @param columns as Spark takes them
   */
  static void tell(JdbcDatabase database, String table, StructType columns, StageContext context) {
    boolean hasTimes =
        Arrays.stream(columns.fields())
            .anyMatch(
                column ->
                    column.dataType() instanceof TimestampType
                        || column.dataType() instanceof TimestampNTZType);
    if (!hasTimes) {
      return;
    }
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet none =
            statement.executeQuery(JdbcDialects.get(database.url()).getSchemaQuery(table))) {
      ResultSetMetaData found = none.getMetaData();
      for (int i = 1; i <= found.getColumnCount(); i++) {
        int type = found.getColumnType(i);
        boolean isTime = type == Types.TIME || type == Types.TIME_WITH_TIMEZONE;
        boolean isTimestamp = type == Types.TIMESTAMP || type == Types.TIMESTAMP_WITH_TIMEZONE;
        int most = isTime ? MILLISECONDS : MICROSECONDS;
        if ((isTime || isTimestamp) && found.getScale(i) > most) {
          context.warnOfColumns(
              "column '"
                  + found.getColumnLabel(i)
                  + "' is "
                  + found.getColumnTypeName(i)
                  + " with "
                  + found.getScale(i)
                  + " digits of a second, and "
                  + most
                  + " of them are read",
              "cast it to text in a query as \"tableName\", if all are needed");
        }
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }
}
