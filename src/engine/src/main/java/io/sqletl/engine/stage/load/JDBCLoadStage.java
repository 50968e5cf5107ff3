package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.jdbc.JdbcAddress;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/** Writes a view into a table of another database. */
public final class JDBCLoadStage implements StageType<JDBCLoad> {

  @Override
  public Class<JDBCLoad> configuration() {
    return JDBCLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view into a table of a database, through JDBC; columns of arrays are left out."
        + " The rows of a stream are added batch by batch.";
  }

  @Override
  public Stage plan(JDBCLoad keys, StagePlanning planning) {
    Optional<JdbcDatabase> database =
        JdbcDatabase.find(keys.jdbcURL(), planning.header().params(), planning);
    new IdleKeys(planning)
        .warn(
            keys.truncate() && keys.saveMode() != SaveMode.Overwrite,
            "truncate",
            "with \"saveMode\": \"Overwrite\"");
    return context -> Optional.of(load(keys, database.orElseThrow(), context));
  }

  private static Dataset<Row> load(JDBCLoad keys, JdbcDatabase database, StageContext context)
      throws TimeoutException {
    database.describe(context);
    context.detail("tableName", keys.tableName());
    context.detail("saveMode", keys.saveMode().name().toLowerCase(Locale.ROOT));
    context.detail("truncate", keys.truncate());
    context.detail("batchsize", keys.batchsize());
    context.detail("isolationLevel", keys.isolationLevel().name());
    context.detail("tablock", keys.tablock());
    keys.createTableOptions().ifPresent(text -> context.detail("createTableOptions", text));
    keys.createTableColumnTypes().ifPresent(text -> context.detail("createTableColumnTypes", text));
    Dataset<Row> rows =
        UnsupportedColumns.WITHOUT_TYPE_AND_ARRAYS.drop(
            context.view(keys.inputView()), keys.inputView(), context);
    JdbcTable table = new JdbcTable(database, keys, context);
    table.requireTypes(rows.schema());
    if (rows.isStreaming()) {
      VoidFunction2<Dataset<Row>, Long> append = (batch, number) -> table.append(batch);
      rows.writeStream().foreachBatch(append).start();
    } else {
      table.load(rows).ifPresent(count -> context.detail("count", count));
    }
    context.wrote(JdbcAddress.masked(database.url()) + " " + keys.tableName());
    return rows;
  }
}
