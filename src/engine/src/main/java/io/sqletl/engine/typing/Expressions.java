package io.sqletl.engine.typing;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.KnownNullable;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.objects.Invoke;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.ObjectType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The Catalyst expressions that typing is made of. */
final class Expressions {

  private Expressions() {}

  /** Whether a call's result may be null. */
  enum Result {
    NULLABLE,
    NOT_NULL
  }

  /** Whether a call is made for a null argument, or null is the result without a call. */
  enum NullArgument {
    PASSED,
    RETURNED
  }

  /** Whether Spark may evaluate a call more often, or elsewhere, than the plan says. */
  enum Evaluation {
    FREE,
    ONCE
  }

  /** A call of a public method of an object that the generated code is given. */
  record Call(Object target, Class<?> type, String method) {

    Expression of(
        DataType dataType,
        List<Expression> arguments,
        NullArgument nullArgument,
        Result result,
        Evaluation evaluation) {
      return new Invoke(
          Literal.fromObject(target, new ObjectType(type)),
          method,
          dataType,
          seq(arguments),
          seq(List.of()),
          nullArgument == NullArgument.RETURNED,
          result == Result.NULLABLE,
          evaluation == Evaluation.FREE);
    }
  }

  /** A balanced tree, since Spark recurses into expressions; false for none. */
  static Expression anyOf(List<Expression> conditions) {
    return switch (conditions.size()) {
      case 0 -> new Literal(false, DataTypes.BooleanType);
      case 1 -> conditions.get(0);
      default -> {
        int middle = conditions.size() / 2;
        yield new Or(
            anyOf(conditions.subList(0, middle)),
            anyOf(conditions.subList(middle, conditions.size())));
      }
    };
  }

  /** The expression with the nullability that the schema gives, where that is wider. */
  static Expression nullable(Expression expression) {
    return expression.nullable() ? expression : new KnownNullable(expression);
  }

  static <T> Seq<T> seq(List<? extends T> list) {
    return CollectionConverters.<T>asScala(List.<T>copyOf(list)).toSeq();
  }
}
