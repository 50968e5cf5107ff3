package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.GreaterThan;
import org.apache.spark.sql.catalyst.expressions.GreaterThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.LessThan;
import org.apache.spark.sql.catalyst.expressions.LessThanOrEqual;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StringType;

/** Text columns that are compared with a number in quotes, by the order of texts. */
final class TextOrder {

  /** Zeros before it say that it is a code. */
  private static final Pattern NUMBER = Pattern.compile("[+-]?(0|[1-9]\\d*)(\\.\\d+)?");

  private TextOrder() {}

  /** Warns once of each column. */
  static void warn(SqlStatement statement, LogicalPlan analyzed, Consumer<Problem> warnings) {
    Set<String> told = new HashSet<>();
    AnalyzedPart.all(analyzed)
        .filter(part -> isOfOrder(part.expression()))
        .forEach(
            part -> {
              BinaryComparison comparison = (BinaryComparison) part.expression();
              Expression left = part.meaning(comparison.left());
              Expression right = part.meaning(comparison.right());
              find(left, right)
                  .or(() -> find(right, left))
                  .filter(found -> told.add(found.column()))
                  .flatMap(found -> part.written(statement).map(found::problem))
                  .ifPresent(warnings);
            });
  }

  private static boolean isOfOrder(Expression expression) {
    return expression instanceof LessThan
        || expression instanceof LessThanOrEqual
        || expression instanceof GreaterThan
        || expression instanceof GreaterThanOrEqual;
  }

  private static Optional<Found> find(Expression text, Expression number) {
    return text instanceof AttributeReference column
            && column.dataType() instanceof StringType
            && number instanceof Literal literal
            && literal.dataType() instanceof StringType
            && literal.value() != null
            && NUMBER.matcher(literal.value().toString()).matches()
        ? Optional.of(new Found(column.name(), literal.value().toString()))
        : Optional.empty();
  }

  private record Found(String column, String number) {

    Problem problem(WrittenPart part) {
      return part.problem(
          ErrorCode.TEXT_ORDER,
          "The text column '"
              + column
              + "' is compared with '"
              + number
              + "' by the order of texts, in which '9' comes behind '10'",
          "write "
              + number
              + " without quotes or type the column with TypingTransform; where texts are meant,"
              + " cast("
              + column
              + " AS STRING)");
    }
  }
}
