package io.sqletl.engine.typing;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.KnownNullable;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** The Catalyst expressions that typing is made of. */
final class Expressions {

  private Expressions() {}

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
