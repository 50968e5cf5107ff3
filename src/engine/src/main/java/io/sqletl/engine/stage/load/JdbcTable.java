package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcUtils;
import org.apache.spark.sql.jdbc.JdbcDialect;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The table of a database that a load writes. */
final class JdbcTable {

  private final JdbcDatabase database;
  private final JDBCLoad keys;
  private final StageContext context;
  private final JdbcDialect dialect;
  private final JdbcValues values;
  private final TableColumns columns;
  private final JdbcWriter writer;
  private final TableLosses losses;

  JdbcTable(JdbcDatabase database, JDBCLoad keys, StageContext context) {
    this.database = database;
    this.keys = keys;
    this.context = context;
    this.dialect = database.dialect();
    this.values = new JdbcValues(database.url(), keys);
    this.columns = new TableColumns(database, keys);
    this.writer = new JdbcWriter(database, keys, context);
    this.losses = new TableLosses(database, keys, context);
  }

  /**
   * Writes rows as "saveMode" says.
   *
   * @return how many; nothing when the table was left alone
   * @throws StageException if the table must not be there, or the database refuses
   */
  OptionalLong load(Dataset<Row> view) {
    boolean exists = writer.exists();
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
    return writer.exists() ? add(rows) : create(rows);
  }

  private long add(Dataset<Row> view) {
    List<String> filled = columns.toFill(view.schema());
    UnfilledColumns.tell(database, keys, filled, context);
    Dataset<Row> rows = fitting(view);
    return losses.tellingReplaced(
        /* stays= */ true,
        () ->
            keys.transactional()
                ? new StagingTable(writer).add(rows, filled, /* replace= */ false)
                : writer.write(rows, keys.tableName(), Map.of(), "append"));
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
    return losses.tellingOverwritten(stays, () -> overwrite(rows, filled, stays));
  }

  private long overwrite(Dataset<Row> rows, List<String> filled, boolean stays) {
    if (!keys.transactional()) {
      // What is read of the table, or of a view of it there, is gone before the first row is sent
      Dataset<Row> kept =
          InputRelations.isOfDatabase(rows, database.url()) ? rows.localCheckpoint() : rows;
      // Spark drops the table and makes it anew unless it is to be truncated
      return writer.write(
          kept, keys.tableName(), Map.of("truncate", String.valueOf(keys.truncate())), "overwrite");
    }
    StagingTable staging = new StagingTable(writer);
    return stays ? staging.add(rows, filled, /* replace= */ true) : staging.makeAnew(rows);
  }

  /** A new table; one that could not be filled is dropped again. */
  private long create(Dataset<Row> rows) {
    try {
      return writer.write(values.forNewTable(rows), keys.tableName(), Map.of(), "errorifexists");
    } catch (RuntimeException e) {
      writer.drop(keys.tableName(), e);
      throw e;
    }
  }

  private String databaseType(DataType type) {
    return JdbcUtils.getJdbcType(type, dialect).databaseTypeDefinition();
  }
}
