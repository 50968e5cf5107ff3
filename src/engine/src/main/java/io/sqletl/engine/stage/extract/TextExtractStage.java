package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.is_valid_utf8;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.LineLayout;
import io.sqletl.engine.stage.MalformedRecords;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.files.FileSignature;
import io.sqletl.engine.stage.files.PackedName;
import io.sqletl.engine.typing.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.CodecStreams;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Makes a view of text files. */
public final class TextExtractStage implements StageType<TextExtract> {

  @Override
  public Class<TextExtract> configuration() {
    return TextExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of text files with the column value: a row for each line, or for each"
        + " file.";
  }

  @Override
  public Stage plan(TextExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.reading().access().check(planning);
    PlannedSchema schema = keys.schema().plan(planning);
    FileExtract files =
        new FileExtract(
            new Format(keys),
            new InputSource(keys.input().inputURI(), Optional.empty(), Optional.empty()),
            keys.reading(),
            schema,
            keys.output());
    if (keys.input().inputView().isEmpty()) {
      return files;
    }
    return context ->
        Optional.of(keys.output().register(read(keys, files, schema, context), context));
  }

  private static Dataset<Row> read(
      TextExtract keys, FileExtract files, PlannedSchema schema, StageContext context) {
    Optional<StructType> given = schema.schema(context).map(Schema::toStructType);
    var paths = keys.input().paths(context);
    paths.forEach(path -> keys.reading().access().apply(path, context));
    return files.fromFiles(paths, given, context);
  }

  private record Format(TextExtract keys) implements FileFormat {

    private static final String PROBLEM = InternalColumn.PREFIX + "problem";

    private static final String MARK = "\uFEFF";

    private static final String END_OF_FILE = "\u001A";

    private static final StructType COLUMNS = new StructType().add("value", DataTypes.StringType);

    @Override
    public String name() {
      return "text";
    }

    @Override
    public Map<String, String> options() {
      return Map.of("wholetext", Boolean.toString(keys.multiLine()));
    }

    @Override
    public LineLayout layout() {
      return keys.multiLine() ? LineLayout.NONE : LineLayout.lines(0);
    }

    @Override
    public Optional<StructType> fixedColumns() {
      return Optional.of(COLUMNS);
    }

    @Override
    public MalformedRecords malformedRecords() {
      return keys.malformedRecords();
    }

    @Override
    public Optional<String> problemColumn() {
      return keys.malformedRecords() == MalformedRecords.IGNORE
          ? Optional.empty()
          : Optional.of(PROBLEM);
    }

    @Override
    public Optional<StructType> columns(SparkSession spark, InputFiles files) {
      return Optional.of(COLUMNS);
    }

    /** What is packed or of another encoding has lines too, which are none. */
    private static void requireText(InputFiles files, StageContext context) {
      Configuration configuration = context.spark().sessionState().newHadoopConf();
      FilesAtOnce.look(files.withContent(), file -> problem(file, configuration)).stream()
          .flatMap(Optional::stream)
          .findFirst()
          .ifPresent(
              problem -> {
                throw new StageException(problem);
              });
    }

    private static Optional<String> problem(Path file, Configuration configuration) {
      try (InputStream bytes = CodecStreams.createInputStream(configuration, file)) {
        byte[] first = bytes.readNBytes(1 << 10);
        return FileSignature.of(first, 0, first.length)
            .map(
                sign ->
                    "TextExtract reads text in UTF-8, but the file '"
                        + file
                        + "' "
                        + sign.replaceAll("; set \"encoding\".*", "")
                        + "; convert the file, or read it with BytesExtract and decode() it in SQL");
      } catch (IOException e) {
        throw new StageException(
            "TextExtract cannot read '"
                + file
                + "': "
                + PackedName.problem(file, configuration)
                    .orElse(FaultText.of(e) + "; see that the file is whole"),
            e);
      }
    }

    /** Spark takes the byte order mark off where it reads lines. */
    private static Dataset<Row> withoutMark(Dataset<Row> rows) {
      Column value = col("value");
      return rows.withColumn(
          "value",
          when(value.startsWith(MARK), value.substr(2, Integer.MAX_VALUE))
              .otherwise(value)
              .as("value", rows.schema().apply("value").metadata()));
    }

    @Override
    public Optional<Dataset<Row>> rows(
        InputFiles files,
        Optional<StructType> given,
        boolean contiguousIndex,
        RecordAccount account,
        StageContext context) {
      if (problemColumn().isEmpty()) {
        return Optional.empty();
      }
      requireText(files, context);
      DataFrameReader reader = context.spark().read().format(name()).options(options());
      files.basePath(keys.reading().basePath()).ifPresent(path -> reader.option("basePath", path));
      StructType columns =
          given.map(schema -> SchemaMetadata.attach(COLUMNS, schema)).orElse(COLUMNS);
      Dataset<Row> read = PartitionColumns.load(reader, columns, files, given);
      Dataset<Row> rows = keys.multiLine() ? withoutMark(read) : read;
      Dataset<Row> checked =
          rows.withColumn(
              PROBLEM,
              when(
                      not(is_valid_utf8(col("value"))),
                      lit(
                          "its bytes are no UTF-8; convert the file, or read it with BytesExtract"
                              + " and decode() it in SQL"))
                  .when(
                      col("value").equalTo(END_OF_FILE),
                      lit(
                          "the sign with which DOS ends a file (Ctrl-Z) stands alone in this line,"
                              + " which is no record; take it out"))
                  // Spark takes off the one at the start of a file
                  .when(
                      col("value").startsWith(MARK),
                      lit(
                          "a byte order mark stands inside the file, as where files were put"
                              + " together; take it out")));
      Dataset<Row> complete =
          new FileScan(checked, this).withOrigin(contiguousIndex, account, context);
      return Optional.of(keys.multiLine() ? withEmpty(complete, read, files, context) : complete);
    }

    /** A file is a text, also one without a byte. */
    private static Dataset<Row> withEmpty(
        Dataset<Row> complete, Dataset<Row> read, InputFiles files, StageContext context) {
      EmptyFiles empty = EmptyFiles.of(files);
      if (empty.files().isEmpty()) {
        return complete;
      }
      if (PartitionColumns.names(read).isEmpty()) {
        return empty.addTexts(complete, context);
      }
      // Which values their folders give is known to Spark alone
      empty.tell(context);
      return complete;
    }
  }
}
