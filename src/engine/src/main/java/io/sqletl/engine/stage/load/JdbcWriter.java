package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcOptionsInWrite;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcUtils;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Makes, fills and drops tables of a database, with the options of a load. */
record JdbcWriter(JdbcDatabase database, JDBCLoad keys, StageContext context) {

  /** Writes with Spark's own writer, in parallel. */
  long write(Dataset<Row> rows, String table, Map<String, String> more, String mode) {
    Map<String, String> options = new LinkedHashMap<>(options());
    options.putAll(more);
    options.put("dbtable", table);
    try (RowCount sent = new RowCount(rows.sparkSession())) {
      Dataset<Row> counted = sent.counting(rows);
      database.guard(
          () -> {
            Guard.tell(() -> counted.write().format("jdbc").options(options).mode(mode).save());
            return null;
          });
      return sent.get();
    } catch (StageException e) {
      throw LoadRefusal.of(e, keys);
    }
  }

  /** Makes the load's own table, with the columns of the rows. */
  void create(Connection connection, StructType columns) {
    JdbcUtils.createTable(connection, keys.tableName(), columns, false, writeOptions(Map.of()));
  }

  private Map<String, String> options() {
    Map<String, String> options = database.sparkOptions();
    options.put("batchsize", String.valueOf(keys.batchsize()));
    options.put("isolationLevel", keys.isolationLevel().name());
    keys.numPartitions().ifPresent(number -> options.put("numPartitions", number.toString()));
    keys.createTableOptions().ifPresent(text -> options.put("createTableOptions", text));
    keys.createTableColumnTypes().ifPresent(text -> options.put("createTableColumnTypes", text));
    return options;
  }

  private JdbcOptionsInWrite writeOptions(Map<String, String> more) {
    Map<String, String> options = new LinkedHashMap<>(options());
    options.put("dbtable", keys.tableName());
    options.putAll(more);
    return new JdbcOptionsInWrite(
        scala.collection.immutable.Map.from(CollectionConverters.asScala(options)));
  }

  boolean exists() {
    try (Connection connection = database.connect()) {
      return JdbcUtils.tableExists(connection, writeOptions(Map.of()));
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /** Drops a table if it is there; what goes wrong is added to a failure that is told anyway. */
  void drop(String table, RuntimeException failure) {
    try (Connection connection = database.connect()) {
      if (JdbcUtils.tableExists(connection, writeOptions(Map.of("dbtable", table)))) {
        try (Statement statement = connection.createStatement()) {
          statement.execute("DROP TABLE " + table);
        }
      }
    } catch (SQLException e) {
      StageException told = JdbcDatabase.failure(e);
      if (failure != null) {
        failure.addSuppressed(told);
      } else {
        context.warn(
            ErrorCode.LEFT_OVER,
            "The table " + table + ", in which rows waited, is left over: " + told.getMessage(),
            "drop it");
      }
    }
  }
}
