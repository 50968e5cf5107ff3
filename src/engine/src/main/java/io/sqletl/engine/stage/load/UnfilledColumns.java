package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Columns of a table of a database that rows which are added to it do not have, and that the
 * database fills with NULL: those without a default, a sequence or an expression.
 */
final class UnfilledColumns {

  private UnfilledColumns() {}

  /**
   * Warns of them.
   *
   * @param filled those that the rows have, as the database spells them
   */
  static void tell(
      JdbcDatabase database, JDBCLoad keys, List<String> filled, StageContext context) {
    List<String> missing = new ArrayList<>();
    try (Connection connection = database.connect()) {
      missing.addAll(find(connection, keys.tableName()));
    } catch (SQLException e) {
      // What cannot be told is no reason not to load
    }
    missing.removeAll(filled);
    if (!missing.isEmpty()) {
      boolean isOne = missing.size() == 1;
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "The view \""
              + keys.inputView()
              + "\" has no "
              + (isOne ? "column " : "columns ")
              + String.join(", ", missing)
              + " of the table '"
              + keys.tableName()
              + "': in the rows that are added "
              + (isOne ? "it is" : "they are")
              + " NULL, or what a trigger of the table says",
          "add " + (isOne ? "it" : "them") + " to the view if that is not meant");
    }
  }

  /** All columns that are NULL in a row that does not name them. */
  private static List<String> find(Connection connection, String name) throws SQLException {
    String[] parts = name.replaceAll("[\"`\\[\\]]", "").split("\\.");
    String table = parts[parts.length - 1];
    String schema = parts.length > 1 ? parts[parts.length - 2] : connection.getSchema();
    for (String spelled :
        new LinkedHashSet<>(
            List.of(table, table.toLowerCase(Locale.ROOT), table.toUpperCase(Locale.ROOT)))) {
      Columns found = Columns.of(connection, schema, spelled);
      if (!found.all().isEmpty()) {
        return found.unfilled();
      }
    }
    return List.of();
  }

  /** The columns of a table, and those that nothing fills. */
  private record Columns(Set<String> all, List<String> unfilled) {

    private static Columns of(Connection connection, String schema, String table)
        throws SQLException {
      Columns found = new Columns(new LinkedHashSet<>(), new ArrayList<>());
      DatabaseMetaData driver = connection.getMetaData();
      // A view of the database does not say what its tables fill
      try (ResultSet views =
          driver.getTables(connection.getCatalog(), schema, table, new String[] {"VIEW"})) {
        while (views.next()) {
          if (views.getString("TABLE_NAME").equals(table)) {
            return found;
          }
        }
      }
      try (ResultSet columns =
          driver.getColumns(
              connection.getCatalog(), schema, table, /* columnNamePattern= */ null)) {
        while (columns.next()) {
          // The name is a pattern, in which _ is any letter
          if (columns.getString("TABLE_NAME").equals(table)) {
            found.add(columns);
          }
        }
      }
      // SQLite numbers rows in an INTEGER PRIMARY KEY; no other key may be NULL
      try (ResultSet key = driver.getPrimaryKeys(connection.getCatalog(), schema, table)) {
        while (key.next()) {
          found.unfilled.remove(key.getString("COLUMN_NAME"));
        }
      }
      return found;
    }

    private void add(ResultSet column) throws SQLException {
      String name = column.getString("COLUMN_NAME");
      String value = column.getString("COLUMN_DEF");
      boolean isNullable = column.getInt("NULLABLE") != DatabaseMetaData.columnNoNulls;
      boolean hasDefault = value != null && !value.strip().equalsIgnoreCase("NULL");
      all.add(name);
      if (isNullable
          && !hasDefault
          && !"YES".equals(column.getString("IS_AUTOINCREMENT"))
          && !"YES".equals(column.getString("IS_GENERATEDCOLUMN"))) {
        unfilled.add(name);
      }
    }
  }
}
