package io.sqletl.engine.stage.validate;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.sql.SingleRow;
import io.sqletl.engine.stage.sql.StatementMessage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** The row of a boolean and a message that validating queries return. */
final class Verdict {

  private final String stage;
  private final SingleRow signature;

  /**
   * @param stage the stage type, for messages
   */
  Verdict(String stage) {
    this.stage = stage;
    this.signature =
        new SingleRow(
            stage,
            "[outcome: boolean, message: string]",
            DataTypes.BooleanType,
            DataTypes.StringType);
  }

  /** Tells the message, and fails with it when the boolean is false. */
  void require(Dataset<Row> result, StageContext context) {
    Row row = signature.of(result);
    if (row.isNullAt(0)) {
      throw signature.refusedNull(row);
    }
    String message = row.getString(1);
    context.detail("message", StatementMessage.parse(message));
    if (!row.getBoolean(0)) {
      throw new StageException(stage + " failed with message: '" + message + "'.");
    }
  }
}
