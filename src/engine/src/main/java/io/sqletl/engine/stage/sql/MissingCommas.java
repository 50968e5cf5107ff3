package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Two columns of one input without a comma between them, so that SQL takes the first one under the
 * name of the second.
 */
final class MissingCommas {

  private static final String NAME = "(?:\\w+|`[^`]+`)";
  private static final Pattern RENAMED =
      Pattern.compile(
          "(?:" + NAME + "\\s*\\.\\s*)*(" + NAME + ")(\\s+)(" + NAME + ")",
          Pattern.UNICODE_CHARACTER_CLASS);

  private MissingCommas() {}

  /** Warns of each in a statement. */
  static void warn(SqlStatement statement, LogicalPlan analyzed, Consumer<Problem> warnings) {
    List<LogicalPlan> inputs = AnalyzedPart.inputs(analyzed);
    AnalyzedPart.all(analyzed)
        .filter(part -> part.above() == null)
        .map(part -> problem(part, inputs, statement))
        .flatMap(Optional::stream)
        .forEach(warnings);
  }

  private static Optional<Problem> problem(
      AnalyzedPart part, List<LogicalPlan> inputs, SqlStatement statement) {
    if (!(part.expression() instanceof Alias alias)
        || !(alias.child() instanceof AttributeReference column)) {
      return Optional.empty();
    }
    Optional<Attribute> other =
        inputs.stream()
            .map(input -> CollectionConverters.asJava(input.output()))
            .filter(
                columns -> columns.stream().anyMatch(each -> each.exprId().equals(column.exprId())))
            .flatMap(List::stream)
            .filter(each -> each.name().equalsIgnoreCase(alias.name()))
            .filter(each -> !each.exprId().equals(column.exprId()))
            .findFirst();
    return other.flatMap(
        named ->
            WrittenPart.of(alias.origin(), statement)
                .filter(written -> isSuspect(written.text(), named, part.plan()))
                .map(
                    written ->
                        written.problem(
                            ErrorCode.MISSING_COMMA,
                            "\""
                                + written.shown()
                                + "\" takes the column "
                                + column.name()
                                + " under the name of the column "
                                + named.name()
                                + " of the same input",
                            "put a comma between them, or write "
                                + column.name()
                                + " AS "
                                + named.name())));
  }

  private static boolean isSuspect(String written, Attribute named, LogicalPlan plan) {
    Matcher renamed = RENAMED.matcher(written);
    return renamed.matches()
        && (renamed.group(2).contains("\n") || !plan.references().contains(named));
  }
}
