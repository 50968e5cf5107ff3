package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NullType;

/**
 * Columns of types that a format lacks: those without a type, which a query of a bare NULL makes,
 * and lists in formats of flat rows.
 */
final class UnsupportedColumns {

  private UnsupportedColumns() {}

  /** The rows without columns that no format holds; fails if the run does not let columns go. */
  static Dataset<Row> drop(Dataset<Row> rows, String inputView, StageContext context) {
    return drop(rows, inputView, context, List.of(NullType.class));
  }

  /** The rows without columns that flat rows cannot hold. */
  static Dataset<Row> dropFromFlatRows(Dataset<Row> rows, String inputView, StageContext context) {
    return drop(rows, inputView, context, List.of(NullType.class, ArrayType.class));
  }

  private static Dataset<Row> drop(
      Dataset<Row> rows,
      String inputView,
      StageContext context,
      List<Class<? extends DataType>> types) {
    Map<String, List<String>> namesByType = new LinkedHashMap<>();
    for (Class<? extends DataType> type : types) {
      namesByType.put(
          type.getSimpleName(),
          Arrays.stream(rows.schema().fields())
              .filter(field -> type.isInstance(field.dataType()))
              .map(field -> field.name())
              .toList());
    }
    List<String> names = namesByType.values().stream().flatMap(List::stream).toList();
    if (names.isEmpty()) {
      return rows;
    }
    if (!context.options().dropUnsupported()) {
      throw new StageException(
          "inputView '"
              + inputView
              + "' contains types "
              + json(namesByType)
              + " which are unsupported by "
              + context.header().type()
              + " and 'dropUnsupported' is set to false.");
    }
    context.detail("drop", namesByType);
    return rows.drop(names.toArray(String[]::new));
  }

  private static String json(Map<String, List<String>> namesByType) {
    return namesByType.entrySet().stream()
        .map(
            entry ->
                "\""
                    + entry.getKey()
                    + "\":["
                    + entry.getValue().stream()
                        .map(name -> "\"" + name + "\"")
                        .collect(Collectors.joining(","))
                    + "]")
        .collect(Collectors.joining(",", "{", "}"));
  }
}
