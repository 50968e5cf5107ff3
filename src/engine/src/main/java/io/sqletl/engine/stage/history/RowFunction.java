package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.InterpretedMutableProjection;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A column's expression, for rows that are not in a frame. What Spark makes of it holds there and
 * here, and it is made once and not with each plan.
 */
final class RowFunction implements Serializable {

  private static final long serialVersionUID = 1;

  private final Seq<Expression> expression;
  private final Seq<Attribute> input;
  private final DataType type;
  private transient InterpretedMutableProjection projection;

  private RowFunction(Expression expression, Seq<Attribute> input) {
    this.expression = CollectionConverters.asScala(List.of(expression)).toSeq();
    this.input = input;
    this.type = expression.dataType();
  }

  /**
   * @param result of columns of the names and types of {@code input}
   */
  static RowFunction of(SparkSession spark, StructType input, Column result) {
    return all(spark, input, result).get(0);
  }

  /** Spark's own value of a column that is the same for all rows; null for NULL. */
  static Object constant(SparkSession spark, Column value) {
    return of(spark, new StructType(), value).apply();
  }

  /**
   * @param results each of columns of the names and types of {@code input}
   * @return one for each of them; planned together, since most of the time goes into the first
   */
  static List<RowFunction> all(SparkSession spark, StructType input, Column... results) {
    // Not of no rows, which Spark would see through and plan nothing for
    Dataset<Row> none =
        spark.createDataFrame(
            JavaSparkContext.fromSparkContext(spark.sparkContext()).emptyRDD(), input);
    Column[] named =
        IntStream.range(0, results.length)
            .mapToObj(i -> results[i].as("result" + i))
            .toArray(Column[]::new);
    Project project =
        (Project)
            ((org.apache.spark.sql.classic.Dataset<Row>) none.select(named))
                .queryExecution()
                .optimizedPlan();
    Seq<Attribute> attributes = project.child().output();
    return CollectionConverters.asJava(project.projectList()).stream()
        .map(expression -> new RowFunction((Expression) expression, attributes))
        .toList();
  }

  /** Of two structs, {@code left} and {@code right}. */
  static StructType pair(DataType of) {
    return DataTypes.createStructType(
        new StructField[] {
          DataTypes.createStructField("left", of, true),
          DataTypes.createStructField("right", of, true)
        });
  }

  /**
   * @param values Spark's own, one for each column of the input; null for NULL
   * @return Spark's own; null for NULL
   */
  Object apply(Object... values) {
    if (projection == null) {
      projection = new InterpretedMutableProjection(expression, input);
    }
    InternalRow result = projection.apply(new GenericInternalRow(values));
    return result.get(0, type);
  }
}
