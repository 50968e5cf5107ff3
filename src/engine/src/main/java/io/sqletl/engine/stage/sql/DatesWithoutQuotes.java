package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Subtract;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;

/** Dates that stand in SQL without quotes, so that they are numbers of which others are taken. */
final class DatesWithoutQuotes {

  private static final Pattern DATE =
      Pattern.compile("(\\d{4})-(0?[1-9]|1[0-2])-(0?[1-9]|[12]\\d|3[01])");

  private DatesWithoutQuotes() {}

  /** Warns of each in a statement. */
  static void warn(SqlStatement statement, LogicalPlan parsed, Consumer<Problem> warnings) {
    ParsedParts.expressions(parsed)
        .filter(DatesWithoutQuotes::isOfNumbers)
        .map(difference -> WrittenPart.of(difference.origin(), statement))
        .flatMap(Optional::stream)
        .forEach(part -> warn(part, warnings));
  }

  private static boolean isOfNumbers(Expression part) {
    return part instanceof Subtract whole
        && whole.right() instanceof Literal
        && whole.left() instanceof Subtract first
        && first.left() instanceof Literal
        && first.right() instanceof Literal;
  }

  private static void warn(WrittenPart part, Consumer<Problem> warnings) {
    Matcher date = DATE.matcher(part.text());
    if (date.matches()) {
      int result =
          Integer.parseInt(date.group(1))
              - Integer.parseInt(date.group(2))
              - Integer.parseInt(date.group(3));
      String written =
          part.statement()
              .parameterOf(part.text())
              .map(name -> "${" + name + "}")
              .orElse(part.text());
      warnings.accept(
          part.problem(
              ErrorCode.DATE_WITHOUT_QUOTES,
              part.text() + " without quotes is no date but a subtraction, which gives " + result,
              "write DATE '" + written + "'"));
    }
  }
}
