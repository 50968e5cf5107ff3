package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import io.sqletl.engine.stage.jdbc.SqliteAffinity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;

/**
 * A column as the driver has it, which says more than what Spark makes of it.
 *
 * @param name its label
 * @param type of {@link java.sql.Types}
 * @param typeName the database's own
 * @param precision of a number, in digits; 0 where there is no limit
 * @param scale of a number, or the digits of a second
 */
record JdbcColumn(String name, int type, String typeName, int precision, int scale) {

  /** Whether it is declared as a day with a time, which SQLite's driver calls a date. */
  boolean isDatetime() {
    return type == Types.DATE && "DATETIME".equalsIgnoreCase(typeName);
  }

  /** Whether SQLite keeps doubles in it; its driver calls those of FLOAT floats. */
  boolean isRealOfSqlite() {
    return SqliteAffinity.of(typeName) == SqliteAffinity.REAL;
  }

  /** Those of a table or query. */
  static List<JdbcColumn> of(JdbcDatabase database, String table) {
    String query = database.dialect().getSchemaQuery(table);
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet none = statement.executeQuery(query)) {
      ResultSetMetaData found = none.getMetaData();
      List<JdbcColumn> columns = new ArrayList<>();
      for (int i = 1; i <= found.getColumnCount(); i++) {
        columns.add(
            new JdbcColumn(
                found.getColumnLabel(i),
                found.getColumnType(i),
                found.getColumnTypeName(i),
                found.getPrecision(i),
                found.getScale(i)));
      }
      return columns;
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }
}
