package io.sqletl.engine.stage.sql;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionDef;
import org.apache.spark.sql.catalyst.expressions.CommonExpressionRef;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.With;
import org.apache.spark.sql.catalyst.plans.logical.LeafNode;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.View;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An expression of a statement whose names and types Spark knows. What a statement reads from views
 * is the matter of their stages and no part of it.
 *
 * @param plan the operator that has it
 * @param above the expression around it; null for the outermost one
 */
record AnalyzedPart(LogicalPlan plan, Expression expression, AnalyzedPart above) {

  /** All of a statement. */
  static Stream<AnalyzedPart> all(LogicalPlan analyzed) {
    return operators(analyzed)
        .filter(plan -> !isInput(plan))
        .flatMap(
            plan ->
                CollectionConverters.asJava(plan.expressions()).stream()
                    .flatMap(each -> new AnalyzedPart(plan, each, null).parts()));
  }

  /** The views, tables and WITH queries that a statement reads. */
  static List<LogicalPlan> inputs(LogicalPlan analyzed) {
    return operators(analyzed).filter(AnalyzedPart::isInput).toList();
  }

  private static boolean isInput(LogicalPlan plan) {
    return plan instanceof View || plan instanceof LeafNode;
  }

  private static Stream<LogicalPlan> operators(LogicalPlan plan) {
    if (isInput(plan)) {
      return Stream.of(plan);
    }
    Stream<LogicalPlan> below =
        Stream.concat(
            CollectionConverters.asJava(plan.children()).stream(),
            CollectionConverters.asJava(plan.subqueries()).stream().map(LogicalPlan.class::cast));
    return Stream.concat(Stream.of(plan), below.flatMap(AnalyzedPart::operators));
  }

  private Stream<AnalyzedPart> parts() {
    return Stream.concat(
        Stream.of(this),
        CollectionConverters.asJava(expression.children()).stream()
            .flatMap(child -> new AnalyzedPart(plan, child, this).parts()));
  }

  /** What was written for it, or for the nearest expression around it. */
  Optional<WrittenPart> written(SqlStatement statement) {
    Optional<WrittenPart> own = WrittenPart.of(expression.origin(), statement);
    return own.isPresent() || above == null ? own : above.written(statement);
  }

  /** What a name stands for that Spark gives to a value which it needs twice, as in BETWEEN. */
  Expression meaning(Expression used) {
    if (!(used instanceof CommonExpressionRef name)) {
      return used;
    }
    if (expression instanceof With with) {
      Optional<CommonExpressionDef> value =
          CollectionConverters.asJava(with.defs()).stream()
              .filter(each -> each.id().equals(name.id()))
              .findFirst();
      if (value.isPresent()) {
        return value.get().child();
      }
    }
    return above == null ? used : above.meaning(used);
  }

  /** Whether Spark casts here and the author does not. */
  static boolean isOwnCast(Expression expression) {
    return expression instanceof Cast cast
        && cast.getTagValue(Cast.USER_SPECIFIED_CAST()).isEmpty()
        && cast.getTagValue(Cast.BY_TABLE_INSERTION()).isEmpty();
  }

  /** An expression without the casts that Spark puts around it. */
  static Expression withoutOwnCasts(Expression expression) {
    return isOwnCast(expression) ? withoutOwnCasts(((Cast) expression).child()) : expression;
  }
}
