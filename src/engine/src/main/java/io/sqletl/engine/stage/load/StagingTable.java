package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.jdbc.JdbcDialect;
import org.apache.spark.sql.types.StructType;

/** The table beside a load's own in which its rows wait for the one transaction that moves them. */
final class StagingTable {

  private final JdbcDatabase database;
  private final JDBCLoad keys;
  private final StageContext context;
  private final JdbcDialect dialect;
  private final JdbcWriter writer;

  StagingTable(JdbcWriter writer) {
    this.database = writer.database();
    this.keys = writer.keys();
    this.context = writer.context();
    this.dialect = database.dialect();
    this.writer = writer;
  }

  /** The rows go to a table of the same columns first, and from there in one transaction. */
  long add(Dataset<Row> rows, List<String> filled, boolean replace) {
    return throughStaging(
        staging -> {
          run(copyOfColumns(staging, filled));
          return writer.write(rows, staging, Map.of(), "append");
        },
        (connection, staging) -> {
          if (replace) {
            connection.execute(emptying(connection.connection()));
          }
          return connection.update(insert(staging, filled));
        });
  }

  /** The table is dropped, made with the columns of the rows, and filled, in one transaction. */
  long makeAnew(Dataset<Row> rows) {
    StructType made = rows.schema();
    return throughStaging(
        staging -> writer.write(rows, staging, Map.of(), "errorifexists"),
        (connection, staging) -> {
          connection.execute("DROP TABLE " + keys.tableName());
          writer.create(connection.connection(), made);
          return connection.update(insert(staging, Arrays.asList(made.fieldNames())));
        });
  }

  /** Fills the table that the rows wait in. */
  private interface Filling {
    long fill(String staging);
  }

  /** Moves rows from there into the table. */
  private interface Moving {
    long move(Transaction transaction, String staging) throws SQLException;
  }

  /** Statements of one transaction. */
  private record Transaction(Connection connection) {

    private void execute(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    private long update(String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        return statement.executeUpdate(sql);
      }
    }
  }

  private long throughStaging(Filling filling, Moving moving) {
    dropLeftStaging();
    String staging = besideTable(StagingName.next());
    RuntimeException failure = null;
    try {
      long sent = filling.fill(staging);
      moveAll(sent, staging, moving);
      return sent;
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    } finally {
      writer.drop(staging, failure);
    }
  }

  /** What runs that were killed left beside the table; never what another run works in. */
  private void dropLeftStaging() {
    try (Connection connection = database.connect()) {
      for (String name : StagingName.left(connection, besideTable(""))) {
        new Transaction(connection).execute("DROP TABLE " + besideTable(name));
      }
    } catch (SQLException e) {
      context.warn(
          ErrorCode.LEFT_OVER,
          "Tables of runs that were killed are left over beside "
              + keys.tableName()
              + ": "
              + JdbcDatabase.failure(e).getMessage(),
          "drop those whose names begin with etl_ when no run is under way");
    }
  }

  /** All of the rows, or none where the table takes some of them only. */
  private void moveAll(long sent, String staging, Moving moving) {
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      try {
        long moved = moving.move(new Transaction(connection), staging);
        if (moved != sent) {
          throw wrongCount(sent, moved);
        }
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw LoadRefusal.of(JdbcDatabase.failure(e), keys);
    }
  }

  /** In the schema of the table, where the user most likely may make one. */
  private String besideTable(String name) {
    int dot = keys.tableName().lastIndexOf('.');
    return dot < 0 || keys.tableName().endsWith("\"") && keys.tableName().indexOf('"') < dot
        ? name
        : keys.tableName().substring(0, dot + 1) + name;
  }

  private String copyOfColumns(String staging, List<String> columns) {
    String from = " FROM " + keys.tableName() + " WHERE 1 = 0";
    return database.url().startsWith("jdbc:sqlserver:")
        ? "SELECT " + quoted(columns) + " INTO " + staging + from
        : "CREATE TABLE " + staging + " AS SELECT " + quoted(columns) + from;
  }

  /** TRUNCATE only where there is one, and a rollback undoes it. */
  private String emptying(Connection connection) throws SQLException {
    return keys.truncate()
            && !dialect.getTruncateQuery(keys.tableName()).startsWith("DELETE")
            && connection.getMetaData().supportsDataDefinitionAndDataManipulationTransactions()
        ? "TRUNCATE TABLE " + keys.tableName()
        : "DELETE FROM " + keys.tableName();
  }

  private String insert(String staging, List<String> filled) {
    return "INSERT INTO "
        + keys.tableName()
        + " ("
        + quoted(filled)
        + ") SELECT "
        + quoted(filled)
        + " FROM "
        + staging;
  }

  private String quoted(List<String> columns) {
    return columns.stream().map(dialect::quoteIdentifier).collect(Collectors.joining(", "));
  }

  private void run(String sql) {
    try (Connection connection = database.connect()) {
      new Transaction(connection).execute(sql);
    } catch (SQLException e) {
      throw new StageException(
          "The table that rows wait in cannot be made beside '"
              + keys.tableName()
              + "': "
              + JdbcDatabase.failure(e).getMessage()
              + ". Let the user make tables there, or set \"transactional\" to false.",
          JdbcDatabase.failure(e));
    }
  }

  private StageException wrongCount(long sent, long moved) {
    return new StageException(
        "JDBCLoad should create same number of records in the target ('"
            + keys.tableName()
            + "') as exist in source ('"
            + keys.inputView()
            + "') but source has "
            + sent
            + " records and target created "
            + moved
            + " records. The load was rolled back, so the table is as it was. A trigger or rule of"
            + " the table, or ON CONFLICT IGNORE, may leave rows out: change it, or leave those"
            + " rows out of the view in a SQLTransform.");
  }
}
