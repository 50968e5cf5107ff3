package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.AssignableTypes;
import io.sqletl.engine.stage.LocalTimes;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.TypeDifferences;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.ArrayTransform;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.CheckOverflowInTableInsert;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.If;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.MapFromArrays;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.expressions.objects.AssertNotNull;
import org.apache.spark.sql.catalyst.plans.logical.DeltaMergeAction;
import org.apache.spark.sql.catalyst.plans.logical.LocalRelation;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.V2WriteCommand;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.delta.CheckOverflowInTableWrite;
import org.apache.spark.sql.delta.commands.UpdateCommand;
import org.apache.spark.sql.execution.datasources.InsertIntoDataSourceCommand;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractPartialFunction;

/**
 * The values that a statement assigns to columns of a Delta table. Where their types are not the
 * columns', SQL casts them, and rounds and cuts as it does so. Such a cast, which nobody wrote,
 * gets a guard; one that the statement has itself is meant so.
 */
final class AssignedValues {

  private final String uri;
  private final StageContext context;
  private final SparkSession spark;

  /**
   * @param uri where the table is
   */
  AssignedValues(String uri, StageContext context) {
    this.uri = uri;
    this.context = context;
    this.spark = (SparkSession) context.spark();
  }

  /**
   * The command that ends at the first value that its column would alter; itself where no value can
   * be.
   *
   * @param command an analyzed MERGE, UPDATE or INSERT
   * @throws StageException for types of which one says something else than the other
   */
  LogicalPlan guarded(LogicalPlan command) {
    if (command instanceof UpdateCommand update) {
      return guarded(update);
    }
    if (command instanceof InsertIntoDataSourceCommand insert) {
      LogicalPlan query = guardedQuery(insert.query());
      return query == insert.query()
          ? insert
          : insert.copy(insert.logicalRelation(), query, insert.overwrite());
    }
    if (command instanceof V2WriteCommand write) {
      LogicalPlan query = guardedQuery(write.query());
      return query == write.query() ? command : (LogicalPlan) write.withNewQuery(query);
    }
    return command.transformExpressionsDown(new MergeActions());
  }

  private LogicalPlan guarded(UpdateCommand update) {
    List<Attribute> columns = CollectionConverters.asJava(update.target().output());
    List<Expression> values = CollectionConverters.asJava(update.updateExpressions());
    List<Expression> guarded = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      guarded.add(guarded(columns.get(i).name(), values.get(i)));
    }
    return guarded.equals(values)
        ? update
        : update.copy(
            update.tahoeFileIndex(),
            update.catalogTable(),
            update.target(),
            seq(guarded),
            update.condition());
  }

  /** Spark puts the casts into a projection of its own, on top of what was written. */
  private LogicalPlan guardedQuery(LogicalPlan query) {
    if (!(query instanceof Project project)) {
      return query;
    }
    List<NamedExpression> columns = CollectionConverters.asJava(project.projectList());
    List<NamedExpression> guarded =
        columns.stream()
            .map(
                column ->
                    (NamedExpression) (Object) guarded(column.name(), (Expression) (Object) column))
            .toList();
    return guarded.equals(columns) ? query : project.copy(seq(guarded), project.child());
  }

  private final class MergeActions extends AbstractPartialFunction<Expression, Expression> {

    @Override
    public boolean isDefinedAt(Expression expression) {
      return expression instanceof DeltaMergeAction;
    }

    @Override
    public Expression apply(Expression expression) {
      DeltaMergeAction action = (DeltaMergeAction) expression;
      String column = String.join(".", CollectionConverters.asJava(action.targetColNameParts()));
      return withChildren(action, List.of(guarded(column, action.expr())));
    }
  }

  /**
   * @param path the column, or what is within it, as {@link TypeDifferences} writes it
   * @param value what is assigned: a cast, or casts within what Spark and Delta put around them
   */
  private Expression guarded(String path, Expression value) {
    if (value instanceof Cast cast) {
      return cast.getTagValue(Cast.USER_SPECIFIED_CAST()).isEmpty() ? guarded(path, cast) : cast;
    }
    List<Expression> children = new ArrayList<>(CollectionConverters.asJava(value.children()));
    if (value instanceof Alias
        || value instanceof AssertNotNull
        || value instanceof CheckOverflowInTableInsert
        || value instanceof CheckOverflowInTableWrite
        || value instanceof LambdaFunction) {
      children.set(0, guarded(path, children.get(0)));
    } else if (value instanceof If choice && choice.predicate() instanceof IsNull) {
      children.set(2, guarded(path, children.get(2)));
    } else if (value instanceof ArrayTransform) {
      children.set(1, guarded(path + ".element", children.get(1)));
    } else if (value instanceof MapFromArrays) {
      children.set(0, guardedEach(path + ".key", children.get(0)));
      children.set(1, guardedEach(path + ".value", children.get(1)));
    } else if (value instanceof CreateNamedStruct struct) {
      List<Expression> names = CollectionConverters.asJava(struct.nameExprs());
      for (int i = 0; i < names.size(); i++) {
        children.set(2 * i + 1, guarded(path + "." + names.get(i), children.get(2 * i + 1)));
      }
    }
    return withChildren(value, children);
  }

  private Expression guardedEach(String path, Expression list) {
    if (!(list instanceof ArrayTransform each)) {
      return list;
    }
    return withChildren(each, List.of(each.argument(), guarded(path, each.function())));
  }

  private Expression guarded(String path, Cast cast) {
    Expression value = cast.child();
    DataType there = cast.dataType();
    TypeDifferences differences = TypeDifferences.of(path, value.dataType(), there);
    String subject =
        context.type() + " cannot write what the statement gives into the table '" + uri + "'";
    AssignableTypes.require(differences, subject);
    LocalTimes.requireSame(differences, subject, spark);
    Column column = ExpressionUtils.column(value);
    return NarrowedValues.changed(column, value.dataType(), there)
        .map(
            isWrong ->
                Guard.against(
                    column,
                    isWrong,
                    context.type()
                        + " cannot write a value into the column '"
                        + path
                        + "' of the table '"
                        + uri
                        + "': it does not fit "
                        + there.sql()
                        + " as it is. Say what is meant in the statement, with round or with CAST(… AS "
                        + there.sql()
                        + ").",
                    column.cast(DataTypes.StringType)))
        .map(guard -> withChildren(cast, List.of(resolved(guard, value))))
        .orElse(cast);
  }

  /** An analyzed command takes analyzed expressions alone. */
  private Expression resolved(Column guard, Expression value) {
    LogicalPlan columns =
        new LocalRelation(value.references().toSeq(), seq(List.of()), false, Option.empty());
    Project project =
        (Project)
            Dataset.ofRows(spark, columns).select(guard.as("guarded")).queryExecution().analyzed();
    return ((Alias) (Object) project.projectList().head()).child();
  }

  private static Expression withChildren(Expression parent, List<Expression> children) {
    return children.equals(CollectionConverters.asJava(parent.children()))
        ? parent
        : parent.withNewChildren(seq(children));
  }

  private static <T> Seq<T> seq(List<T> elements) {
    return CollectionConverters.asScala(elements).toSeq();
  }
}
