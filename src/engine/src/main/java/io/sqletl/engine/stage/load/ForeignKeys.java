package io.sqletl.engine.stage.load;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a database takes along as a table is emptied. */
final class ForeignKeys {

  private ForeignKeys() {}

  /**
   * The tables whose rows the database deletes or changes with those of a table; none where its
   * driver does not say.
   *
   * @param name as the job has it, with or without a schema, in quotes or not
   */
  static List<String> cascades(Connection connection, String name) throws SQLException {
    String[] parts = name.replaceAll("[\"`\\[\\]]", "").split("\\.");
    String table = parts[parts.length - 1];
    String schema = parts.length > 1 ? parts[parts.length - 2] : connection.getSchema();
    Set<String> others = new LinkedHashSet<>();
    for (String spelled :
        new LinkedHashSet<>(
            List.of(table, table.toLowerCase(Locale.ROOT), table.toUpperCase(Locale.ROOT)))) {
      try (ResultSet found =
          connection.getMetaData().getExportedKeys(connection.getCatalog(), schema, spelled)) {
        while (found.next()) {
          short rule = found.getShort("DELETE_RULE");
          String other = found.getString("FKTABLE_NAME");
          boolean changes =
              rule == DatabaseMetaData.importedKeyCascade
                  || rule == DatabaseMetaData.importedKeySetNull
                  || rule == DatabaseMetaData.importedKeySetDefault;
          if (changes && !other.equalsIgnoreCase(table)) {
            others.add(other);
          }
        }
      } catch (SQLFeatureNotSupportedException e) {
        // Databases without foreign keys, such as Hive and Athena
        return List.of();
      }
    }
    return new ArrayList<>(others);
  }
}
