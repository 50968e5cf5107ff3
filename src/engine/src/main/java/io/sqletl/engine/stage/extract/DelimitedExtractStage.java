package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.trim;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Makes a view of delimited text, every column of it text. */
public final class DelimitedExtractStage implements StageType<DelimitedExtract> {

  @Override
  public Class<DelimitedExtract> configuration() {
    return DelimitedExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of delimited text files such as CSV; every column is text, for a"
        + " TypingTransform to type.";
  }

  @Override
  public Stage plan(DelimitedExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.format().check(planning);
    keys.reading().access().check(planning);
    if (keys.escape().length() > 1) {
      planning.invalid(
          "escape", "\"escape\" cannot be \"" + keys.escape() + "\"", "give one character or none");
    }
    if (!isEncoding(keys.encoding())) {
      planning.invalid(
          "encoding",
          "\"encoding\" cannot be \"" + keys.encoding() + "\"",
          "give a name such as UTF-8, ISO-8859-1, windows-1252 or UTF-16");
    }
    return new FileExtract(
        new Format(keys, planning.block().object().containsKey("escape")),
        keys.input(),
        keys.reading(),
        keys.schema().plan(planning),
        keys.output());
  }

  private static boolean isEncoding(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * @param escapeIsSaid whether the job has the key "escape"
   */
  private record Format(DelimitedExtract keys, boolean escapeIsSaid) implements FileFormat {

    @Override
    public String name() {
      return "csv";
    }

    @Override
    public Map<String, String> options() {
      Map<String, String> options = keys.format().options();
      options.put("inferSchema", "false");
      // Nothing between delimiters is NULL, a pair of quotes an empty text; by Spark's default both
      // would be NULL. No value is this text
      options.put("nullValue", "\u0000NULL");
      options.put("multiLine", Boolean.toString(keys.multiLine()));
      options.put("escape", keys.escape());
      if (!keys.encoding().equalsIgnoreCase("UTF-8")) {
        options.put("encoding", keys.encoding());
      }
      if (keys.recursiveFileLookup()) {
        options.put("recursiveFileLookup", "true");
      }
      return options;
    }

    @Override
    public LineLayout layout() {
      LineLayout layout =
          keys.multiLine() ? LineLayout.NONE : LineLayout.lines(keys.format().header() ? 1 : 0);
      return layout.countingLines();
    }

    @Override
    public FileFormat of(InputFiles files, StageContext context) {
      if (keys.multiLine() || keys.malformedRecords() == MalformedRecords.IGNORE) {
        return this;
      }
      Format ofRecords = new Format(keys.withMultiLine(), escapeIsSaid);
      boolean found =
          new QuotedLineEnds(
                  DelimitedDialect.of(ofRecords.keys, escapeIsSaid),
                  context.spark().sessionState().newHadoopConf())
              .areIn(files.withContent());
      return found ? ofRecords : this;
    }

    @Override
    public MalformedRecords malformedRecords() {
      return keys.malformedRecords();
    }

    @Override
    public String recursiveRemedy() {
      return ", or set \"recursiveFileLookup\": true";
    }

    @Override
    public boolean isRecursive() {
      return keys.recursiveFileLookup();
    }

    @Override
    public Optional<Dataset<Row>> rows(
        InputFiles files,
        Optional<StructType> given,
        boolean contiguousIndex,
        RecordAccount account,
        StageContext context) {
      if (keys.malformedRecords() == MalformedRecords.IGNORE) {
        return Optional.empty();
      }
      DelimitedDialect dialect = DelimitedDialect.of(keys, escapeIsSaid);
      WideTextSigns.require(
          files.withContent(),
          dialect.charset(),
          context.type(),
          context.spark().sessionState().newHadoopConf());
      EncodingSigns.tell(files.withContent(), dialect.charset(), context);
      List<FileTail> tails =
          dialect.hasAsciiLines()
              ? FileTail.of(files.withContent(), context.spark().sessionState().newHadoopConf())
              : List.of();
      UnendedFiles.tell(tails, context);
      DelimitedHeaders headers = new DelimitedHeaders(dialect, options(), names(given), context);
      DelimitedHeaders.Columns columns = headers.of(files.withContent());
      context.state().firstRecord(keys.output().outputView(), headers.firstRecord());
      sayNames(given, context);
      if (columns.names().isEmpty()) {
        return Optional.of(context.spark().emptyDataFrame());
      }
      TotalLines.tell(tails, dialect, columns.names(), context);
      EndMarks.tell(tails, dialect, columns.names(), context);
      StructType described = described(columns, given, context);
      Map<String, String> options = new HashMap<>();
      files.basePath(keys.reading().basePath()).ifPresent(path -> options.put("basePath", path));
      options.put("recursiveFileLookup", Boolean.toString(keys.recursiveFileLookup()));
      DelimitedReader reader = new DelimitedReader(dialect, account, context);
      if (reader.readsLines()) {
        Dataset<Row> lines = reader.lines(files, given, options);
        PartitionColumns.tellHidden(lines, columns.names(), context);
        Dataset<Row> rows = reader.rows(lines, columns, described).drop(RecordAccount.NUMBER);
        return Optional.of(
            new FileScan(rows, this)
                .withOrigin(rows, reader.countable(lines), contiguousIndex, context));
      }
      Dataset<Row> records = reader.records(files, columns.names().size(), given, options);
      PartitionColumns.tellHidden(DelimitedReader.folders(records), columns.names(), context);
      Dataset<Row> rows = reader.rows(records, columns, described);
      return Optional.of(
          new FileScan(rows, this)
              .withOrigin(rows, rows, contiguousIndex, context)
              .drop(RecordAccount.NUMBER));
    }

    @Override
    public Optional<Dataset<Row>> rows(
        Dataset<String> texts,
        Optional<StructType> given,
        RecordAccount account,
        StageContext context) {
      if (keys.malformedRecords() == MalformedRecords.IGNORE) {
        return Optional.empty();
      }
      DelimitedDialect dialect = DelimitedDialect.of(keys, escapeIsSaid).ofTexts();
      sayNames(given, context);
      Dataset<Row> lines = texts.toDF(DelimitedReader.LINE);
      List<Row> first = lines.filter(length(trim(col(DelimitedReader.LINE))).gt(0)).takeAsList(1);
      if (first.isEmpty()) {
        return Optional.of(context.spark().emptyDataFrame());
      }
      DelimitedHeaders.Columns columns =
          new DelimitedHeaders(dialect, options(), names(given), context)
              .of(first.get(0).getString(0).stripTrailing(), texts.columns()[0]);
      return Optional.of(
          new DelimitedReader(dialect, account, context)
              .rows(lines, columns, described(columns, given, context))
              .drop(RecordAccount.NUMBER));
    }

    /** Where the data have no names, those of the schema are what a TypingTransform goes by. */
    private void sayNames(Optional<StructType> given, StageContext context) {
      context
          .state()
          .describedNames(
              keys.output().outputView(), keys.format().header() ? List.of() : names(given));
    }

    private static List<String> names(Optional<StructType> given) {
      return given.map(schema -> List.of(schema.fieldNames())).orElse(List.of());
    }

    private StructType described(
        DelimitedHeaders.Columns columns, Optional<StructType> given, StageContext context) {
      StructType found = new StructType();
      for (String name : columns.names()) {
        found = found.add(name, DataTypes.StringType);
      }
      if (given.isEmpty()) {
        return found;
      }
      if (keys.format().header()) {
        warnOfSchema(columns.names(), List.of(given.get().fieldNames()), context);
      }
      return SchemaMetadata.attach(found, given.get());
    }

    private static void warnOfSchema(
        List<String> header, List<String> schema, StageContext context) {
      List<String> missing = DelimitedHeaders.without(schema, header);
      List<String> others = DelimitedHeaders.without(header, schema);
      if (!missing.isEmpty() || !others.isEmpty()) {
        context.warn(
            ErrorCode.COLUMN_NAMES,
            "The names of the schema and of the header differ: "
                + (missing.isEmpty() ? "" : "only in the schema " + String.join(", ", missing))
                + (missing.isEmpty() || others.isEmpty() ? "" : "; ")
                + (others.isEmpty() ? "" : "only in the header " + String.join(", ", others)),
            "here the schema describes columns and does not name or type them, which"
                + " TypingTransform does");
      }
    }

    @Override
    public Optional<MissingInput> blankFiles() {
      return Optional.of(MissingInput.NO_FIELDS);
    }

    @Override
    public Optional<StructType> columns(SparkSession spark, InputFiles files) {
      return Optional.of(new FirstRecord(spark, options()).columns(files.withContent()));
    }

    @Override
    public Dataset<Row> read(DataFrameReader reader, Dataset<String> texts) {
      return reader.csv(texts);
    }
  }
}
