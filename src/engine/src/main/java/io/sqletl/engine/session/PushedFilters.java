package io.sqletl.engine.session;

import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GetStructField;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.InSet;
import org.apache.spark.sql.catalyst.expressions.KnownNullable;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.StringPredicate;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.rules.Rule;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.execution.datasources.jdbc.JDBCRelation;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.TimestampType;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Keeps comparisons from files and databases that answer them otherwise than Spark.
 *
 * <p>Files are asked by what they say of many rows at once. To Spark NaN is greater than every
 * number and -0.0 is 0.0; writers other than Java's leave NaN out of the greatest value (Parquet
 * says so of readers too: <a
 * href="https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift">
 * parquet.thrift</a>), Parquet's dictionaries and ORC's statistics take -0.0 for less than 0.0. So
 * they are not asked for floats and doubles.
 *
 * <p>Databases compare texts by a collation of their own, and some take a backslash in a pattern
 * for an escape. They are asked for texts that are equal, or among others, which gives all that
 * Spark wants and perhaps more, and Spark looks again; other comparisons of texts are Spark's.
 * SQLite compares times as the texts or numbers that they are to it, and is not asked for them. NaN
 * and the infinities would reach a database as bare words, which it takes for names of columns.
 */
public final class PushedFilters extends AbstractFunction1<SparkSessionExtensions, BoxedUnit> {

  @Override
  public BoxedUnit apply(SparkSessionExtensions extensions) {
    extensions.injectPreCBORule(
        new AbstractFunction1<SparkSession, Rule<LogicalPlan>>() {
          @Override
          public Rule<LogicalPlan> apply(SparkSession session) {
            return new Kept();
          }
        });
    return BoxedUnit.UNIT;
  }

  /**
   * Files are asked for comparisons of columns alone. One that is said to be nullable, which costs
   * nothing and changes nothing, is none to them.
   */
  private static final class Kept extends Rule<LogicalPlan> {

    @Override
    public LogicalPlan apply(LogicalPlan plan) {
      LogicalPlan changed =
          plan.mapChildren(
              new AbstractFunction1<LogicalPlan, LogicalPlan>() {
                @Override
                public LogicalPlan apply(LogicalPlan child) {
                  return Kept.this.apply(child);
                }
              });
      if (!(changed instanceof Filter filter)) {
        return changed;
      }
      Expression condition = filter.condition();
      for (LogicalPlan leaf : CollectionConverters.asJava(filter.collectLeaves())) {
        if (leaf instanceof LogicalRelation relation) {
          condition = kept(condition, relation);
        }
      }
      return condition.fastEquals(filter.condition())
          ? filter
          : new Filter(condition, filter.child());
    }

    private static Expression kept(Expression condition, LogicalRelation relation) {
      if (relation.relation() instanceof HadoopFsRelation) {
        return kept(condition, Kept::isFloat);
      }
      if (!(relation.relation() instanceof JDBCRelation table)) {
        return condition;
      }
      Expression numbers = withoutBareWords(condition);
      boolean isSqlite = table.jdbcOptions().url().startsWith("jdbc:sqlite:");
      return ofDatabase(
          numbers,
          column ->
              column.dataType() instanceof StringType
                  || isSqlite
                      && (column.dataType() instanceof TimestampType
                          || column.dataType() instanceof DateType));
    }

    /** Comparisons with numbers that SQL has no literal for, with their columns as no columns. */
    private static Expression withoutBareWords(Expression expression) {
      boolean isMeant =
          expression instanceof InSet set
              ? CollectionConverters.asJava(set.hset()).stream().anyMatch(Kept::isBareWord)
              : CollectionConverters.asJava(expression.children()).stream()
                  .anyMatch(
                      child -> child instanceof Literal literal && isBareWord(literal.value()));
      return isMeant
          ? kept(expression, Kept::isFloat)
          : expression.mapChildren(
              new AbstractFunction1<Expression, Expression>() {
                @Override
                public Expression apply(Expression child) {
                  return withoutBareWords(child);
                }
              });
    }

    private static boolean isBareWord(Object value) {
      return value instanceof Double number && !Double.isFinite(number)
          || value instanceof Float other && !Float.isFinite(other);
    }

    private static Expression ofDatabase(Expression condition, Predicate<Expression> isMeant) {
      if (condition instanceof And and) {
        return new And(ofDatabase(and.left(), isMeant), ofDatabase(and.right(), isMeant));
      }
      Expression kept = kept(condition, isMeant);
      boolean isEqual =
          condition instanceof EqualTo equal
                  && isText(equal.left())
                  && equal.right() instanceof Literal
              || condition instanceof In in && isText(in.value())
              || condition instanceof InSet set && isText(set.child());
      return isEqual && !kept.fastEquals(condition) ? new And(condition, kept) : kept;
    }

    private static boolean isText(Expression expression) {
      return expression instanceof Attribute && expression.dataType() instanceof StringType;
    }

    /** With the columns that are meant as no columns, wherever they are compared. */
    private static Expression kept(Expression expression, Predicate<Expression> isMeant) {
      boolean compares =
          expression instanceof BinaryComparison
              || expression instanceof StringPredicate
              || expression instanceof In
              || expression instanceof InSet;
      return expression.mapChildren(
          new AbstractFunction1<Expression, Expression>() {
            @Override
            public Expression apply(Expression child) {
              return compares && isColumn(child) && isMeant.test(child)
                  ? new KnownNullable(child)
                  : kept(child, isMeant);
            }
          });
    }

    private static boolean isColumn(Expression expression) {
      return expression instanceof Attribute || expression instanceof GetStructField;
    }

    private static boolean isFloat(Expression column) {
      return column.dataType() instanceof DoubleType || column.dataType() instanceof FloatType;
    }
  }
}
