package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.BRound;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Multiply;
import org.apache.spark.sql.catalyst.expressions.Round;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Products of decimals that have more digits behind the point than Spark keeps. A decimal has 38
 * digits at most, and where a product might have more, Spark takes those before the point for
 * needed and drops those behind it, down to six.
 */
final class CutProducts {

  private CutProducts() {}

  /** Warns if a statement has one; what it reads from views is the matter of their stages. */
  static void warn(LogicalPlan plan, StageContext context) {
    find(plan)
        .ifPresent(
            product ->
                context.warnOf(
                    ErrorCode.VALUES_ADJUSTED,
                    "the product "
                        + product.sql().replaceAll("[\\w`.]*`([^`.]*)`", "$1")
                        + " is "
                        + product.dataType().sql()
                        + " and has "
                        + exactScale(product)
                        + " digits behind the point: the others are rounded",
                    "cast the factors to decimals of fewer digits before, such as"
                        + " CAST(x AS DECIMAL(18, 4))"));
  }

  private static Optional<Multiply> find(LogicalPlan plan) {
    if (plan instanceof View) {
      return Optional.empty();
    }
    for (Expression expression : CollectionConverters.asJava(plan.expressions())) {
      Optional<Multiply> found = in(expression, DecimalType.MAX_SCALE());
      if (found.isPresent()) {
        return found;
      }
    }
    return CollectionConverters.asJava(plan.children()).stream()
        .map(CutProducts::find)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * @param needed how many digits behind the point are kept of the result
   */
  private static Optional<Multiply> in(Expression expression, int needed) {
    if (expression instanceof Multiply product
        && product.dataType() instanceof DecimalType kept
        && exactScale(product) > kept.scale()
        && needed > kept.scale()) {
      return Optional.of(product);
    }
    int neededHere = neededOf(expression).orElse(DecimalType.MAX_SCALE());
    return CollectionConverters.asJava(expression.children()).stream()
        .map(child -> in(child, neededHere))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static int exactScale(Multiply product) {
    return scale(product.left()) + scale(product.right());
  }

  private static int scale(Expression factor) {
    return factor.dataType() instanceof DecimalType decimal ? decimal.scale() : 0;
  }

  /** What the author rounds has no more digits anyway; so have sums of it that are rounded. */
  private static Optional<Integer> neededOf(Expression expression) {
    if (expression instanceof Cast cast) {
      DataType type = cast.dataType();
      if (type instanceof DecimalType decimal) {
        return Optional.of(decimal.scale());
      }
      return type instanceof StringType ? Optional.empty() : Optional.of(0);
    }
    boolean rounds = expression instanceof Round || expression instanceof BRound;
    List<Expression> children = CollectionConverters.asJava(expression.children());
    return rounds && children.get(1).foldable()
        ? Optional.of((Integer) children.get(1).eval(null))
        : Optional.empty();
  }
}
