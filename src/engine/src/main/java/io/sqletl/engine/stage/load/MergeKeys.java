package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.EqualTo;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.functions;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The columns of a merge's source by which its condition finds rows of the table: {@code source.a =
 * target.b} as part of an AND.
 */
record MergeKeys(List<String> columns) {

  private static final String SOURCE = "source";
  private static final String TARGET = "target";

  /** Those of a condition; none when it compares otherwise. */
  static MergeKeys of(String condition) {
    List<String> columns = new ArrayList<>();
    add(new CatalystSqlParser().parseExpression(condition), columns);
    return new MergeKeys(columns);
  }

  private static void add(Expression part, List<String> columns) {
    if (part instanceof And and) {
      add(and.left(), columns);
      add(and.right(), columns);
    } else if (part instanceof EqualTo equal) {
      if (columnOf(equal.left(), TARGET).isPresent()) {
        columnOf(equal.right(), SOURCE).ifPresent(columns::add);
      } else if (columnOf(equal.right(), TARGET).isPresent()) {
        columnOf(equal.left(), SOURCE).ifPresent(columns::add);
      }
    }
  }

  private static Optional<String> columnOf(Expression expression, String side) {
    if (expression instanceof UnresolvedAttribute attribute) {
      List<String> name = CollectionConverters.asJava(attribute.nameParts());
      if (name.size() == 2 && name.get(0).equalsIgnoreCase(side)) {
        return Optional.of(name.get(1));
      }
    }
    return Optional.empty();
  }

  /**
   * Warns of rows that a merge inserts again and again, and of keys that it inserts more than once.
   *
   * @param inserted the rows that are inserted where they match none of the table
   */
  void warn(Dataset<Row> inserted, StageContext context) {
    if (columns.isEmpty()) {
      return;
    }
    Column[] keys =
        columns.stream()
            .map(name -> functions.col(SOURCE + "." + quoted(name)))
            .toArray(Column[]::new);
    Column isNull = Arrays.stream(keys).map(Column::isNull).reduce(Column::or).orElseThrow();
    Dataset<Row> odd =
        inserted
            .groupBy(keys)
            .agg(functions.count(functions.lit(1)).as("rows"), functions.max(isNull).as("null"))
            .where("`null` or `rows` > 1")
            .groupBy("null")
            .agg(functions.sum("rows"), functions.count(functions.lit(1)));
    for (Row row : odd.collectAsList()) {
      if (row.getBoolean(0)) {
        warnOfNulls(row.getLong(1), context);
      } else {
        warnOfTwins(row.getLong(1), row.getLong(2), context);
      }
    }
  }

  private void warnOfNulls(long rows, StageContext context) {
    context.warn(
        ErrorCode.LOST_IN_LOAD,
        rows
            + (rows == 1 ? " row of the view has" : " rows of the view have")
            + " NULL in the key ("
            + list()
            + "). NULL equals nothing, so each run inserts them once more",
        "leave them out before, or compare with <=> in \"condition\"");
  }

  private void warnOfTwins(long rows, long keys, StageContext context) {
    context.warn(
        ErrorCode.LOST_IN_LOAD,
        keys
            + (keys == 1 ? " key (" : " keys (")
            + list()
            + (keys == 1 ? ") is" : ") are")
            + " in the view more than once, in "
            + rows
            + " rows. Where the table has no such row, each of them is inserted",
        "keep one row a key before, such as the latest with row_number()");
  }

  private String list() {
    return columns.stream().collect(Collectors.joining(", "));
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
