package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.json.JsonFiles;
import io.sqletl.engine.stage.json.JsonReading;
import io.sqletl.engine.typing.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** JSON as JSONExtract reads it: every record, with an account of what is wrong with each. */
record JsonFormat(JSONExtract keys, PlannedSchema schema) implements FileFormat {

  @Override
  public String name() {
    return "json";
  }

  @Override
  public Map<String, String> options() {
    return Map.of("multiLine", Boolean.toString(keys.multiLine()));
  }

  @Override
  public LineLayout layout() {
    return keys.multiLine() ? LineLayout.NONE : LineLayout.lines(0);
  }

  @Override
  public Optional<MissingInput> blankFiles() {
    return Optional.of(MissingInput.NO_FIELDS);
  }

  @Override
  public SchemaUse schemaUse() {
    return SchemaUse.READ;
  }

  @Override
  public Dataset<Row> read(DataFrameReader reader, Dataset<String> texts) {
    return reader.json(texts);
  }

  @Override
  public Optional<Dataset<Row>> rows(
      InputFiles files, Optional<StructType> given, boolean contiguousIndex, StageContext context) {
    Optional<Schema> declared = schema.schema(context);
    StructType columns =
        given.isPresent()
            ? given.get()
            : JsonFiles.columns(context.spark(), reading(null), files.globs());
    if (columns.isEmpty()) {
      throw MissingInput.NO_FIELDS.failure(files.glob());
    }
    Map<String, String> options = new LinkedHashMap<>();
    keys.reading().basePath().ifPresent(path -> options.put("basePath", path));
    JsonReading reading = reading(JsonFiles.root(declared, columns));
    Dataset<Row> rows =
        PartitionColumns.load(
            JsonFiles.reader(context.spark(), reading, options),
            JsonFiles.complete(columns),
            files,
            given);
    return Optional.of(
        accounted(new FileScan(rows, this).withOrigin(contiguousIndex, context), context));
  }

  @Override
  public Optional<Dataset<Row>> rowsOfTexts(
      Dataset<String> texts, Optional<StructType> given, StageContext context) {
    Optional<Schema> declared = schema.schema(context);
    StructType columns = given.isPresent() ? given.get() : JsonFiles.columns(texts);
    if (columns.isEmpty()) {
      return Optional.of(context.spark().emptyDataFrame());
    }
    JsonReading reading = reading(JsonFiles.root(declared, columns));
    Dataset<Row> rows = accounted(JsonFiles.rows(texts, reading, columns), context);
    return Optional.of(given.map(all -> described(rows, all)).orElse(rows));
  }

  /** What a structure is taken out of has lost the metadata. */
  private static Dataset<Row> described(Dataset<Row> rows, StructType given) {
    return SchemaMetadata.describe(rows, SchemaMetadata.attach(rows.schema(), given));
  }

  private JsonReading reading(io.sqletl.engine.stage.json.JsonObjectValue root) {
    return new JsonReading(root, !keys.multiLine(), null);
  }

  private Dataset<Row> accounted(Dataset<Row> rows, StageContext context) {
    return rows.drop(JsonFiles.PROBLEMS, JsonFiles.LINE);
  }
}
