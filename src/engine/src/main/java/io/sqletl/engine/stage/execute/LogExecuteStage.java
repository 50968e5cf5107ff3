package io.sqletl.engine.stage.execute;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SingleRow;
import io.sqletl.engine.stage.sql.SqlStatement;
import io.sqletl.engine.stage.sql.StatementMessage;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Writes what a query returns to the job's log. */
public final class LogExecuteStage implements StageType<LogExecute> {

  private static final SingleRow RESULT =
      new SingleRow("LogExecute", "[message: string]", DataTypes.StringType);

  @Override
  public Class<LogExecute> configuration() {
    return LogExecute.class;
  }

  @Override
  public String description() {
    return "Runs a query that returns one row of one string, and writes that string to the log.";
  }

  @Override
  public Stage plan(LogExecute keys, StagePlanning planning) {
    Optional<SqlStatement> statement = keys.query().plan(planning);
    return context -> log(statement.orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> log(SqlStatement statement, StageContext context) {
    Dataset<Row> result = statement.run(context);
    Row row = RESULT.of(result);
    if (row.isNullAt(0)) {
      throw RESULT.refusedNull(row);
    }
    context.detail("message", StatementMessage.parse(row.getString(0)));
    return Optional.of(result);
  }
}
