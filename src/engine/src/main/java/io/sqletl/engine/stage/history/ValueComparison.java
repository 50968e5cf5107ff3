package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.Collection;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VariantType;

/**
 * When values are the same. NULL is the same as NULL and as nothing else, NaN as NaN, 0.0 as -0.0;
 * texts are compared blank by blank, lists in their order, maps whatever theirs.
 */
final class ValueComparison {

  private ValueComparison() {}

  /** Whether two values of a type are the same; never null. */
  static Column same(Column left, Column right, DataType type) {
    return comparable(left, type).eqNullSafe(comparable(right, type));
  }

  /** Whether two structs are the same in some of their fields; neither may be null. */
  static Column same(Column left, Column right, Collection<StructField> fields) {
    return fields.stream()
        .map(
            field ->
                same(left.getField(field.name()), right.getField(field.name()), field.dataType()))
        .reduce(Column::and)
        .orElse(lit(true));
  }

  /** Spark does not compare maps: as the sorted list of their entries they can be. */
  private static Column comparable(Column value, DataType type) {
    if (RowOrdering.isOrderable(type)) {
      return value;
    }
    if (type instanceof MapType map) {
      DataType entry =
          DataTypes.createStructType(
              new StructField[] {
                DataTypes.createStructField("key", map.keyType(), false),
                DataTypes.createStructField("value", map.valueType(), true)
              });
      return array_sort(transform(map_entries(value), each -> comparable(each, entry)));
    }
    if (type instanceof ArrayType array) {
      return transform(value, each -> comparable(each, array.elementType()));
    }
    if (type instanceof StructType fields) {
      return when(
          value.isNotNull(),
          struct(
              Arrays.stream(fields.fields())
                  .map(
                      field ->
                          comparable(value.getField(field.name()), field.dataType())
                              .as(field.name()))
                  .toArray(Column[]::new)));
    }
    return type instanceof VariantType ? to_json(value) : value;
  }
}
