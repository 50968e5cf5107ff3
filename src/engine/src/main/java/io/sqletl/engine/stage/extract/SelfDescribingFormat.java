package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.StageContext;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.avro.SchemaConverters;
import org.apache.spark.sql.types.StructType;

/**
 * A format whose files say themselves what their columns are: columns go by name, and have the
 * widest type that the files have.
 *
 * @param name Spark's name of it
 * @param options of Spark's reader
 * @param blankFiles what files without a byte are; empty where there is always something in a file
 * @param isDeclared whether the job says the columns, and the files are not asked
 * @param basePath from which on names of directories are values of columns
 */
record SelfDescribingFormat(
    String name,
    Map<String, String> options,
    Optional<MissingInput> blankFiles,
    boolean isDeclared,
    Optional<String> basePath)
    implements FileFormat {

  /** Columns that only some files have are null for the others. */
  static final Map<String, String> MERGED = Map.of("mergeSchema", "true");

  @Override
  public boolean saysTypes() {
    return true;
  }

  @Override
  public Optional<Dataset<Row>> rows(
      InputFiles files,
      Optional<StructType> given,
      boolean contiguousIndex,
      RecordAccount account,
      StageContext context) {
    EmptyFiles.of(files).tell(context);
    if (isDeclared || files.withContent().isEmpty()) {
      AvroSchema.declared(options).ifPresent(schema -> tellOfDeclared(schema, files, context));
      return Optional.empty();
    }
    FileTypes types =
        name.equals("orc")
            ? FileTypes.ofOrc(context.spark(), files.withContent())
            : FileTypes.ofAvro(context.spark(), files.withContent());
    ParquetFormat.tell(types.notes(), context);
    tellHidden(types.columns(), files, context);
    // Spark reads files that are alike in one scan
    if (types.groups().size() < 2) {
      return Optional.empty();
    }
    return Optional.of(
        new ScansByName(this, files, basePath, contiguousIndex, account, context)
            .of(types.groups(), types.columns(), given));
  }

  private void tellOfDeclared(Schema schema, InputFiles files, StageContext context) {
    ParquetFormat.tell(AvroNumbers.notes(schema), context);
    if (SchemaConverters.toSqlType(schema).dataType() instanceof StructType columns) {
      UnmatchedAvroFields.tell(schema, files.withContent(), context);
      tellHidden(columns, files, context);
    }
  }

  private void tellHidden(StructType columns, InputFiles files, StageContext context) {
    DataFrameReader reader = context.spark().read().format(name);
    files.basePath(basePath).ifPresent(path -> reader.option("basePath", path));
    PartitionColumns.tellHidden(reader, columns, files, context);
  }
}
