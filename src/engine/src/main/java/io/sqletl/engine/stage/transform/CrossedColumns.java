package io.sqletl.engine.stage.transform;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.Except;
import org.apache.spark.sql.catalyst.plans.logical.InsertIntoStatement;
import org.apache.spark.sql.catalyst.plans.logical.Intersect;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.Union;
import org.apache.spark.sql.catalyst.plans.logical.View;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * UNION, EXCEPT and INTERSECT of queries that have the same names in another order. SQL puts
 * columns together by their places, so that values end up under the names of others.
 */
final class CrossedColumns {

  /** So many digits of a decimal are the same in a double. */
  private static final int EXACT_DIGITS = 15;

  private CrossedColumns() {}

  /** Warns if a statement has one; what it reads from views is the matter of their stages. */
  static void warn(LogicalPlan plan, StageContext context) {
    crossed(plan)
        .ifPresent(
            pair ->
                context.warnOfColumns(
                    "the queries that are put together have the columns "
                        + pair.first()
                        + " and "
                        + pair.second()
                        + ", and SQL puts them together by their places",
                    "name them in one order, or give those that are meant so the first query's"
                        + " names with AS"));
  }

  /** Warns of an INSERT that has the names of the table's columns in another order. */
  static void warnOfInsert(LogicalPlan parsed, StageContext context) {
    if (parsed instanceof InsertIntoStatement insert
        && !insert.byName()
        && insert.partitionSpec().isEmpty()
        && context.spark() instanceof SparkSession spark) {
      List<String> given = CollectionConverters.asJava(insert.userSpecifiedCols());
      List<String> columns;
      List<String> values;
      try {
        columns = given.isEmpty() ? analyzed(insert.table(), spark) : given;
        values = analyzed(insert.query(), spark);
      } catch (Exception e) {
        // The statement itself tells what is wrong with it
        return;
      }
      if (isCrossed(new Pair(columns, values))) {
        context.warnOfColumns(
            "INSERT puts the columns "
                + values
                + " into "
                + columns
                + ", by their places and not by their names",
            "write INSERT INTO … BY NAME SELECT …");
      }
    }
  }

  private static List<String> analyzed(LogicalPlan plan, SparkSession spark) {
    return names(spark.sessionState().executePlan(plan, CommandExecutionMode.SKIP()).analyzed());
  }

  /** Warns where a decimal becomes a double, of which only some digits are the same. */
  static void warnOfDigits(LogicalPlan plan, StageContext context) {
    lossy(plan)
        .ifPresent(
            column ->
                context.warnOf(
                    ErrorCode.VALUES_ADJUSTED,
                    "the column "
                        + column.name()
                        + " is "
                        + ((Cast) column.child()).child().dataType().sql()
                        + " in one query and "
                        + column.dataType().sql()
                        + " in another one that is put together with it, and becomes "
                        + column.dataType().sql()
                        + ", which keeps 15 digits",
                    "cast it to one type in all of them, such as CAST("
                        + column.name()
                        + " AS "
                        + ((Cast) column.child()).child().dataType().sql()
                        + ")"));
  }

  private static Optional<Alias> lossy(LogicalPlan plan) {
    if (plan instanceof View) {
      return Optional.empty();
    }
    List<LogicalPlan> children = CollectionConverters.asJava(plan.children());
    if (plan instanceof Union || plan instanceof Except || plan instanceof Intersect) {
      for (LogicalPlan child : children) {
        if (child instanceof Project project) {
          for (NamedExpression column : CollectionConverters.asJava(project.projectList())) {
            if (column instanceof Alias alias && isLossy(alias.child())) {
              return Optional.of(alias);
            }
          }
        }
      }
    }
    return children.stream().map(CrossedColumns::lossy).flatMap(Optional::stream).findFirst();
  }

  /** A cast that nobody wrote, of more digits than a double has. */
  private static boolean isLossy(Expression expression) {
    return expression instanceof Cast cast
        && cast.getTagValue(Cast.USER_SPECIFIED_CAST()).isEmpty()
        && cast.child().dataType() instanceof DecimalType decimal
        && decimal.precision() > EXACT_DIGITS
        && (cast.dataType() instanceof DoubleType || cast.dataType() instanceof FloatType);
  }

  private record Pair(List<String> first, List<String> second) {}

  private static Optional<Pair> crossed(LogicalPlan plan) {
    if (plan instanceof View) {
      return Optional.empty();
    }
    List<LogicalPlan> children = CollectionConverters.asJava(plan.children());
    if (plan instanceof Union || plan instanceof Except || plan instanceof Intersect) {
      LogicalPlan first = children.get(0);
      for (LogicalPlan other : children.subList(1, children.size())) {
        Pair pair = new Pair(names(first), names(other));
        if (isCrossed(pair) && !sources(first).equals(sources(other))) {
          return Optional.of(pair);
        }
      }
    }
    return children.stream().map(CrossedColumns::crossed).flatMap(Optional::stream).findFirst();
  }

  private static List<String> names(LogicalPlan plan) {
    return CollectionConverters.asJava(plan.output()).stream()
        .map(column -> column.name())
        .toList();
  }

  /** Whether a column is put under the name of another one that both have. */
  private static boolean isCrossed(Pair pair) {
    List<String> first = inLowerCase(pair.first());
    List<String> second = inLowerCase(pair.second());
    Set<String> common = new HashSet<>(first);
    common.retainAll(second);
    for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
      if (!first.get(i).equals(second.get(i))
          && common.contains(first.get(i))
          && common.contains(second.get(i))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> inLowerCase(List<String> names) {
    return names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
  }

  /** Both directions of the same pairs (`from`, `to` and `to`, `from` of one view) are meant so. */
  private static List<String> sources(LogicalPlan plan) {
    List<String> found = new ArrayList<>();
    addSources(plan, found);
    return found;
  }

  private static void addSources(LogicalPlan plan, List<String> found) {
    if (plan instanceof View view) {
      found.add(view.desc().identifier().table());
      return;
    }
    CollectionConverters.asJava(plan.children()).forEach(child -> addSources(child, found));
  }
}
