package io.sqletl.engine.stage.transform;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.typing.Schema;
import io.sqletl.engine.typing.SchemaColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Makes the current rows of a table out of its change events. */
public final class DebeziumTransformStage implements StageType<DebeziumTransform> {

  private static final List<String> EVENT_COLUMNS = List.of("key", "value", "topic", "offset");
  private static final Column BY_KEY = col("key");

  @Override
  public Class<DebeziumTransform> configuration() {
    return DebeziumTransform.class;
  }

  @Override
  public String description() {
    return "Makes the current rows of a table out of the change events that Debezium writes of a"
        + " relational database.";
  }

  @Override
  public Stage plan(DebeziumTransform keys, StagePlanning planning) {
    keys.access().check(planning);
    PlannedSchema schema = keys.source().plan(planning);
    if (keys.initialStateView().isPresent() && keys.initialStateKey().isEmpty()) {
      planning.missing(
          "initialStateKey",
          "DebeziumTransform needs \"initialStateKey\" with \"initialStateView\"");
    }
    if (keys.initialStateKey().isPresent() && keys.initialStateView().isEmpty()) {
      planning.invalid(
          "initialStateKey", "\"initialStateKey\" is of no use without \"initialStateView\"", null);
    }
    return context -> run(keys, schema.schema(context).orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> run(
      DebeziumTransform keys, Schema schema, StageContext context) {
    context.detail("columns", schema.columns().stream().map(SchemaColumn::name).toList());
    requireScalars(schema);
    StructType columns = schema.toStructType();
    StructType state = nullable(columns);
    Dataset<Row> events = events(keys, columns, state, context);
    Dataset<Row> all =
        keys.initialStateView()
            .map(view -> initial(view, keys.initialStateKey().orElseThrow(), state, context))
            .map(rows -> rows.unionByName(events))
            .orElse(events);
    WindowSpec inOrder = Window.partitionBy(BY_KEY).orderBy(col("offset"));
    all = DebeziumGaps.filled(all, state, inOrder, keys.unavailableValues());
    Dataset<Row> checked =
        keys.strict()
            ? all.withColumn("problem", problem(inOrder))
                .withColumn("problem", max(col("problem")).over(Window.partitionBy(BY_KEY)))
            : all.withColumn("problem", lit(null).cast(DataTypes.StringType));
    Dataset<Row> last =
        checked
            .withColumn("isLast", lead(col("offset"), 1).over(inOrder).isNull())
            .where(col("isLast"))
            .where(
                when(
                        col("problem").isNotNull(),
                        raise_error(col("problem")).cast(DataTypes.BooleanType))
                    .otherwise(col("after").isNotNull()));
    Dataset<Row> known = DebeziumGaps.told(last, context);
    Dataset<Row> rows =
        known.select(
            col("after.*"),
            col("topic").as("_topic", internal("The topic that the row's last event came from.")),
            col("offset")
                .as("_offset", internal("The offset of the row's last event in its topic.")));
    return Optional.of(keys.output().register(rows, context));
  }

  private static void requireScalars(Schema schema) {
    if (schema.columns().isEmpty()) {
      throw new StageException(
          "DebeziumTransform requires an input schema to define how to transform data but the"
              + " provided schema has 0 columns.");
    }
    for (SchemaColumn column : schema.columns()) {
      if (column instanceof SchemaColumn.Nested) {
        throw new StageException(
            "DebeziumTransform cannot make the field '"
                + column.name()
                + "' of type "
                + column.sparkType().simpleString()
                + ".");
      }
    }
  }

  /** A row that was deleted has no columns, so each may be null while events are followed. */
  private static StructType nullable(StructType columns) {
    return new StructType(
        Arrays.stream(columns.fields())
            .map(field -> new StructField(field.name(), field.dataType(), true, field.metadata()))
            .toArray(StructField[]::new));
  }

  private static Dataset<Row> events(
      DebeziumTransform keys, StructType columns, StructType state, StageContext context) {
    Dataset<Row> input = context.view(keys.inputView());
    if (input.isStreaming()) {
      throw new StageException(
          "DebeziumTransform cannot follow the stream '"
              + keys.inputView()
              + "'; read its events with a KafkaExtract that is no stream.");
    }
    List<String> there = List.of(input.columns());
    List<String> missing = EVENT_COLUMNS.stream().filter(name -> !there.contains(name)).toList();
    if (!missing.isEmpty()) {
      throw new StageException(
          "DebeziumTransform requires inputView to have the columns "
              + EVENT_COLUMNS
              + " but '"
              + keys.inputView()
              + "' has: "
              + there
              + ".");
    }
    StructType event =
        new StructType()
            .add("key", DataTypes.StringType)
            .add("topic", DataTypes.StringType)
            .add("offset", DataTypes.LongType)
            .add("operation", DataTypes.StringType)
            .add("before", state)
            .add("after", state)
            .add("unavailable", DataTypes.createArrayType(DataTypes.StringType, false));
    DebeziumGaps.tellMissing(input, columns, context);
    return input
        .where(col("value").isNotNull()) // What Kafka needs to forget a deleted key
        .select(
            col("key").cast(DataTypes.StringType),
            col("value").cast(DataTypes.StringType),
            col("topic").cast(DataTypes.StringType),
            col("offset").cast(DataTypes.LongType))
        .mapPartitions(
            new DebeziumEvents(columns, keys.strict(), keys.unavailablePlaceholder()),
            Encoders.row(event));
  }

  private static Dataset<Row> initial(
      String view, String key, StructType state, StageContext context) {
    Dataset<Row> rows = context.view(view);
    List<String> names =
        NamedColumns.of("DebeziumTransform", "initialStateKey", List.of(key), rows);
    List<String> columns =
        NamedColumns.of("DebeziumTransform", "schema", List.of(state.fieldNames()), rows);
    Column[] fields = new Column[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      StructField field = state.fields()[i];
      fields[i] =
          ColumnName.column(columns.get(i))
              .cast(field.dataType())
              .as(field.name(), field.metadata());
    }
    return rows.select(
        ColumnName.column(names.get(0)).cast(DataTypes.StringType).as("key"),
        lit(null).cast(DataTypes.StringType).as("topic"),
        lit(-1L).as("offset"),
        lit("r").as("operation"),
        lit(null).cast(state).as("before"),
        struct(fields).as("after"),
        array().cast("array<string>").as("unavailable"));
  }

  /** What is wrong with an event after the one before it; null if nothing is. */
  private static Column problem(WindowSpec inOrder) {
    Column previous = lag(col("after"), 1).over(inOrder);
    Column creates = array_contains(array(lit("c"), lit("r")), col("operation"));
    Column follows =
        previous.isNotNull().and(coalesce(col("before").eqNullSafe(previous), lit(false)));
    Column place =
        concat(
            lit(" (key '"),
            col("key"),
            lit("', offset "),
            col("offset").cast(DataTypes.StringType),
            lit(")"));
    return when(
            creates.and(previous.isNotNull()),
            concat(
                lit("expected previous value to be null for operation '"),
                col("operation"),
                lit("'"),
                place))
        .when(
            creates.equalTo(false).and(follows.equalTo(false)),
            concat(
                lit("expected previous value to equal next before value for operation '"),
                col("operation"),
                lit("'"),
                place));
  }

  private static Metadata internal(String description) {
    return new MetadataBuilder()
        .putBoolean("internal", true)
        .putString("description", description)
        .build();
  }
}
