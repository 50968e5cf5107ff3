package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.StageException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The column whose values a stage sends to a server. */
record RequestField(String stage, StructType columns, String name) {

  static RequestField of(String stage, StructType columns, String name) {
    return new RequestField(stage, columns, name);
  }

  /** The place of the column; fails if there is none, or one of another type. */
  int require(DataType... types) {
    List<String> names = Arrays.stream(types).map(RequestField::nameOf).toList();
    for (int i = 0; i < columns.length(); i++) {
      StructField column = columns.fields()[i];
      if (column.name().equals(name)) {
        requireType(column.dataType(), names);
        return i;
      }
    }
    throw new StageException(
        requirement(names)
            + " inputView has: "
            + Arrays.stream(columns.fieldNames()).collect(Collectors.joining(", ", "[", "].")));
  }

  private void requireType(DataType type, List<String> names) {
    if (!names.contains(nameOf(type))) {
      throw new StageException(
          requirement(names) + " '" + name + "' is of type: '" + type.simpleString() + "'.");
    }
  }

  /** A decimal is one whatever its digits. */
  private static String nameOf(DataType type) {
    return type instanceof DecimalType ? "decimal" : type.typeName();
  }

  private String requirement(List<String> names) {
    return stage
        + " requires a field named '"
        + name
        + "' of type "
        + names.stream().map(type -> "'" + type + "'").collect(Collectors.joining(" or "))
        + ".";
  }
}
