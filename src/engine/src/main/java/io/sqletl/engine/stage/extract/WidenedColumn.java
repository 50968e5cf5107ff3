package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.transform_keys;
import static org.apache.spark.sql.functions.transform_values;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column of one file with the type that it has over all files. Spark casts structs by the place
 * of their fields, and only where both sides have as many; these go by name.
 */
final class WidenedColumn {

  private WidenedColumn() {}

  /**
   * @param to has every field of the type, under its name in any case
   */
  static Column of(Column value, DataType from, DataType to) {
    if (DataType.equalsIgnoreNullability(from, to)) {
      return value;
    }
    if (from instanceof StructType one && to instanceof StructType all) {
      List<Column> fields = new ArrayList<>();
      for (StructField field : all.fields()) {
        fields.add(field(value, one, field).as(field.name()));
      }
      return when(value.isNotNull(), struct(fields.toArray(Column[]::new)));
    }
    if (from instanceof ArrayType one && to instanceof ArrayType all && hasStructs(one)) {
      return transform(value, each -> of(each, one.elementType(), all.elementType()));
    }
    if (from instanceof MapType one && to instanceof MapType all && hasStructs(one)) {
      Column keys = transform_keys(value, (key, each) -> of(key, one.keyType(), all.keyType()));
      return transform_values(keys, (key, each) -> of(each, one.valueType(), all.valueType()));
    }
    return value.cast(to);
  }

  private static Column field(Column value, StructType from, StructField to) {
    return Arrays.stream(from.fields())
        .filter(field -> field.name().equalsIgnoreCase(to.name()))
        .findFirst()
        .map(field -> of(value.getField(field.name()), field.dataType(), to.dataType()))
        .orElseGet(() -> lit(null).cast(to.dataType()));
  }

  private static boolean hasStructs(DataType type) {
    return type.existsRecursively(StructType.class::isInstance);
  }
}
