package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.StructsToJson;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Timestamps that {@code to_json} cuts to milliseconds: as the latest time that was read, such a
 * variable is before the row that it is of, which is then read once more.
 */
final class CutTimes {

  /** What {@code to_json} makes of a time that has a fraction of a second. */
  private static final Pattern FRACTION =
      Pattern.compile("T\\d\\d:\\d\\d:\\d\\d\\.(?!000)\\d{3}(?!\\d)");

  private static final String FORMAT = "timestampformat";
  private static final String FORMAT_WITHOUT_ZONE = "timestampntzformat";

  private CutTimes() {}

  /** Warns where the text that the query gave may have such a time. */
  static void warn(Dataset<Row> rows, String text, StageContext context) {
    if (!FRACTION.matcher(text).find()) {
      return;
    }
    LogicalPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().analyzed();
    Map<ExprId, Alias> made = new HashMap<>();
    plan.foreach(
        node -> {
          CollectionConverters.asJava(node.expressions())
              .forEach(
                  expression -> {
                    if (expression instanceof Alias alias) {
                      made.put(alias.exprId(), alias);
                    }
                  });
          return null;
        });
    Optional<String> cut = cut(plan.output().head(), made, new HashSet<>());
    cut.ifPresent(
        name ->
            context.warnOf(
                ErrorCode.LOSSY_WRITE,
                "to_json writes the timestamp "
                    + name
                    + " with milliseconds only, so that the variable may be before the time that"
                    + " the data has; rows that are later than it are then read once more",
                "write cast(" + name + " AS STRING) in the query, which keeps every digit"));
  }

  /** The name of a timestamp that is cut on its way into an expression. */
  private static Optional<String> cut(
      Expression expression, Map<ExprId, Alias> made, Set<ExprId> seen) {
    if (expression instanceof StructsToJson json) {
      Set<String> options = new HashSet<>();
      CollectionConverters.asJava(json.options())
          .forEach((name, value) -> options.add(name.toLowerCase(Locale.ROOT)));
      Optional<String> time = time("", json.child().dataType(), options);
      if (time.isPresent()) {
        return time;
      }
    }
    if (expression instanceof AttributeReference column) {
      Alias alias = made.get(column.exprId());
      return alias != null && seen.add(column.exprId())
          ? cut(alias.child(), made, seen)
          : Optional.empty();
    }
    for (Expression child : CollectionConverters.asJava(expression.children())) {
      Optional<String> found = cut(child, made, seen);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> time(String name, DataType type, Set<String> options) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        Optional<String> found = time(field.name(), field.dataType(), options);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    if (type instanceof ArrayType array) {
      return time(name, array.elementType(), options);
    }
    if (type instanceof MapType map) {
      return time(name, map.valueType(), options);
    }
    boolean isCut =
        type instanceof TimestampType && !options.contains(FORMAT)
            || type instanceof TimestampNTZType && !options.contains(FORMAT_WITHOUT_ZONE);
    return isCut ? Optional.of(name) : Optional.empty();
  }
}
