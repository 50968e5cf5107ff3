package io.sqletl.engine.stage.validate;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SingleRow;
import io.sqletl.engine.stage.sql.SqlStatement;
import io.sqletl.engine.stage.sql.StatementMessage;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** Asks a query whether the data is good, and fails the job with its message if not. */
public final class SQLValidateStage implements StageType<SQLValidate> {

  private static final SingleRow RESULT =
      new SingleRow(
          "SQLValidate",
          "[outcome: boolean, message: string]",
          DataTypes.BooleanType,
          DataTypes.StringType);

  @Override
  public Class<SQLValidate> configuration() {
    return SQLValidate.class;
  }

  @Override
  public String description() {
    return "Runs a query that returns one row of a boolean and a message, and fails the job with"
        + " the message when the boolean is false.";
  }

  @Override
  public Stage plan(SQLValidate keys, StagePlanning planning) {
    Optional<SqlStatement> statement = keys.query().plan(planning);
    return context -> validate(statement.orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> validate(SqlStatement statement, StageContext context) {
    Dataset<Row> result = statement.run(context);
    Row row = RESULT.of(result);
    if (row.isNullAt(0)) {
      throw RESULT.refusedNull(row);
    }
    String message = row.getString(1);
    context.detail("message", StatementMessage.parse(message));
    if (!row.getBoolean(0)) {
      throw new StageException("SQLValidate failed with message: '" + message + "'.");
    }
    return Optional.of(result);
  }
}
