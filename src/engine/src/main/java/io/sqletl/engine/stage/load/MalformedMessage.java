package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.MalformedPlace;
import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * What is said of a value that is no UTF-8, with the file and line that it comes from where the
 * same task has read them. Public because the code that Spark generates calls it.
 */
public final class MalformedMessage implements Serializable {

  private static final long serialVersionUID = 1L;

  /** What extracts say of such bytes. */
  private static final String SIGN = "UTF-8";

  private final String problem;
  private final String remedy;

  /**
   * @param remedy where no file is known
   */
  MalformedMessage(String problem, String remedy) {
    this.problem = problem;
    this.remedy = remedy;
  }

  /**
   * @param isWrong whether there is something to say, so that nothing is asked for good values
   */
  Column of(Column isWrong) {
    return new MethodCall(this, MalformedMessage.class, "text")
        .column(
            DataTypes.StringType,
            List.of(ExpressionUtils.expression(isWrong)),
            NullArgument.RETURNED,
            Result.NULLABLE,
            Evaluation.FREE);
  }

  /** Called by the code that Spark generates. */
  public UTF8String text(boolean isWrong) {
    String text =
        MalformedPlace.of(SIGN)
            .map(
                place ->
                    problem
                        + ", such as in "
                        + place
                        + ". Read the file with BytesExtract and decode(value, 'windows-1252') in"
                        + " SQL, or convert it, which keeps its letters. "
                        + remedy)
            .orElse(problem + ". " + remedy);
    return UTF8String.fromString(text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MalformedMessage message && message.problem.equals(problem);
  }

  @Override
  public int hashCode() {
    return problem.hashCode();
  }

  @Override
  public String toString() {
    return problem;
  }
}
