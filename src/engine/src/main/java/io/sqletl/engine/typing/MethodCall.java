package io.sqletl.engine.typing;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.ObjectType;

/**
 * A call of a public method of an object that the code which Spark generates is given. The method
 * takes and gives what Spark holds values in, such as {@code UTF8String} for a string.
 *
 * @param target serializable, of a public class
 * @param type that class, or one above it
 * @param method its name
 */
public record MethodCall(Object target, Class<?> type, String method) {

  /** Whether a call's result may be null. */
  public enum Result {
    NULLABLE,
    NOT_NULL
  }

  /** Whether a call is made for a null argument, or null is the result without a call. */
  public enum NullArgument {
    PASSED,
    RETURNED
  }

  /** Whether Spark may evaluate a call more often, or elsewhere, than the plan says. */
  public enum Evaluation {
    FREE,
    ONCE
  }

  /** The call as an expression. */
  public Expression of(
      DataType dataType,
      List<Expression> arguments,
      NullArgument nullArgument,
      Result result,
      Evaluation evaluation) {
    return new Invoke(
        Literal.fromObject(target, new ObjectType(type)),
        method,
        dataType,
        Expressions.seq(arguments),
        Expressions.seq(List.of()),
        nullArgument == NullArgument.RETURNED,
        result == Result.NULLABLE,
        evaluation == Evaluation.FREE);
  }

  /** The call as a column. */
  public Column column(
      DataType dataType,
      List<Expression> arguments,
      NullArgument nullArgument,
      Result result,
      Evaluation evaluation) {
    return ExpressionUtils.column(of(dataType, arguments, nullArgument, result, evaluation));
  }
}
