package io.sqletl.engine.stage.execute;

import io.sqletl.engine.stage.JobState;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SingleRow;
import io.sqletl.engine.stage.sql.SqlStatement;
import io.sqletl.engine.stage.sql.StatementMessage;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Asks a query whether there is work to do. */
public final class ControlFlowExecuteStage implements StageType<ControlFlowExecute> {

  private static final SingleRow RESULT =
      new SingleRow(
          "ControlFlowExecute",
          "[outcome: boolean, message: string]",
          DataTypes.BooleanType,
          DataTypes.StringType);

  @Override
  public Class<ControlFlowExecute> configuration() {
    return ControlFlowExecute.class;
  }

  @Override
  public String description() {
    return "Runs a query that returns one row of a boolean and a message; when it is false, the"
        + " lifecycle plugin ControlFlow ends the job here, well.";
  }

  @Override
  public Stage plan(ControlFlowExecute keys, StagePlanning planning) {
    if (planning.options().streaming()) {
      planning.invalid(
          "type",
          "ControlFlowExecute can only be executed when not in streaming mode.",
          "give the stage an environment of its own");
    }
    Optional<SqlStatement> statement = keys.query().plan(planning);
    return context -> decide(keys.key(), statement.orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> decide(
      String key, SqlStatement statement, StageContext context) throws StageException {
    Dataset<Row> result = statement.run(context);
    Row row = RESULT.of(result);
    if (row.isNullAt(0)) {
      throw RESULT.refusedNull(row);
    }
    Object parsed = StatementMessage.parse(row.getString(1));
    // Arc takes objects only
    Object message = parsed instanceof Map<?, ?> ? parsed : row.getString(1);
    context.detail("message", message);
    context.detail("result", row.getBoolean(0));
    context.state().outcome(key, new JobState.Outcome(row.getBoolean(0), message));
    return Optional.of(result);
  }
}
