package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Parquet files of any writer: columns by name, of the widest type that the files have.
 *
 * @param basePath from which on names of directories are values of columns
 */
record ParquetFormat(Optional<String> basePath) implements FileFormat {

  private static final String NANOS_AS_NUMBERS = "spark.sql.legacy.parquet.nanosAsLong";
  private static final String READS_BATCHES = "spark.sql.parquet.enableVectorizedReader";

  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public Map<String, String> options() {
    return SelfDescribingFormat.MERGED;
  }

  @Override
  public boolean saysTypes() {
    return true;
  }

  @Override
  public boolean numbersRows() {
    return true;
  }

  @Override
  public Optional<Dataset<Row>> rows(
      InputFiles files,
      Optional<StructType> given,
      boolean contiguousIndex,
      RecordAccount account,
      StageContext context) {
    ParquetColumns found = ParquetColumns.of(context.spark(), files.all());
    if (found.columns().isEmpty()) {
      return Optional.empty();
    }
    tell(found.notes(), context);
    StructType described =
        given.map(schema -> SchemaMetadata.attach(found.columns(), schema)).orElse(found.columns());
    DataFrameReader reader = context.spark().read().format(name());
    files.basePath(basePath).ifPresent(path -> reader.option("basePath", path));
    if (!found.nanoseconds().isEmpty()) {
      // Spark asks the session, when the view is used
      context.spark().conf().set(NANOS_AS_NUMBERS, "true");
    }
    if (found.isSplitByBytes()) {
      // Its reader of rows knows all encodings, and is slower; the session is asked as above
      context.spark().conf().set(READS_BATCHES, "false");
    }
    Dataset<Row> rows = PartitionColumns.load(reader, described, files, given);
    PartitionColumns.tellHidden(rows, List.of(found.columns().fieldNames()), context);
    Dataset<Row> complete =
        found.groups().isEmpty()
            ? new FileScan(rows, this).withOrigin(contiguousIndex, account, context)
            : new ScansByName(this, files, basePath, contiguousIndex, account, context)
                .of(found.groups(), found.columns(), given);
    return Optional.of(
        found.nanoseconds().isEmpty() ? complete : micros(complete, found.nanoseconds()));
  }

  static void tell(List<String> notes, StageContext context) {
    for (String note : notes) {
      context.warnOfColumns(note, null);
    }
  }

  private static Dataset<Row> micros(
      Dataset<Row> rows, Map<String, ParquetColumns.Nanoseconds> nanoseconds) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      Column column = ColumnName.column(field.name());
      ParquetColumns.Nanoseconds kind = nanoseconds.get(field.name());
      columns.add(
          kind == null ? column : timestamp(field.name(), kind).as(field.name(), field.metadata()));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  /** Down to the whole microsecond, also before 1970. */
  private static Column timestamp(String name, ParquetColumns.Nanoseconds kind) {
    String quoted = "`" + name.replace("`", "``") + "`";
    String micros = "((" + quoted + " - pmod(" + quoted + ", 1000L)) div 1000L)";
    return functions.expr(
        kind == ParquetColumns.Nanoseconds.INSTANT
            ? "timestamp_micros(" + micros + ")"
            : "TIMESTAMP_NTZ'1970-01-01 00:00:00' + make_dt_interval(0, 0, 0, cast(cast("
                + micros
                + " as decimal(24,0)) / 1000000 as decimal(18,6)))");
  }
}
