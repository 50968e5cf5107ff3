package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.CharType;
import io.sqletl.engine.stage.ColumnName;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.trees.Origin;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Comparisons of a merge with columns of the type CHAR(n). A table holds their texts with blanks up
 * to the length, which do not count in SQL; but Delta compares them letter by letter, so that 'a'
 * is not found beside 'a ' and is inserted by each run once more.
 */
final class CharComparisons {

  private static final String SOURCE = "source";
  private static final String TARGET = "target";

  private final Dataset<Row> source;
  private final Dataset<Row> target;
  private final StructType table;

  /**
   * @param source the view, by its alias
   * @param target the table, by its alias
   * @param table the columns of the table as its log has them
   */
  CharComparisons(Dataset<Row> source, Dataset<Row> target, StructType table) {
    this.source = source;
    this.target = target;
    this.table = table;
  }

  /**
   * The condition with the blanks at the end taken off both sides of comparisons with such columns;
   * the same text where there are none.
   */
  String withoutPadding(String condition) {
    TreeMap<Integer, Integer> texts = new TreeMap<>();
    collect(new CatalystSqlParser().parseExpression(condition), condition, texts);
    StringBuilder trimmed = new StringBuilder(condition);
    texts.descendingMap().forEach((start, end) -> trimmed.insert(end, ")").insert(start, "rtrim("));
    return trimmed.toString();
  }

  /** Compared texts, none of them within another, as the places where they begin and end. */
  private void collect(Expression part, String condition, TreeMap<Integer, Integer> texts) {
    List<Expression> children = CollectionConverters.asJava(part.children());
    boolean compares = part instanceof BinaryComparison || part instanceof In;
    if (!compares || children.stream().noneMatch(this::hasChar)) {
      children.forEach(child -> collect(child, condition, texts));
      return;
    }
    List<int[]> sides = new ArrayList<>();
    for (Expression child : children) {
      Origin origin = child.origin();
      if (origin.startIndex().isEmpty() || origin.stopIndex().isEmpty()) {
        return;
      }
      int start = (Integer) origin.startIndex().get();
      int end = (Integer) origin.stopIndex().get() + 1;
      if (isText(condition.substring(start, end))) {
        sides.add(new int[] {start, end});
      }
    }
    sides.forEach(side -> texts.put(side[0], side[1]));
  }

  private boolean hasChar(Expression expression) {
    return expression instanceof UnresolvedAttribute attribute && isChar(attribute)
        || CollectionConverters.asJava(expression.children()).stream().anyMatch(this::hasChar);
  }

  private boolean isChar(UnresolvedAttribute attribute) {
    List<String> parts = CollectionConverters.asJava(attribute.nameParts());
    String name = parts.get(parts.size() - 1);
    boolean isOfTable =
        parts.size() == 1 && ColumnName.find(source.schema(), name).isEmpty()
            || parts.size() == 2 && parts.get(0).equalsIgnoreCase(TARGET);
    return isOfTable
        && ColumnName.find(table, name)
            .filter(field -> CharType.length(field).isPresent())
            .isPresent();
  }

  private boolean isText(String expression) {
    try {
      return source
              .as(SOURCE)
              .crossJoin(target.as(TARGET))
              .select(functions.expr(expression))
              .schema()
              .fields()[0]
              .dataType()
          instanceof StringType;
    } catch (Exception e) {
      // What is wrong with it Delta tells better
      return false;
    }
  }
}
