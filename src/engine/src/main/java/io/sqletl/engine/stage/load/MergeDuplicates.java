package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser$;
import org.apache.spark.sql.functions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/** Says which keys a merge met more than once, which Delta does not. */
final class MergeDuplicates {

  private static final Logger LOG = LoggerFactory.getLogger(MergeDuplicates.class);

  private static final String CONDITION = "DELTA_MULTIPLE_SOURCE_ROW_MATCHING_TARGET_ROW_IN_MERGE";
  private static final int MOST_SHOWN = 5;
  private static final int MOST_CAUSES = 50;
  private static final String COUNT = InternalColumn.PREFIX + "rows";

  private final Dataset<Row> source;
  private final String sourceName;
  private final Dataset<Row> target;
  private final DeltaLakeMergeLoad keys;
  private final String condition;

  /**
   * @param source what is merged, under its alias
   * @param target the table, under its alias
   * @param condition under which Delta was to merge
   */
  MergeDuplicates(
      Dataset<Row> source,
      String sourceName,
      Dataset<Row> target,
      DeltaLakeMergeLoad keys,
      String condition) {
    this.source = source;
    this.sourceName = sourceName;
    this.target = target;
    this.keys = keys;
    this.condition = condition;
  }

  /** The exception to throw: one that names the keys, or the one that was thrown. */
  RuntimeException explain(RuntimeException thrown) {
    if (!isAboutDuplicates(thrown)) {
      return thrown;
    }
    try {
      List<String> columns = keyColumns();
      return columns.isEmpty() ? thrown : told(columns, thrown).orElse(thrown);
    } catch (RuntimeException e) {
      LOG.warn("The keys that are there more than once cannot be looked for", e);
      return thrown;
    }
  }

  private static boolean isAboutDuplicates(Throwable thrown) {
    int depth = 0;
    for (Throwable t = thrown; t != null && depth < MOST_CAUSES; t = t.getCause(), depth++) {
      if (t instanceof SparkThrowable spark && CONDITION.equals(spark.getCondition())) {
        return true;
      }
    }
    return false;
  }

  /** The columns of the source that the merge's condition names. */
  private List<String> keyColumns() {
    Set<String> columns = new LinkedHashSet<>();
    collect(CatalystSqlParser$.MODULE$.parseExpression(condition), columns);
    return new ArrayList<>(columns);
  }

  private void collect(Expression expression, Set<String> columns) {
    if (expression instanceof UnresolvedAttribute attribute) {
      List<String> parts = CollectionConverters.asJava(attribute.nameParts());
      boolean qualified = parts.size() > 1 && parts.get(0).equalsIgnoreCase(sourceName);
      String name = parts.get(qualified ? 1 : 0);
      boolean own = qualified || parts.size() == 1 && !isColumn(target, name);
      Arrays.stream(source.columns())
          .filter(column -> own && column.equalsIgnoreCase(name))
          .forEach(columns::add);
    }
    CollectionConverters.asJava(expression.children()).forEach(child -> collect(child, columns));
  }

  private static boolean isColumn(Dataset<Row> frame, String name) {
    return Arrays.stream(frame.columns()).anyMatch(name::equalsIgnoreCase);
  }

  private Optional<RuntimeException> told(List<String> columns, RuntimeException thrown) {
    Column[] grouped =
        columns.stream()
            .map(column -> functions.col("`" + column.replace("`", "``") + "`"))
            .toArray(Column[]::new);
    List<Row> found =
        source
            .join(target, functions.expr(condition), "left_semi")
            .groupBy(grouped)
            .agg(functions.count(functions.lit(1)).as(COUNT))
            .where(functions.col(COUNT).gt(1))
            .orderBy(functions.col(COUNT).desc())
            .takeAsList(MOST_SHOWN + 1);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    String shown =
        found.stream()
            .limit(MOST_SHOWN)
            .map(row -> key(row, columns))
            .collect(Collectors.joining(", "));
    String names = String.join(", ", columns);
    return Optional.of(
        new StageException(
            "Several rows of the view \""
                + keys.inputView()
                + "\" match one row of the table, so that it is not known which one counts: "
                + shown
                + (found.size() > MOST_SHOWN ? " and more" : "")
                + "; keep one row of each key before the merge, as with row_number() OVER"
                + " (PARTITION BY "
                + names
                + " ORDER BY …) = 1; the \"condition\" of a clause such as \"whenMatchedUpdate\""
                + " does not tell them apart, that of the merge does",
            thrown));
  }

  /**
   * A key and how often it is there, for people.
   *
   * @param row the values of the columns, then the number of rows
   */
  static String key(Row row, List<String> columns) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(columns.get(i) + "=" + row.get(i));
    }
    return String.join(" ", values) + " in " + row.getLong(columns.size()) + " rows";
  }
}
