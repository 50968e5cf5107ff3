package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.typing.Schema;
import io.sqletl.engine.typing.SchemaColumn;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Gives columns the metadata of a schema's columns of the same name. */
public final class MetadataTransformStage implements StageType<MetadataTransform> {

  @Override
  public Class<MetadataTransform> configuration() {
    return MetadataTransform.class;
  }

  @Override
  public String description() {
    return "Gives columns the metadata of a schema's columns of the same name; types and values stay"
        + " as they are.";
  }

  @Override
  public Stage plan(MetadataTransform keys, StagePlanning planning) {
    keys.access().check(planning);
    PlannedSchema schema = keys.source().plan(planning);
    return context -> attach(keys, schema.schema(context).orElseThrow(), context);
  }

  private static Optional<Dataset<Row>> attach(
      MetadataTransform keys, Schema schema, StageContext context) {
    Dataset<Row> input = context.view(keys.inputView());
    List<String> known = schema.columns().stream().map(SchemaColumn::name).toList();
    List<String> there = List.of(input.columns());
    context.detail("columns", known);
    if (keys.failMode() == MetadataTransform.Match.FAILFAST
        && !Set.copyOf(known).equals(Set.copyOf(there))) {
      throw new StageException(
          "MetadataTransform with failMode = 'failfast' ensures that the supplied schema has the"
              + " same columns as inputView '"
              + keys.inputView()
              + "' but the supplied schema has columns: "
              + quoted(known)
              + " and '"
              + keys.inputView()
              + "' contains columns: "
              + quoted(there)
              + ".");
    }
    Dataset<Row> described =
        SchemaMetadata.describe(
            input, SchemaMetadata.attach(input.schema(), schema.toStructType()));
    return Optional.of(keys.output().register(described, context));
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ", "[", "]"));
  }
}
