package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns of types that a format has no place for. */
public enum UnsupportedColumns {
  /** Columns without a type, which a query of a bare NULL makes and no table can hold. */
  WITHOUT_TYPE(List.of(NullType.class)),
  /** Those, and lists. */
  WITHOUT_TYPE_AND_ARRAYS(List.of(NullType.class, ArrayType.class));

  private final List<Class<? extends DataType>> types;

  UnsupportedColumns(List<Class<? extends DataType>> types) {
    this.types = types;
  }

  /**
   * The rows with a bare NULL as of the type that a table has for the column.
   *
   * @param table its columns, which are asked for only if there is a bare NULL
   */
  static Dataset<Row> typed(Dataset<Row> rows, Supplier<StructType> table) {
    Map<String, Column> typed = new LinkedHashMap<>();
    for (StructField field : rows.schema().fields()) {
      if (field.dataType() instanceof NullType) {
        ColumnName.find(table.get(), field.name())
            .ifPresent(
                there -> typed.put(field.name(), functions.lit(null).cast(there.dataType())));
      }
    }
    return typed.isEmpty() ? rows : rows.withColumns(typed);
  }

  /** The rows without those columns; fails if the run does not let columns go. */
  public Dataset<Row> drop(Dataset<Row> view, String inputView, StageContext context) {
    // What an extract adds for itself is nothing that the job wants to keep
    Dataset<Row> rows = types.contains(ArrayType.class) ? RecordAccount.withoutErrors(view) : view;
    Map<String, List<String>> found = find(rows);
    if (found.values().stream().allMatch(List::isEmpty)) {
      return rows;
    }
    if (!context.options().dropUnsupported()) {
      throw new StageException(
          "inputView '"
              + inputView
              + "' contains types "
              + json(found)
              + " which are unsupported by "
              + context.header().type()
              + " and 'dropUnsupported' is set to false.");
    }
    context.detail("drop", found);
    tell(rows, inputView, context);
    return rows.select(
        Arrays.stream(rows.schema().fields())
            .filter(field -> !isUnsupported(field))
            .map(field -> ColumnName.column(field.name()))
            .toArray(Column[]::new));
  }

  /** Internal columns come and go; a column of the user's that is missing must not surprise. */
  private void tell(Dataset<Row> rows, String inputView, StageContext context) {
    String columns =
        Arrays.stream(rows.schema().fields())
            .filter(field -> isUnsupported(field) && !InternalColumn.isInternal(field.metadata()))
            .map(field -> "'" + field.name() + "' (" + field.dataType().simpleString() + ")")
            .collect(Collectors.joining(", "));
    if (!columns.isEmpty()) {
      context.warn(
          ErrorCode.COLUMNS_LEFT_OUT,
          context.type()
              + " leaves out what it cannot write of inputView '"
              + inputView
              + "': "
              + columns,
          "write a list as text, to_json(…), and give a bare NULL a type, cast(NULL AS …)");
    }
  }

  private boolean isUnsupported(StructField field) {
    return types.stream().anyMatch(type -> type.isInstance(field.dataType()));
  }

  private Map<String, List<String>> find(Dataset<Row> rows) {
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (Class<? extends DataType> type : types) {
      found.put(
          type.getSimpleName(),
          Arrays.stream(rows.schema().fields())
              .filter(field -> type.isInstance(field.dataType()))
              .map(StructField::name)
              .toList());
    }
    return found;
  }

  private static String json(Map<String, List<String>> found) {
    return found.entrySet().stream()
        .map(entry -> quoted(entry.getKey()) + ":" + json(entry.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String json(List<String> names) {
    return names.stream()
        .map(UnsupportedColumns::quoted)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
