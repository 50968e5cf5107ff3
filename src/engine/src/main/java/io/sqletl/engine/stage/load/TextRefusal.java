package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;

/**
 * Ends the run at a value of a view that is wrong. Public because the code that Spark generates
 * calls it.
 */
public final class TextRefusal implements Serializable {

  private static final long serialVersionUID = 1L;

  private final String message;

  TextRefusal(String message) {
    this.message = message;
  }

  /**
   * @param isWrong true for a value that ends the run; null and false for others
   * @return false or null, if at all
   */
  Column unless(Column isWrong) {
    return new MethodCall(this, TextRefusal.class, "isRefused")
        .column(
            DataTypes.BooleanType,
            List.of(ExpressionUtils.expression(isWrong)),
            NullArgument.RETURNED,
            Result.NULLABLE,
            Evaluation.FREE);
  }

  /**
   * @throws StageException where it is
   */
  public boolean isRefused(boolean isWrong) {
    if (isWrong) {
      throw new StageException(message);
    }
    return false;
  }

  @Override
  public String toString() {
    return message;
  }
}
