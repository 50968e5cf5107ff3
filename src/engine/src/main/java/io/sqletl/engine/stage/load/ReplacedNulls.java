package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Rows of a table that "replaceWhere" keeps since its condition is NULL for them, where it is said
 * by what it is not, as in {@code c <> 'DE'}: whoever writes so may mean all other rows.
 */
final class ReplacedNulls {

  private ReplacedNulls() {}

  /**
   * Warns with their number. Files whose statistics say that they have no NULL are not read for it.
   *
   * @param condition the value of "replaceWhere"
   */
  static void tell(String condition, String uri, StageContext context) {
    Expression parsed = new CatalystSqlParser().parseExpression(condition);
    Set<String> columns = new HashSet<>();
    if (!collect(parsed, columns)) {
      return;
    }
    Optional<Column> isAnyNull =
        columns.stream().map(name -> functions.expr(name).isNull()).reduce(Column::or);
    if (isAnyNull.isEmpty()) {
      return;
    }
    Dataset<Row> table = context.spark().read().format("delta").load(uri);
    long rows = table.where(isAnyNull.get()).where(functions.expr(condition).isNull()).count();
    if (rows > 0) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "\"replaceWhere\" ("
              + condition
              + ") is NULL for "
              + String.format(Locale.ROOT, "%,d", rows)
              + (rows == 1 ? " row" : " rows")
              + " of the table "
              + uri
              + ", so that "
              + (rows == 1 ? "it was" : "they were")
              + " kept",
          "to replace "
              + (rows == 1 ? "it" : "them")
              + " too, write c IS DISTINCT FROM 'x' for c <> 'x', or add OR c IS NULL");
    }
  }

  /** Whether a part is negated; adds the columns as SQL writes them. */
  private static boolean collect(Expression part, Set<String> columns) {
    boolean isNegated = part instanceof Not;
    if (part instanceof UnresolvedAttribute attribute) {
      columns.add(attribute.sql());
    }
    for (Expression child : CollectionConverters.asJava(part.children())) {
      isNegated |= collect(child, columns);
    }
    return isNegated;
  }
}
