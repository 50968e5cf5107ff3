package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcOptionsInWrite;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcUtils;
import org.apache.spark.sql.jdbc.JdbcDialect;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** The table of a database that a load writes. */
final class JdbcTable {

  private final JdbcDatabase database;
  private final JDBCLoad keys;
  private final StageContext context;
  private final JdbcDialect dialect;
  private final JdbcValues values;
  private final TableColumns columns;

  JdbcTable(JdbcDatabase database, JDBCLoad keys, StageContext context) {
    this.database = database;
    this.keys = keys;
    this.context = context;
    this.dialect = database.dialect();
    this.values = new JdbcValues(database.url(), keys);
    this.columns = new TableColumns(database, keys);
  }

  /**
   * Writes rows as "saveMode" says.
   *
   * @return how many; nothing when the table was left alone
   * @throws StageException if the table must not be there, or the database refuses
   */
  OptionalLong load(Dataset<Row> view) {
    boolean exists = exists();
    Dataset<Row> rows = values.inCalendar(view);
    return switch (keys.saveMode()) {
      case ErrorIfExists -> {
        if (exists) {
          throw new StageException(
              "Table '"
                  + keys.tableName()
                  + "' already exists and 'saveMode' equals 'ErrorIfExists' so cannot continue.");
        }
        yield OptionalLong.of(create(rows));
      }
      case Ignore -> {
        if (exists) {
          context.warn(
              ErrorCode.NOTHING_WRITTEN,
              "Nothing was written to the table "
                  + keys.tableName()
                  + ": it is there, and \"saveMode\" is \"Ignore\"",
              null);
          yield OptionalLong.empty();
        }
        yield OptionalLong.of(create(rows));
      }
      case Append -> OptionalLong.of(exists ? add(rows) : create(rows));
      case Overwrite -> OptionalLong.of(exists ? overwrite(rows) : create(rows));
    };
  }

  /**
   * Looks at the columns before anything is sent.
   *
   * @throws StageException for a type that the database lacks, or two columns of one name
   */
  void requireTypes(StructType rows) {
    for (StructField column : rows.fields()) {
      try {
        databaseType(column.dataType());
      } catch (RuntimeException e) {
        throw new StageException(
            "JDBCLoad cannot write the column '"
                + column.name()
                + "' of inputView '"
                + keys.inputView()
                + "': the database has no type for "
                + column.dataType().sql()
                + "; write it as text, such as to_json(…) or cast(… AS STRING).",
            e);
      }
    }
  }

  /** Adds rows to the table, which is made if it is not there. */
  long append(Dataset<Row> batch) {
    Dataset<Row> rows = values.inCalendar(batch);
    return exists() ? add(rows) : create(rows);
  }

  private long add(Dataset<Row> view) {
    List<String> filled = columns.toFill(view.schema());
    UnfilledColumns.tell(database, keys, filled, context);
    Dataset<Row> rows = fitting(view);
    return tellingReplaced(
        /* stays= */ true,
        () ->
            keys.transactional()
                ? addThroughStaging(rows, filled, /* replace= */ false)
                : write(rows, keys.tableName(), Map.of(), "append"));
  }

  /**
   * Counts what a table of SQLite has more behind a load: with ON CONFLICT REPLACE a row takes the
   * place of another of its key, and the database counts it as one that was added.
   *
   * @param stays whether the rows that are there stay
   */
  private long tellingReplaced(boolean stays, LongSupplier load) {
    OptionalLong before = replacing();
    long sent = load.getAsLong();
    if (before.isPresent()) {
      long there = replacing().orElse(0) - (stays ? before.getAsLong() : 0);
      if (there < sent) {
        context.warn(
            ErrorCode.LOST_IN_LOAD,
            "JDBCLoad sent "
                + rows(sent)
                + " of inputView '"
                + keys.inputView()
                + "', and the table '"
                + keys.tableName()
                + "' has "
                + rows(there)
                + " more: with ON CONFLICT REPLACE a row replaced each other one of its key",
            "if that is not meant, keep one row of each key in the view, or leave ON CONFLICT"
                + " REPLACE out of the table");
      }
    }
    return sent;
  }

  /** How many rows the table has, where SQLite replaces some as others come. */
  private OptionalLong replacing() {
    if (!database.url().startsWith("jdbc:sqlite:")) {
      return OptionalLong.empty();
    }
    try (Connection connection = database.connect()) {
      return count(connection, "sqlite_master WHERE sql LIKE '%CONFLICT%REPLACE%'") == 0
          ? OptionalLong.empty()
          : OptionalLong.of(count(connection, keys.tableName()));
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  private static String rows(long count) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? "row" : "rows");
  }

  private static long count(Connection connection, String of) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + of)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /** The rows, with guards for what the table that is there has no place for. */
  private Dataset<Row> fitting(Dataset<Row> rows) {
    try (Connection connection = database.connect()) {
      return values.forTable(rows, connection);
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  private long overwrite(Dataset<Row> view) {
    boolean stays = keys.truncate() || keys.transactional() && columns.areThoseOf(view.schema());
    List<String> filled = stays ? columns.toFill(view.schema()) : List.of();
    Dataset<Row> rows = stays ? fitting(view) : values.forNewTable(view);
    requireNoCascade();
    Optional<TableMakeup> before = stays ? Optional.empty() : makeup();
    boolean hadRows = hasRows();
    long written =
        stays
            ? tellingReplaced(/* stays= */ false, () -> overwrite(rows, filled, /* stays= */ true))
            : overwrite(rows, filled, /* stays= */ false);
    if (hadRows && written == 0) {
      tellEmptied();
    }
    before.ifPresent(this::tellOfLost);
    return written;
  }

  private boolean hasRows() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.setMaxRows(1);
      try (ResultSet rows = statement.executeQuery("SELECT 1 FROM " + keys.tableName())) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /** An input that came empty empties what was made of the one before. */
  private void tellEmptied() {
    context.warn(
        ErrorCode.LOST_IN_LOAD,
        "inputView '"
            + keys.inputView()
            + "' has no rows, and with Overwrite the rows of the table '"
            + keys.tableName()
            + "' are replaced by none",
        "if that is not meant, end the job before, with a SQLValidate such as SELECT count(*) > 0"
            + " AS valid, 'no rows' AS message FROM "
            + keys.inputView());
  }

  private Optional<TableMakeup> makeup() {
    try (Connection connection = database.connect()) {
      return TableMakeup.of(connection, keys.tableName());
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /** A table that is made anew has the columns of the rows, and nothing else of the one before. */
  private void tellOfLost(TableMakeup before) {
    List<String> lost = makeup().map(before::lostIn).orElse(List.of());
    if (!lost.isEmpty()) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "JDBCLoad made the table '"
              + keys.tableName()
              + "' anew from the columns of inputView '"
              + keys.inputView()
              + "', and this of the table that was there is gone: "
              + String.join("; ", lost),
          "set \"truncate\": true, which keeps the table and replaces its rows; make anew what is"
              + " gone in a JDBCExecute");
    }
  }

  private long overwrite(Dataset<Row> rows, List<String> filled, boolean stays) {
    if (!keys.transactional()) {
      // What is read of the table, or of a view of it there, is gone before the first row is sent
      Dataset<Row> kept =
          InputRelations.isOfDatabase(rows, database.url()) ? rows.localCheckpoint() : rows;
      // Spark drops the table and makes it anew unless it is to be truncated
      return write(
          kept, keys.tableName(), Map.of("truncate", String.valueOf(keys.truncate())), "overwrite");
    }
    return stays ? addThroughStaging(rows, filled, /* replace= */ true) : makeAnew(rows);
  }

  /** Rows of other tables that the database would remove, or empty, with those of this one. */
  private void requireNoCascade() {
    try (Connection connection = database.connect()) {
      List<String> others = ForeignKeys.cascades(connection, keys.tableName());
      if (!others.isEmpty()) {
        throw new StageException(
            "JDBCLoad does not overwrite the table '"
                + keys.tableName()
                + "': with its rows the database would change those of "
                + String.join(", ", others)
                + ", by a foreign key with ON DELETE CASCADE, SET NULL or SET DEFAULT. If that is"
                + " meant, delete the rows in a JDBCExecute and set \"saveMode\" to \"Append\".");
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /** A new table; one that could not be filled is dropped again. */
  private long create(Dataset<Row> rows) {
    try {
      return write(values.forNewTable(rows), keys.tableName(), Map.of(), "errorifexists");
    } catch (RuntimeException e) {
      drop(keys.tableName(), e);
      throw e;
    }
  }

  /** The rows go to a table of the same columns first, and from there in one transaction. */
  private long addThroughStaging(Dataset<Row> rows, List<String> filled, boolean replace) {
    return throughStaging(
        staging -> {
          run(copyOfColumns(staging, filled));
          return write(rows, staging, Map.of(), "append");
        },
        (connection, staging) -> {
          if (replace) {
            connection.execute(emptying(connection.connection()));
          }
          return connection.update(insert(staging, filled));
        });
  }

  /** The table is dropped, made with the columns of the rows, and filled, in one transaction. */
  private long makeAnew(Dataset<Row> rows) {
    StructType made = rows.schema();
    return throughStaging(
        staging -> write(rows, staging, Map.of(), "errorifexists"),
        (connection, staging) -> {
          connection.execute("DROP TABLE " + keys.tableName());
          JdbcUtils.createTable(
              connection.connection(), keys.tableName(), made, false, writeOptions(Map.of()));
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
      drop(staging, failure);
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

  /** Writes with Spark's own writer, in parallel. */
  private long write(Dataset<Row> rows, String table, Map<String, String> more, String mode) {
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

  private boolean exists() {
    try (Connection connection = database.connect()) {
      return JdbcUtils.tableExists(connection, writeOptions(Map.of()));
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  private String databaseType(DataType type) {
    return JdbcUtils.getJdbcType(type, dialect).databaseTypeDefinition();
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

  /** Drops a table if it is there; what goes wrong is added to a failure that is told anyway. */
  private void drop(String table, RuntimeException failure) {
    try (Connection connection = database.connect()) {
      if (JdbcUtils.tableExists(connection, writeOptions(Map.of("dbtable", table)))) {
        new Transaction(connection).execute("DROP TABLE " + table);
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
