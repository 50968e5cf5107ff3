package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.typing.Schema;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.StructField;

/** Makes a view of Avro files, or of Avro records in a view. */
public final class AvroExtractStage implements StageType<AvroExtract> {

  @Override
  public Class<AvroExtract> configuration() {
    return AvroExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of Avro files, or decodes a binary column of a view; without a schema a"
        + " column that only some files have is null for the others, and one of several types has"
        + " the widest.";
  }

  @Override
  public Stage plan(AvroExtract keys, StagePlanning planning) {
    InputSource input = new InputSource(keys.inputURI(), Optional.empty(), Optional.empty());
    Optional<String> avro = AvroSchema.read(keys.avroSchemaURI(), planning);
    keys.access().check(planning);
    PlannedSchema schema = keys.schema().plan(planning);
    if (keys.inputView().isPresent()) {
      if (keys.avroSchemaURI().isEmpty()) {
        planning.missing(
            "avroSchemaURI",
            "AvroExtract requires the 'avroSchemaURI' to be provided when reading from an"
                + " 'inputView'");
      }
      return context ->
          Optional.of(
              keys.output().register(decoded(keys, avro.orElseThrow(), schema, context), context));
    }
    input.check(planning);
    return new FileExtract(
        new SelfDescribingFormat(
            "avro",
            avro.map(text -> Map.of(AvroSchema.OPTION, text)).orElse(Map.of()),
            Optional.empty(),
            /* isDeclared */ avro.isPresent(),
            keys.basePath()),
        input,
        new FileReading(keys.basePath(), Optional.empty(), keys.access(), keys.contiguousIndex()),
        schema,
        keys.output());
  }

  private static Dataset<Row> decoded(
      AvroExtract keys, String avro, PlannedSchema schema, StageContext context) {
    String view = keys.inputView().orElseThrow();
    Dataset<Row> given = context.view(view);
    Dataset<Row> rows = given.isStreaming() ? given : RowOrigin.dealtOut(given);
    ParquetFormat.tell(AvroNumbers.notes(new org.apache.avro.Schema.Parser().parse(avro)), context);
    StructField[] fields = rows.schema().fields();
    int binary = requireBinary(keys.inputField(), view, fields);
    Column[] columns = new Column[fields.length];
    for (int i = 0; i < fields.length; i++) {
      Column column = ColumnName.column(fields[i].name());
      columns[i] =
          i == binary
              ? AvroRecords.decoded(rows, view, fields[i].name(), avro).as(fields[i].name())
              : column;
    }
    Dataset<Row> decoded = rows.select(columns);
    Optional<org.apache.spark.sql.types.StructType> described =
        schema.schema(context).map(Schema::toStructType);
    if (described.isPresent()) {
      SchemaDifferences.tell("the view", decoded.schema(), described.get(), context);
      decoded =
          SchemaMetadata.describe(
              decoded, SchemaMetadata.attach(decoded.schema(), described.get()));
    }
    if (decoded.isStreaming()) {
      return decoded;
    }
    RowOrigin.Numbering numbering =
        keys.contiguousIndex()
            ? RowOrigin.Numbering.PARTITIONS
            : RowOrigin.Numbering.WITH_GAPS_IN_VIEW;
    return new RowOrigin(numbering, LineLayout.NONE).add(decoded);
  }

  private static int requireBinary(String name, String view, StructField[] fields) {
    for (int i = 0; i < fields.length; i++) {
      if (fields[i].name().equalsIgnoreCase(name)) {
        if (fields[i].dataType() instanceof BinaryType) {
          return i;
        }
        throw new StageException(
            "AvroExtract decodes binary, but column '"
                + name
                + "' of inputView '"
                + view
                + "' is of type "
                + fields[i].dataType().simpleString()
                + "; name the binary column with 'inputField'.");
      }
    }
    throw new StageException(
        "inputView '"
            + view
            + "' has no column '"
            + name
            + "', only ["
            + String.join(", ", Arrays.stream(fields).map(StructField::name).toList())
            + "]; name the binary column with 'inputField'.");
  }
}
