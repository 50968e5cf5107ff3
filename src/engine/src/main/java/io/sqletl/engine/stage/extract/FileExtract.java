package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.typing.Schema;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Makes a view of files, or of texts in a view.
 *
 * @param format what the files hold
 * @param input where they are
 * @param reading how they are read
 * @param schema what they should look like
 * @param output the view
 */
record FileExtract(
    FileFormat format,
    InputSource input,
    FileReading reading,
    PlannedSchema schema,
    OutputView output)
    implements Stage {

  @Override
  public Optional<Dataset<Row>> run(StageContext context) {
    input.inputURI().ifPresent(uri -> reading.access().apply(uri, context));
    Optional<StructType> given = schema.schema(context).map(Schema::toStructType);
    context.detail("options", format.options());
    Dataset<Row> rows;
    if (input.inputView().isPresent()) {
      rows = fromView(input.inputView().get(), given, context);
    } else if (context.options().streaming()) {
      rows = stream(input.inputURI().orElseThrow(), given, context);
    } else {
      rows = fromFiles(List.of(input.inputURI().orElseThrow()), given, context);
    }
    return Optional.of(output.register(rows, context));
  }

  /** The rows of files, with the columns that say where each comes from. */
  Dataset<Row> fromFiles(List<String> globs, Optional<StructType> given, StageContext context) {
    InputFiles files =
        InputFiles.find(
            globs, context.spark().sessionState().newHadoopConf(), format.isRecursive());
    new OneFormat(files, context).require(format.name());
    FileFormat fitting = format.of(files, context);
    if (!fitting.equals(format)) {
      context.detail("options", fitting.options());
    }
    return FolderNames.correct(
        new FileExtract(fitting, input, reading, schema, output).rows(files, given, context),
        files);
  }

  private Dataset<Row> rows(InputFiles files, Optional<StructType> given, StageContext context) {
    RecordAccount account = RecordAccount.open(format.malformedRecords(), format.layout(), context);
    files.surroundings().tell(context);
    files
        .passedOver()
        .tell("name them by a pattern, such as FOLDER/*/*" + format.recursiveRemedy(), context);
    CopiedFiles.tell(
        files.statuses(),
        !format.saysTypes(),
        context.spark().sessionState().newHadoopConf(),
        context);
    if (!files.isPathThere() && !files.all().isEmpty()) {
      throw new StageException(
          "Path '"
              + files.missing()
              + "' does not exist, while others of the input do; see that it is right, or take it"
              + " out");
    }
    Optional<MissingInput> missing = missing(files);
    if (missing.isPresent()) {
      return withoutRows(missing.get(), files.glob(), given, account, context);
    }
    try {
      Optional<Dataset<Row>> own =
          format.rows(files, given, reading.contiguousIndex(), account, context);
      if (own.isPresent() && !own.get().schema().isEmpty()) {
        tellOfSchema(own.get(), given, context);
        return own.get();
      }
      Dataset<Row> rows = own.isPresent() ? own.get() : read(files, given, context);
      if (rows.schema().isEmpty()) {
        return withoutRows(MissingInput.NO_FIELDS, files.glob(), given, account, context);
      }
      tellOfSchema(rows, given, context);
      return new FileScan(rows, format).withOrigin(reading.contiguousIndex(), account, context);
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared
      throw UnreadableFile.failure(context.type(), files.glob(), e);
    }
  }

  private void tellOfSchema(Dataset<Row> rows, Optional<StructType> given, StageContext context) {
    if (format.saysTypes() && given.isPresent()) {
      SchemaDifferences.tell("the files", rows.schema(), given.get(), context);
    }
  }

  private Optional<MissingInput> missing(InputFiles files) {
    if (!files.isPathThere()) {
      return Optional.of(MissingInput.NO_PATH);
    }
    if (files.all().isEmpty()) {
      return Optional.of(MissingInput.NO_FILES);
    }
    return files.withContent().isEmpty() ? format.blankFiles() : Optional.empty();
  }

  private Dataset<Row> read(InputFiles files, Optional<StructType> given, StageContext context) {
    if (format.schemaUse() == FileFormat.SchemaUse.READ && given.isPresent()) {
      return PartitionColumns.load(reader(files, context), given.get(), files, given);
    }
    Optional<StructType> columns = format.columns(context.spark(), files);
    if (columns.isPresent()) {
      return columns.get().isEmpty()
          ? context.spark().emptyDataFrame()
          : PartitionColumns.load(
              reader(files, context), described(columns.get(), given), files, given);
    }
    Dataset<Row> found =
        PartitionColumns.exact(
            reader(files, context).load(files.globs()), reader(files, context), files, given);
    StructType described = described(found.schema(), given);
    return described.equals(found.schema())
        ? found
        : reader(files, context).schema(described).load(files.globs());
  }

  /** The columns that were found, with what the given schema says of those of the same name. */
  private static StructType described(StructType found, Optional<StructType> given) {
    return given.map(schema -> SchemaMetadata.attach(found, schema)).orElse(found);
  }

  private DataFrameReader reader(InputFiles files, StageContext context) {
    DataFrameReader reader = context.spark().read().format(format.name()).options(format.options());
    files.basePath(reading.basePath()).ifPresent(path -> reader.option("basePath", path));
    return reader;
  }

  private Dataset<Row> withoutRows(
      MissingInput reason,
      String glob,
      Optional<StructType> given,
      RecordAccount account,
      StageContext context) {
    if (reason.isCounted()) {
      context.detail("records", 0);
    }
    // A path that is not there is a mistake also where the columns are known
    Optional<StructType> fixed =
        reason == MissingInput.NO_PATH ? given : format.fixedColumns().or(() -> given);
    StructType columns = fixed.orElseThrow(() -> reason.failure(glob));
    if (!glob.isEmpty()) {
      reason.tellOfNoRows(glob, context);
    }
    StructType complete = RowOrigin.addTo(columns, reading.contiguousIndex(), format.layout());
    return context.spark().createDataFrame(List.<Row>of(), account.addTo(complete));
  }

  private Dataset<Row> fromView(String view, Optional<StructType> given, StageContext context) {
    Dataset<Row> source = context.view(view);
    if (source.isStreaming()) {
      throw new StageException(
          context.header().type() + " cannot read the stream '" + view + "'; read its source");
    }
    RecordAccount account = RecordAccount.openOfView(format.malformedRecords(), view, context);
    Dataset<String> texts = texts(view, source, context);
    RowOrigin.Numbering numbering =
        reading.contiguousIndex()
            ? RowOrigin.Numbering.PARTITIONS
            : RowOrigin.Numbering.WITH_GAPS_IN_VIEW;
    Optional<Dataset<Row>> own = format.rows(texts, given, account, context);
    if (own.isPresent() && !own.get().schema().isEmpty()) {
      return RecordAccount.errorsLast(new RowOrigin(numbering, LineLayout.NONE).add(own.get()));
    }
    Dataset<Row> rows = own.isPresent() ? own.get() : format.read(viewReader(context), texts);
    if (rows.schema().isEmpty()) {
      return withoutRows(MissingInput.NO_FIELDS, "", given, account, context);
    }
    StructType described = described(rows.schema(), given);
    if (own.isEmpty() && !described.equals(rows.schema())) {
      rows = format.read(viewReader(context).schema(described), texts);
    }
    Dataset<Row> read = rows;
    Dataset<Row> checked =
        format.problemColumn().map(problem -> account.check(read, problem)).orElse(read);
    return RecordAccount.errorsLast(new RowOrigin(numbering, LineLayout.NONE).add(checked, read));
  }

  private DataFrameReader viewReader(StageContext context) {
    return context.spark().read().options(format.options());
  }

  private Dataset<String> texts(String view, Dataset<Row> source, StageContext context) {
    String type = context.header().type();
    StructType columns = source.schema();
    String field =
        input
            .inputField()
            .orElseGet(
                () -> {
                  if (columns.length() != 1) {
                    throw new StageException(
                        type
                            + " needs 'inputField' as inputView '"
                            + view
                            + "' has "
                            + columns.length()
                            + " columns ["
                            + String.join(", ", columns.fieldNames())
                            + "].");
                  }
                  return columns.fieldNames()[0];
                });
    StructField column =
        Arrays.stream(columns.fields())
            .filter(candidate -> candidate.name().equalsIgnoreCase(field))
            .findFirst()
            .orElseThrow(
                () ->
                    new StageException(
                        "inputView '"
                            + view
                            + "' has no column '"
                            + field
                            + "', only ["
                            + String.join(", ", columns.fieldNames())
                            + "]."));
    if (!(column.dataType() instanceof StringType)) {
      throw new StageException(
          type
              + " reads texts, but column '"
              + field
              + "' of inputView '"
              + view
              + "' is of type "
              + column.dataType().simpleString()
              + ".");
    }
    return RowOrigin.dealtOut(source.select(ColumnName.column(column.name())))
        .as(Encoders.STRING());
  }

  private Dataset<Row> stream(String glob, Optional<StructType> given, StageContext context) {
    StructType columns =
        format
            .fixedColumns()
            .or(() -> given)
            .orElseThrow(
                () ->
                    new StageException(
                        context.header().type()
                            + " requires 'schemaURI' or 'schemaView' to be set if the run is"
                            + " streaming."));
    DataStreamReader reader =
        context.spark().readStream().format(format.name()).options(format.options());
    Dataset<Row> rows = reader.schema(columns).load(glob);
    RecordAccount account = RecordAccount.open(format.malformedRecords(), format.layout(), context);
    boolean isTold = format.problemColumn().filter(List.of(rows.columns())::contains).isPresent();
    if (!isTold && format.malformedRecords() != MalformedRecords.IGNORE) {
      context.warn(
          ErrorCode.UNTOLD,
          context.type()
              + " '"
              + context.header().name()
              + "' reads a stream, of which malformed records are not told: what does not fit is"
              + " null",
          "type texts in a TypingTransform behind it, or set \"malformedRecords\": \"ignore\" if"
              + " that is meant");
    }
    Dataset<Row> checked =
        isTold ? account.check(rows, format.problemColumn().orElseThrow()) : rows;
    return Watermark.apply(reading.watermark(), RecordAccount.errorsLast(checked));
  }
}
