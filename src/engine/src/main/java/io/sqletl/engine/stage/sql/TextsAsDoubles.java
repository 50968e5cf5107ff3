package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BinaryArithmetic;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.BinaryMathExpression;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.UnaryMathExpression;
import org.apache.spark.sql.catalyst.expressions.aggregate.CentralMomentAgg;
import org.apache.spark.sql.catalyst.expressions.aggregate.PearsonCorrelation;
import org.apache.spark.sql.catalyst.expressions.aggregate.PercentileBase;
import org.apache.spark.sql.catalyst.plans.logical.Command;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Texts that SQL counts with, or compares with decimals. Spark takes them for doubles, unless the
 * other side is a whole number.
 */
final class TextsAsDoubles {

  /** So many digits of a number are the same in a double. */
  private static final int EXACT_DIGITS = 15;

  private TextsAsDoubles() {}

  /** Warns once of each column. */
  static void warn(SqlStatement statement, LogicalPlan analyzed, Consumer<Problem> warnings) {
    Set<String> told = new HashSet<>();
    AnalyzedPart.all(analyzed)
        .filter(part -> isCastOfText(part) && loses(part, analyzed))
        .forEach(
            part ->
                column(part.meaning(((Cast) part.expression()).child()))
                    .filter(column -> told.add(column))
                    .flatMap(
                        column ->
                            part.above()
                                .written(statement)
                                .map(written -> problem(column, written)))
                    .ifPresent(warnings));
  }

  private static boolean isCastOfText(AnalyzedPart part) {
    return part.above() != null
        && !(part.plan() instanceof Command)
        && AnalyzedPart.isOwnCast(part.expression())
        && isDouble(part.expression())
        && ((Cast) part.expression()).child().dataType() instanceof StringType;
  }

  private static Optional<String> column(Expression text) {
    return CollectionConverters.asJavaCollection(text.references()).stream()
        .filter(column -> column.dataType() instanceof StringType)
        .map(Attribute::name)
        .findFirst();
  }

  private static boolean loses(AnalyzedPart part, LogicalPlan analyzed) {
    Expression above = part.above().expression();
    if (above instanceof BinaryComparison || above instanceof In) {
      return others(above, part.expression()).anyMatch(other -> !hasFewDigits(other));
    }
    if (above instanceof BinaryArithmetic) {
      return others(above, part.expression()).noneMatch(TextsAsDoubles::isDouble);
    }
    // What is put into a table has the type of its column
    return above instanceof Alias ? !(analyzed instanceof Command) : !isOfDoubles(above);
  }

  private static Stream<Expression> others(Expression above, Expression cast) {
    return CollectionConverters.asJava(above.children()).stream()
        .filter(child -> child != cast)
        .map(AnalyzedPart::withoutOwnCasts);
  }

  private static boolean isDouble(Expression expression) {
    return expression.dataType() instanceof DoubleType
        || expression.dataType() instanceof FloatType;
  }

  private static boolean hasFewDigits(Expression compared) {
    return isDouble(compared)
        || compared.dataType() instanceof IntegralType
        || compared.dataType() instanceof DecimalType decimal
            && decimal.precision() <= EXACT_DIGITS;
  }

  /** What has no exact result in any type. */
  private static boolean isOfDoubles(Expression function) {
    return function instanceof UnaryMathExpression
        || function instanceof BinaryMathExpression
        || function instanceof CentralMomentAgg
        || function instanceof PearsonCorrelation
        || function instanceof PercentileBase;
  }

  private static Problem problem(String column, WrittenPart written) {
    return written.problem(
        ErrorCode.TEXT_AS_DOUBLE,
        "The text column '"
            + column
            + "' is taken as DOUBLE by "
            + written.shown()
            + ": digits beyond 15 are lost",
        "type it with TypingTransform, or write cast(" + column + " AS DECIMAL(20,2))");
  }
}
