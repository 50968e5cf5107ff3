package io.sqletl.engine.stage.validate;

import io.sqletl.engine.stage.MetadataView;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Asks a query whether the columns of a view are good, and fails the job with its message if not.
 */
public final class MetadataValidateStage implements StageType<MetadataValidate> {

  private static final Verdict VERDICT = new Verdict("MetadataValidate");

  @Override
  public Class<MetadataValidate> configuration() {
    return MetadataValidate.class;
  }

  @Override
  public String description() {
    return "Runs a query of the view metadata, which has a row for each column of a view, and fails"
        + " the job with the message it returns when its boolean is false.";
  }

  @Override
  public Stage plan(MetadataValidate keys, StagePlanning planning) {
    planning.views().provides(MetadataView.NAME);
    planning.views().makes(MetadataView.NAME);
    Optional<SqlStatement> statement = keys.query().plan(planning);
    return context -> validate(keys.inputView(), statement.orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> validate(
      String inputView, SqlStatement statement, StageContext context) {
    MetadataView.register(context.view(inputView));
    Dataset<Row> result = statement.run(context);
    VERDICT.require(result, context);
    return Optional.of(result);
  }
}
