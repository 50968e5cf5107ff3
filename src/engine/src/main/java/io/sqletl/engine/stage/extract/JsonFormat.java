package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.json.JsonFiles;
import io.sqletl.engine.stage.json.JsonObjectValue;
import io.sqletl.engine.stage.json.JsonReading;
import io.sqletl.engine.typing.Schema;
import java.nio.charset.Charset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** JSON as JSONExtract reads it: every record, with an account of what is wrong with each. */
record JsonFormat(JSONExtract keys, PlannedSchema schema) implements FileFormat {

  private static final int MOST_NAMED = 5;

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
    return (keys.multiLine() ? LineLayout.NONE : LineLayout.lines(0)).countingLines();
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
  public MalformedRecords malformedRecords() {
    return keys.malformedRecords();
  }

  @Override
  public Optional<String> problemColumn() {
    return isLenient() ? Optional.empty() : Optional.of(JsonFiles.PROBLEMS);
  }

  /** Whether Spark reads as it does. */
  private boolean isLenient() {
    return keys.malformedRecords() == MalformedRecords.IGNORE;
  }

  @Override
  public Optional<Dataset<Row>> rows(
      InputFiles files,
      Optional<StructType> given,
      boolean contiguousIndex,
      RecordAccount account,
      StageContext context) {
    if (isLenient()) {
      return Optional.empty();
    }
    keys.encoding()
        .map(Charset::forName)
        .ifPresent(
            charset -> {
              WideTextSigns.require(
                  files.withContent(),
                  charset,
                  context.type(),
                  context.spark().sessionState().newHadoopConf());
              EncodingSigns.tell(files.withContent(), charset, context);
            });
    Optional<Schema> declared = schema.schema(context);
    JsonFiles.Columns found =
        given.isPresent()
            ? JsonFiles.Columns.declared(given.get())
            : JsonFiles.columns(context.spark(), reading(null), files.globs(), files.statuses());
    StructType columns = found.all();
    if (columns.isEmpty()) {
      throw MissingInput.NO_FIELDS.failure(files.glob());
    }
    tellOfEmptyObjects(found.missing(), context);
    tellOfKinds(found.mixed(), context);
    Map<String, String> options = new LinkedHashMap<>();
    files.basePath(keys.reading().basePath()).ifPresent(path -> options.put("basePath", path));
    JsonReading reading = reading(JsonFiles.root(declared, found));
    Dataset<Row> rows =
        PartitionColumns.load(
            JsonFiles.reader(context.spark(), reading, options),
            complete(columns, reading),
            files,
            given);
    if (given.isEmpty()) {
      PartitionColumns.tellHidden(rows, List.of(columns.fieldNames()), context);
    }
    if (given.isPresent()) {
      UnmatchedJsonFields.tell(reading, PartitionColumns.names(rows), files, context);
    }
    return Optional.of(
        new FileScan(rows, this)
            .withOrigin(contiguousIndex, account, context)
            .drop(RecordAccount.NUMBER));
  }

  /** With the numbers of records where one task reads the file, so that none has to count them. */
  private static StructType complete(StructType columns, JsonReading reading) {
    StructType complete = JsonFiles.complete(columns);
    return reading.splitsFiles()
        ? complete
        : complete.add(RecordAccount.NUMBER, DataTypes.LongType, false);
  }

  @Override
  public Optional<Dataset<Row>> rows(
      Dataset<String> texts,
      Optional<StructType> given,
      RecordAccount account,
      StageContext context) {
    if (isLenient()) {
      return Optional.empty();
    }
    Optional<Schema> declared = schema.schema(context);
    JsonFiles.Columns found =
        given.isPresent() ? JsonFiles.Columns.declared(given.get()) : JsonFiles.columns(texts);
    StructType columns = found.all();
    if (columns.isEmpty()) {
      return Optional.of(context.spark().emptyDataFrame());
    }
    tellOfEmptyObjects(found.missing(), context);
    tellOfKinds(found.mixed(), context);
    JsonReading reading = reading(JsonFiles.root(declared, found));
    Dataset<Row> rows = account.check(JsonFiles.rows(texts, reading, columns), JsonFiles.PROBLEMS);
    return Optional.of(given.map(all -> described(rows, all)).orElse(rows));
  }

  /** What a structure is taken out of has lost the metadata. */
  private static Dataset<Row> described(Dataset<Row> rows, StructType given) {
    return SchemaMetadata.describe(rows, SchemaMetadata.attach(rows.schema(), given));
  }

  private JsonReading reading(JsonObjectValue root) {
    return new JsonReading(root, !keys.multiLine(), keys.encoding().orElse(null));
  }

  private static void tellOfEmptyObjects(List<String> paths, StageContext context) {
    if (paths.isEmpty()) {
      return;
    }
    String named =
        paths.stream()
            .limit(MOST_NAMED)
            .map(path -> "'" + path + "'")
            .collect(Collectors.joining(", "));
    context.warnOfColumns(
        (paths.size() == 1 ? "the field " : "the fields ")
            + named
            + (paths.size() > MOST_NAMED ? ", …" : "")
            + (paths.size() == 1 ? " has no column" : " have no columns")
            + ": every object there is {}",
        "to keep what is written, name all fields in a schema, and these with the type string");
  }

  private static void tellOfKinds(List<String> mixed, StageContext context) {
    if (mixed.isEmpty()) {
      return;
    }
    context.warnOfColumns(
        "the records have values of different kinds in a field, which is therefore read as text: "
            + mixed.stream().limit(MOST_NAMED).collect(Collectors.joining("; "))
            + (mixed.size() > MOST_NAMED ? "; and others" : ""),
        "give the stage a schema (\"schemaURI\"), so that what does not fit its type is told by its"
            + " line; a field of the type string takes all of them");
  }
}
