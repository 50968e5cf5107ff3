package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.BlankLines;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.typing.AdjustedValues;
import io.sqletl.engine.typing.RejectedValues;
import io.sqletl.engine.typing.Schema;
import io.sqletl.engine.typing.SchemaColumn;
import io.sqletl.engine.typing.Typing;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** Gives columns of text the types, names and metadata of a schema. */
public final class TypingTransformStage implements StageType<TypingTransform> {

  @Override
  public Class<TypingTransform> configuration() {
    return TypingTransform.class;
  }

  @Override
  public String description() {
    return "Gives columns of text the names and types of a schema, and says in the column _errors"
        + " which values did not fit.";
  }

  @Override
  public Stage plan(TypingTransform keys, StagePlanning planning) {
    keys.access().check(planning);
    PlannedSchema schema = keys.source().plan(planning);
    schema
        .known()
        .ifPresent(
            known ->
                planning
                    .views()
                    .columns(
                        keys.output().outputView(),
                        known.columns().stream().map(SchemaColumn::name).toList()));
    return context -> run(keys, schema.schema(context).orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> run(
      TypingTransform keys, Schema schema, StageContext context) {
    Dataset<Row> input = context.view(keys.inputView());
    context.detail("columns", schema.columns().stream().map(SchemaColumn::name).toList());
    checkColumns(input.schema(), schema, context);
    Dataset<Row> ordered =
        new ColumnsByName(
                input,
                schema.columns().stream().map(SchemaColumn::name).toList(),
                context.state().firstRecord(keys.inputView()),
                context.state().describedNames(keys.inputView()),
                context)
            .inOrder();
    RejectedValues rejected = new RejectedValues();
    AdjustedValues adjusted = new AdjustedValues();
    context.adjusted(adjusted);
    context.rejected(
        new Rejected(
            rejected,
            LineLayout.of(input.schema()),
            new BlankLines(context.spark().sparkContext().hadoopConfiguration()),
            () ->
                input.isStreaming()
                    ? Optional.empty()
                    : Typing.firstFailure(input, schema, keys.failMode().mode())));
    Dataset<Row> typed =
        keys.output()
            .register(
                Typing.apply(ordered, schema, keys.failMode().mode(), rejected, adjusted), context);
    if (context.detail().get("records") instanceof Long records) {
      context.detail("values", records * typed.columns().length);
      context.detail("errors", rejected.value().count());
    }
    return Optional.of(typed);
  }

  private static void checkColumns(StructType input, Schema schema, StageContext context) {
    long columns =
        Arrays.stream(input.fields())
            .filter(field -> !InternalColumn.isInternal(field.metadata()))
            .count();
    if (schema.columns().isEmpty()) {
      throw new StageException(
          "TypingTransform requires an input schema to define how to transform data but the provided"
              + " schema has 0 columns.");
    }
    if (columns != schema.columns().size()) {
      context.detail("schemaColumnCount", schema.columns().size());
      context.detail("inputColumnCount", columns);
    }
  }
}
