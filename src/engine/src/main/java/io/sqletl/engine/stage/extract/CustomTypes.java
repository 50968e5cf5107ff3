package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageContext;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Tells of columns of a database that "customSchema" gives a type which has no place for all of
 * their values: a driver cuts them without a word.
 */
final class CustomTypes {

  private CustomTypes() {}

  static void tell(StructType types, List<JdbcColumn> columns, StageContext context) {
    List<String> notes = new ArrayList<>();
    for (StructField field : types.fields()) {
      Optional<JdbcColumn> there =
          columns.stream().filter(column -> column.name().equalsIgnoreCase(field.name())).findAny();
      if (there.isEmpty()) {
        notes.add("there is no column '" + field.name() + "'");
      } else if (isCut(there.get(), field.dataType())) {
        notes.add(
            "'"
                + field.name()
                + "' is "
                + there.get().typeName()
                + " in the database and is read as "
                + field.dataType().sql()
                + ", so that its driver cuts or refuses what has no place there");
      }
    }
    if (!notes.isEmpty()) {
      context.warnOfColumns(
          "\"customSchema\": " + notes.stream().collect(Collectors.joining("; ")),
          "round or cast it in a query as \"tableName\", or give it a wider type");
    }
  }

  private static boolean isCut(JdbcColumn column, DataType type) {
    return switch (column.type()) {
      case Types.FLOAT, Types.DOUBLE, Types.REAL -> type instanceof IntegralType;
      case Types.NUMERIC, Types.DECIMAL -> type instanceof IntegralType && column.scale() != 0;
      case Types.BIGINT ->
          type instanceof IntegerType || type instanceof ShortType || type instanceof ByteType;
      case Types.INTEGER -> type instanceof ShortType || type instanceof ByteType;
      case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> type instanceof DateType;
      case Types.DATE -> column.isDatetime() && type instanceof DateType;
      default -> false;
    };
  }
}
