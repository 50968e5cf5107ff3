package io.sqletl.engine.stage.load;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a table is besides its rows, as far as its driver tells without looking at rows: the types
 * and defaults of its columns, its primary key, its indexes and its triggers.
 *
 * @param types of columns, by their names in small letters
 * @param others what else there is, each in a phrase
 */
record TableMakeup(Map<String, String> types, Set<String> others) {

  /** Longer texts are what drivers say of those without a limit. */
  private static final int LONGEST = 10_000_000;

  /**
   * Asks the driver.
   *
   * @param name as the job has it, with or without a schema, in quotes or not
   * @return nothing where the driver does not say
   */
  static Optional<TableMakeup> of(Connection connection, String name) {
    String[] parts = name.replaceAll("[\"`\\[\\]]", "").split("\\.");
    String table = parts[parts.length - 1];
    try {
      String schema = parts.length > 1 ? parts[parts.length - 2] : connection.getSchema();
      Set<String> spellings = new LinkedHashSet<>();
      spellings.add(table);
      spellings.add(table.toLowerCase(Locale.ROOT));
      spellings.add(table.toUpperCase(Locale.ROOT));
      for (String spelled : spellings) {
        TableMakeup found = new TableMakeup(new LinkedHashMap<>(), new LinkedHashSet<>());
        found.addColumns(connection, schema, spelled);
        if (!found.types.isEmpty()) {
          found.addKeys(connection, schema, spelled);
          found.addTriggers(connection, spelled);
          return Optional.of(found);
        }
      }
    } catch (SQLException e) {
      // What cannot be told is no reason not to load
    }
    return Optional.empty();
  }

  private void addColumns(Connection connection, String schema, String table) throws SQLException {
    try (ResultSet columns =
        connection.getMetaData().getColumns(connection.getCatalog(), schema, table, null)) {
      while (columns.next()) {
        // The name is a pattern, in which _ is any letter
        if (!columns.getString("TABLE_NAME").equals(table)) {
          continue;
        }
        String column = columns.getString("COLUMN_NAME");
        String value = columns.getString("COLUMN_DEF");
        types.put(column.toLowerCase(Locale.ROOT), type(columns));
        if (value != null && !value.equalsIgnoreCase("NULL")) {
          others.add("the default of '" + column + "'");
        }
      }
    }
  }

  private static String type(ResultSet column) throws SQLException {
    String name = column.getString("TYPE_NAME");
    int size = column.getInt("COLUMN_SIZE");
    boolean hasSize = name.indexOf('(') < 0 && size > 0 && size < LONGEST;
    return switch (column.getInt("DATA_TYPE")) {
      case Types.CHAR, Types.VARCHAR, Types.NCHAR, Types.NVARCHAR ->
          hasSize ? name + "(" + size + ")" : name;
      case Types.DECIMAL, Types.NUMERIC ->
          hasSize ? name + "(" + size + ", " + column.getInt("DECIMAL_DIGITS") + ")" : name;
      default -> name;
    };
  }

  private void addKeys(Connection connection, String schema, String table) throws SQLException {
    DatabaseMetaData driver = connection.getMetaData();
    Map<Short, String> key = new TreeMap<>();
    try (ResultSet columns = driver.getPrimaryKeys(connection.getCatalog(), schema, table)) {
      while (columns.next()) {
        key.put(columns.getShort("KEY_SEQ"), columns.getString("COLUMN_NAME"));
      }
    }
    List<String> keyColumns = List.copyOf(key.values());
    if (!keyColumns.isEmpty()) {
      others.add("the primary key (" + String.join(", ", keyColumns) + ")");
    }
    Map<String, List<String>> indexes = new LinkedHashMap<>();
    try (ResultSet columns =
        driver.getIndexInfo(
            connection.getCatalog(), schema, table, /* unique */ false, /* approximate */ true)) {
      while (columns.next()) {
        String index = columns.getString("INDEX_NAME");
        if (index != null && columns.getShort("TYPE") != DatabaseMetaData.tableIndexStatistic) {
          indexes
              .computeIfAbsent(index, name -> new ArrayList<>())
              .add(String.valueOf(columns.getString("COLUMN_NAME")));
        }
      }
    }
    indexes.forEach(
        (index, columns) -> {
          if (!columns.equals(keyColumns)) {
            others.add("the index " + index + " (" + String.join(", ", columns) + ")");
          }
        });
  }

  /** JDBC knows no triggers; these databases say where they are. */
  private void addTriggers(Connection connection, String table) throws SQLException {
    String url = connection.getMetaData().getURL();
    String query;
    if (url.startsWith("jdbc:sqlite:")) {
      query =
          "SELECT name FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower(?)";
    } else if (url.matches("jdbc:(postgresql|h2|mysql|mariadb):.*")) {
      query =
          "SELECT trigger_name FROM information_schema.triggers"
              + " WHERE lower(event_object_table) = lower(?)";
    } else {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, table);
      try (ResultSet triggers = statement.executeQuery()) {
        while (triggers.next()) {
          others.add("the trigger " + triggers.getString(1));
        }
      }
    }
  }

  /** What the table that was made in place of this one lacks, each in a phrase. */
  List<String> lostIn(TableMakeup made) {
    List<String> lost = new ArrayList<>();
    Set<String> kept = new LinkedHashSet<>();
    made.others.forEach(other -> kept.add(other.toLowerCase(Locale.ROOT)));
    for (String other : others) {
      if (!kept.contains(other.toLowerCase(Locale.ROOT))) {
        lost.add(other);
      }
    }
    types.forEach(
        (column, type) -> {
          String now = made.types.get(column);
          if (now == null) {
            lost.add("the column '" + column + "'");
          } else if (!now.equalsIgnoreCase(type)) {
            lost.add("the type of '" + column + "', which was " + type + " and is " + now);
          }
        });
    return lost;
  }
}
