package io.sqletl.engine.stage.validate;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Asks a query whether the data is good, and fails the job with its message if not. */
public final class SQLValidateStage implements StageType<SQLValidate> {

  private static final Verdict VERDICT = new Verdict("SQLValidate");

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
    VERDICT.require(result, context);
    return Optional.of(result);
  }
}
