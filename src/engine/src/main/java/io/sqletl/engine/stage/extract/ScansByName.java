package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.monotonically_increasing_id;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.SchemaMetadata;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Files whose columns differ, in a scan for those that are alike, put together by name.
 *
 * @param basePath from which on names of directories are values of columns
 */
record ScansByName(
    FileFormat format,
    InputFiles files,
    Optional<String> basePath,
    boolean contiguousIndex,
    RecordAccount account,
    StageContext context) {

  /**
   * The rows of all, with the columns that say where each comes from.
   *
   * @param groups the files by their columns; not empty
   * @param columns the columns of all
   */
  Dataset<Row> of(
      Map<StructType, List<Path>> groups, StructType columns, Optional<StructType> given) {
    Dataset<Row> all = null;
    for (Map.Entry<StructType, List<Path>> group : groups.entrySet()) {
      DataFrameReader reader =
          context.spark().read().format(format.name()).options(format.options());
      files.partitionRoot(basePath).ifPresent(path -> reader.option("basePath", path));
      Dataset<Row> rows =
          PartitionColumns.load(
              reader, group.getKey(), InputFiles.paths(group.getValue()), files, given);
      Dataset<Row> some =
          widened(
              new FileScan(rows, format).withOrigin(contiguousIndex, account, context), columns);
      all = all == null ? some : all.unionByName(some, /* allowMissingColumns */ true);
    }
    context.detail("inputFiles", files.all().size());
    Dataset<Row> complete = ordered(widened(all, columns), columns);
    return given
        .map(
            schema ->
                SchemaMetadata.describe(complete, SchemaMetadata.attach(complete.schema(), schema)))
        .orElse(complete);
  }

  /** Columns of the files before those of their folders and of where a row comes from. */
  private Dataset<Row> ordered(Dataset<Row> rows, StructType columns) {
    List<String> first = List.of(columns.fieldNames());
    List<Column> selected = new ArrayList<>();
    first.forEach(name -> selected.add(ColumnName.column(name)));
    for (String name : rows.columns()) {
      if (first.stream().noneMatch(name::equalsIgnoreCase)) {
        // Each scan counts for itself; together they are to count once
        boolean isNumber = name.equals(InternalColumn.ID) && !RowOrigin.isKnown(columns);
        selected.add(
            isNumber
                ? monotonically_increasing_id().as(name, InternalColumn.id())
                : ColumnName.column(name));
      }
    }
    return rows.select(selected.toArray(Column[]::new));
  }

  private static Dataset<Row> widened(Dataset<Row> rows, StructType columns) {
    List<Column> selected = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      Column column = ColumnName.column(field.name());
      for (StructField wide : columns.fields()) {
        if (wide.name().equalsIgnoreCase(field.name())) {
          column =
              WidenedColumn.of(column, field.dataType(), wide.dataType())
                  .as(wide.name(), field.metadata());
        }
      }
      selected.add(column);
    }
    return rows.select(selected.toArray(Column[]::new));
  }
}
