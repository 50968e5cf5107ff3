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
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCRelation;
import scala.jdk.javaapi.CollectionConverters;

/** What of databases a load that empties a table would take along. */
final class JdbcInputs {

  private JdbcInputs() {}

  /** The URLs of the databases that a view is computed of. */
  static Set<String> of(Dataset<Row> rows) {
    Set<String> urls = new LinkedHashSet<>();
    add(((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed(), urls);
    return urls;
  }

  private static void add(LogicalPlan plan, Set<String> urls) {
    for (LogicalPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
      if (leaf instanceof LogicalRelation relation
          && relation.relation() instanceof JDBCRelation table) {
        urls.add(table.jdbcOptions().url());
      }
    }
    for (LogicalPlan query : CollectionConverters.asJava(plan.subqueriesAll())) {
      add(query, urls);
    }
  }

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
