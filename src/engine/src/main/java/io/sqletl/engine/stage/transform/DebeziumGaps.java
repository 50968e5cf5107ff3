package io.sqletl.engine.stage.transform;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.array_remove;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.last;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.StageContext;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What events leave out: large values that did not change, and columns that none of them has. */
final class DebeziumGaps {

  private static final String UNAVAILABLE = "unavailable";
  private static final String PROBLEM = InternalColumn.PREFIX + "gap";

  /** How many events are looked at for columns that are not there. */
  private static final int LOOKED_AT = 100;

  private DebeziumGaps() {}

  /** Puts the value of the event before in place of one that was not sent. */
  static Dataset<Row> filled(
      Dataset<Row> events,
      StructType columns,
      WindowSpec inOrder,
      DebeziumTransform.Unavailable unavailable) {
    if (unavailable == DebeziumTransform.Unavailable.NULL) {
      return events;
    }
    Column[] fields = new Column[columns.length()];
    Column left = col(UNAVAILABLE);
    for (int i = 0; i < fields.length; i++) {
      StructField field = columns.fields()[i];
      Column value = col("after").getField(field.name());
      if (field.dataType() instanceof StringType || field.dataType() instanceof BinaryType) {
        Column isSent = not(array_contains(col(UNAVAILABLE), field.name()));
        Column sent = when(col("after").isNotNull().and(isSent), struct(value.as("value")));
        Column known = last(sent, true).over(inOrder);
        value = when(isSent, value).otherwise(known.getField("value"));
        left = when(known.isNotNull(), array_remove(left, field.name())).otherwise(left);
      }
      fields[i] = value.as(field.name(), field.metadata());
    }
    Column after = when(col("after").isNotNull(), struct(fields));
    return events.select(
        col("key"),
        col("topic"),
        col("offset"),
        col("operation"),
        col("before"),
        after.as("after"),
        left.as(UNAVAILABLE));
  }

  /** Counts the rows that have a null where the value is not known. */
  static Dataset<Row> told(Dataset<Row> rows, StageContext context) {
    RecordAccount account = RecordAccount.open(MalformedRecords.REPORT, LineLayout.NONE, context);
    Column problem =
        when(
            size(col(UNAVAILABLE)).gt(0),
            concat(
                lit("the row of key '"),
                col("key"),
                lit("' lacks the value of '"),
                array_join(col(UNAVAILABLE), "', '"),
                lit("', which its events did not send and no earlier one has; it is null")));
    return account.check(rows.withColumn(PROBLEM, problem), PROBLEM).drop(InternalColumn.ERRORS);
  }

  /**
   * Names the columns of the schema that none of the first events has, and those of times whose
   * unit they do not say.
   */
  static void tellMissing(Dataset<Row> events, StructType columns, StageContext context) {
    Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    Set<String> withoutUnit = new TreeSet<>();
    events
        .where(col("value").isNotNull())
        .select(col("value").cast("string"))
        .limit(LOOKED_AT)
        .as(Encoders.STRING())
        .collectAsList()
        .forEach(
            event -> {
              names.addAll(DebeziumEvents.fields(event));
              withoutUnit.addAll(DebeziumEvents.withoutUnit(event, columns));
            });
    if (!withoutUnit.isEmpty()) {
      context.warn(
          ErrorCode.UNTOLD,
          "DebeziumTransform '"
              + context.header().name()
              + "': events have the times of '"
              + String.join("', '", withoutUnit)
              + "' as numbers, and do not say their unit; they are taken for milliseconds",
          "have the connector send schemas (schemas.enable), or times of milliseconds"
              + " (time.precision.mode)");
    }
    if (names.isEmpty()) {
      return;
    }
    Arrays.stream(columns.fieldNames())
        .filter(name -> !names.contains(name))
        .forEach(
            name ->
                context.warn(
                    ErrorCode.COLUMNS_DIFFER,
                    "DebeziumTransform '"
                        + context.header().name()
                        + "': none of the first "
                        + LOOKED_AT
                        + " events has the schema's column '"
                        + name
                        + "'",
                    "see whether it is named as in the table"));
  }
}
