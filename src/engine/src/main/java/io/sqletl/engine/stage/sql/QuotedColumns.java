package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.expressions.CreateMap;
import org.apache.spark.sql.catalyst.expressions.CreateNamedStruct;
import org.apache.spark.sql.catalyst.expressions.ElementAt;
import org.apache.spark.sql.catalyst.expressions.GetMapValue;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.TruncInstant;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Names of columns in double quotes. Other systems take them for columns; in Spark they are texts.
 */
final class QuotedColumns {

  private QuotedColumns() {}

  /** Warns once of each column. */
  static void warn(SqlStatement statement, LogicalPlan analyzed, Consumer<Problem> warnings) {
    if (statement.text().indexOf('"') < 0) {
      return;
    }
    Set<String> columns =
        AnalyzedPart.inputs(analyzed).stream()
            .flatMap(input -> CollectionConverters.asJava(input.output()).stream())
            .map(column -> column.name())
            .collect(Collectors.toSet());
    Set<String> told = new HashSet<>();
    AnalyzedPart.all(analyzed)
        .filter(part -> !isKey(part))
        .map(part -> quoted(part, columns, statement))
        .flatMap(Optional::stream)
        .filter(part -> told.add(part.text()))
        .map(QuotedColumns::problem)
        .forEach(warnings);
  }

  /** Names of fields and keys, and units of time, are texts for everyone. */
  private static boolean isKey(AnalyzedPart part) {
    return part.above() != null
        && (part.above().expression() instanceof CreateNamedStruct
            || part.above().expression() instanceof CreateMap
            || part.above().expression() instanceof GetMapValue
            || part.above().expression() instanceof ElementAt
            || part.above().expression() instanceof TruncInstant);
  }

  private static Optional<WrittenPart> quoted(
      AnalyzedPart part, Set<String> columns, SqlStatement statement) {
    return part.expression() instanceof Literal literal
            && literal.dataType() instanceof StringType
            && literal.value() != null
            && columns.contains(literal.value().toString())
        ? WrittenPart.of(literal.origin(), statement)
            .filter(written -> written.text().equals('"' + literal.value().toString() + '"'))
        : Optional.empty();
  }

  private static Problem problem(WrittenPart part) {
    String column = part.text().substring(1, part.text().length() - 1);
    return part.problem(
        ErrorCode.QUOTED_COLUMN,
        part.text() + " in double quotes is a text, and not the column of this name",
        "write `" + column + "` for the column, '" + column + "' for the text");
  }
}
