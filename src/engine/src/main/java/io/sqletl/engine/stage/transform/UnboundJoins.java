package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.plans.logical.Aggregate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.Join;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.OneRowRelation;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.catalyst.trees.Origin;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A JOIN without ON and USING whose sides no WHERE compares either, so that each row of one is put
 * together with each of the other. Who means that writes CROSS JOIN, or a comma.
 */
final class UnboundJoins {

  private static final Pattern WORD =
      Pattern.compile(
          "(?is)(inner\\s+|(left|right|full)\\s+(outer\\s+)?)?join\\b.*", Pattern.UNICODE_CASE);

  private UnboundJoins() {}

  /** Warns if a statement has one; what it reads from views is the matter of their stages. */
  static void warn(LogicalPlan plan, StageContext context) {
    find(plan, List.of())
        .ifPresent(
            text ->
                context.warnOf(
                    ErrorCode.CROSS_JOIN,
                    "\""
                        + text
                        + "\" has no ON and no USING, so that each row is put together with"
                        + " each row",
                    "add ON … or USING (…), or write CROSS JOIN if it is meant"));
  }

  /**
   * @param filters the conditions that the rows of the plan have to meet
   */
  private static Optional<String> find(LogicalPlan plan, List<Expression> filters) {
    if (plan instanceof View) {
      return Optional.empty();
    }
    List<Expression> above = new ArrayList<>();
    if (plan instanceof Filter filter) {
      above.addAll(filters);
      addParts(filter.condition(), above);
    } else if (plan instanceof Join) {
      above.addAll(filters);
    }
    if (plan instanceof Join join && join.condition().isEmpty()) {
      Optional<String> text = written(join.origin());
      if (text.isPresent()
          && !compares(above, join)
          && !isOneRow(join.left())
          && !isOneRow(join.right())) {
        return text;
      }
    }
    return CollectionConverters.asJava(plan.children()).stream()
        .map(child -> find(child, above))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static void addParts(Expression condition, List<Expression> parts) {
    if (condition instanceof And and) {
      addParts(and.left(), parts);
      addParts(and.right(), parts);
    } else {
      parts.add(condition);
    }
  }

  private static boolean compares(List<Expression> conditions, Join join) {
    return conditions.stream()
        .map(Expression::references)
        .anyMatch(
            used ->
                used.intersect(join.left().outputSet()).nonEmpty()
                    && used.intersect(join.right().outputSet()).nonEmpty());
  }

  /** Values that are put to each row, such as the sum of all. */
  private static boolean isOneRow(LogicalPlan plan) {
    if (plan instanceof Aggregate aggregate) {
      return aggregate.groupingExpressions().isEmpty();
    }
    return plan instanceof OneRowRelation || plan instanceof UnaryNode one && isOneRow(one.child());
  }

  /** The text of a join that is written with the word, and not with a comma. */
  private static Optional<String> written(Origin origin) {
    if (origin.sqlText().isEmpty() || origin.startIndex().isEmpty()) {
      return Optional.empty();
    }
    String sql = origin.sqlText().get();
    int start = sql.offsetByCodePoints(0, (Integer) origin.startIndex().get());
    int stop = sql.offsetByCodePoints(0, (Integer) origin.stopIndex().get() + 1);
    return Optional.of(sql.substring(start, stop).strip()).filter(WORD.asMatchPredicate());
  }
}
