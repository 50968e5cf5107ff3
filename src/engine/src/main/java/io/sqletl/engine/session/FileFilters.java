package io.sqletl.engine.session;

import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.KnownNullable;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Keeps comparisons of floats and doubles from being asked of files, which answer by what they say
 * of many rows at once: to Spark NaN is greater than every number and -0.0 is 0.0, and the rows of
 * such values were lost.
 *
 * <p>Writers other than Java's leave NaN out of the greatest value (Parquet says so of readers too:
 * <a href="https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift">
 * parquet.thrift</a>), Parquet's dictionaries and ORC's statistics take -0.0 for less than 0.0. All
 * other comparisons are asked as ever.
 */
public final class FileFilters extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectPreCBORule(
        new AbstractFunction1<SparkSession, Rule<LogicalPlan>>() {
          @Override
          public Rule<LogicalPlan> apply(SparkSession session) {
            return new KeepFloats();
          }
        });
    return BoxedUnit.UNIT;
  }

  /**
   * Files are asked for comparisons of columns alone. One that is said to be nullable, which costs
   * nothing and changes nothing, is none to them.
   */
  private static final class KeepFloats extends Rule<LogicalPlan> {

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
      LogicalPlan changed =
          plan.mapChildren(
              new AbstractFunction1<LogicalPlan, LogicalPlan>() {
                @Override
                public LogicalPlan apply(LogicalPlan child) {
                  return KeepFloats.this.apply(child);
                }
              });
      if (changed instanceof Filter filter && readsFiles(filter)) {
        Expression condition = kept(filter.condition());
        return condition.fastEquals(filter.condition())
            ? filter
            : new Filter(condition, filter.child());
      }
      return changed;
    }

    private static boolean readsFiles(Filter filter) {
      List<LogicalPlan> leaves = CollectionConverters.asJava(filter.collectLeaves());
      return leaves.stream()
          .anyMatch(
              leaf ->
                  leaf instanceof LogicalRelation relation
                      && relation.relation() instanceof HadoopFsRelation);
    }

    private static Expression kept(Expression expression) {
      boolean compares =
          expression instanceof BinaryComparison
              || expression instanceof In
              || expression instanceof InSet;
      return expression.mapChildren(
          new AbstractFunction1<Expression, Expression>() {
            @Override
            public Expression apply(Expression child) {
              return compares && isFloat(child) ? new KnownNullable(child) : kept(child);
            }
          });
    }

    private static boolean isFloat(Expression expression) {
      boolean isColumn = expression instanceof Attribute || expression instanceof GetStructField;
      return isColumn
          && (expression.dataType() instanceof DoubleType
              || expression.dataType() instanceof FloatType);
    }
  }
}
