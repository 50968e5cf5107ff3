package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.TypeDifferences;
import io.sqletl.engine.stage.delta.DeltaCommits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Rows that are added to a Delta table that is there. Delta takes columns by their names, and what
 * a view lacks is NULL; types have to be the table's own.
 *
 * @param table the columns of the table
 * @param filled those that the table fills itself
 */
record DeltaAppend(String inputView, String uri, StructType table, List<String> filled) {

  static DeltaAppend to(String uri, String inputView, DeltaCommits commits) {
    return new DeltaAppend(inputView, uri, commits.columns(), commits.filledColumns());
  }

  /** The rows with the table's types for numbers of which every value is one of them. */
  Dataset<Row> widened(Dataset<Row> rows) {
    List<Column> columns = new ArrayList<>();
    boolean changed = false;
    for (StructField field : rows.schema().fields()) {
      Column value = ColumnName.column(field.name());
      DataType wide =
          ColumnName.find(table, field.name())
              .map(there -> widened(field.dataType(), there.dataType()))
              .orElse(field.dataType());
      boolean isOther = !wide.equals(field.dataType());
      changed |= isOther;
      columns.add(isOther ? value.cast(wide).as(field.name(), field.metadata()) : value);
    }
    return changed ? rows.select(columns.toArray(Column[]::new)) : rows;
  }

  /** The view's type with those numbers in it wider that the table has wider. */
  private static DataType widened(DataType view, DataType there) {
    if (view instanceof NumericType && there instanceof NumericType) {
      return NarrowedValues.keeps(view, there) ? there : view;
    }
    if (view instanceof ArrayType mine && there instanceof ArrayType other) {
      return DataTypes.createArrayType(
          widened(mine.elementType(), other.elementType()), mine.containsNull());
    }
    if (view instanceof MapType mine && there instanceof MapType other) {
      return DataTypes.createMapType(
          widened(mine.keyType(), other.keyType()),
          widened(mine.valueType(), other.valueType()),
          mine.valueContainsNull());
    }
    if (view instanceof StructType mine && there instanceof StructType other) {
      return new StructType(
          Arrays.stream(mine.fields())
              .map(field -> widened(field, ColumnName.find(other, field.name())))
              .toArray(StructField[]::new));
    }
    return view;
  }

  private static StructField widened(StructField field, Optional<StructField> there) {
    return there
        .map(
            found ->
                new StructField(
                    field.name(),
                    widened(field.dataType(), found.dataType()),
                    field.nullable(),
                    field.metadata()))
        .orElse(field);
  }

  /**
   * Warns of columns, and of fields of structs, that the view lacks and the table does not fill.
   */
  void warnOfMissing(Dataset<Row> rows, StageContext context) {
    List<String> missing =
        Stream.concat(
                Stream.of(table.fieldNames())
                    .filter(column -> Stream.of(rows.columns()).noneMatch(column::equalsIgnoreCase))
                    .filter(column -> filled.stream().noneMatch(column::equalsIgnoreCase)),
                TypeDifferences.of(rows.schema(), table).missing().stream()
                    .map(TypeDifferences.Field::path))
            .toList();
    if (!missing.isEmpty()) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "The view \""
              + inputView
              + "\" has no "
              + (missing.size() == 1 ? "column " : "columns ")
              + String.join(", ", missing)
              + " of the table "
              + uri
              + ": in the rows that are added "
              + (missing.size() == 1 ? "it is" : "they are")
              + " NULL, or what the table says",
          "add it to the view if that is not meant");
    }
  }
}
