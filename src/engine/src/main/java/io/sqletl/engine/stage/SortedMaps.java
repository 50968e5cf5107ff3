package io.sqletl.engine.stage;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.map_from_arrays;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.Arrays;
import java.util.function.BiFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Values with the maps in them, however deep, in an order of their keys: SQL knows none, so that
 * maps of the same entries are the same.
 */
final class SortedMaps {

  private SortedMaps() {}

  private static boolean areIn(DataType type) {
    if (type instanceof ArrayType list) {
      return areIn(list.elementType());
    }
    return type instanceof MapType
        || type instanceof StructType struct
            && Arrays.stream(struct.fields()).anyMatch(field -> areIn(field.dataType()));
  }

  /** The value with a list of entries for each map, which can be compared; null stays null. */
  static Column asEntries(Column value, DataType type) {
    if (type instanceof MapType map) {
      return array_sort(
          transform(
              map_entries(value),
              entry ->
                  struct(
                      entry.getField("key").as("key"),
                      asEntries(entry.getField("value"), map.valueType()).as("value"))));
    }
    return within(value, type, SortedMaps::asEntries);
  }

  /** The value with its maps as maps, whose JSON texts are in the order of the texts of keys. */
  static Column asMaps(Column value, DataType type) {
    if (type instanceof MapType map) {
      Column keys = map_keys(value);
      Column sorted =
          transform(
              array_sort(
                  transform(keys, key -> struct(key.cast("string").as("text"), key.as("key")))),
              key -> key.getField("key"));
      Column values = transform(sorted, key -> asMaps(element_at(value, key), map.valueType()));
      // A map of a file may have a key twice, which Spark does not let one make
      return when(size(array_distinct(keys)).equalTo(size(keys)), map_from_arrays(sorted, values))
          .otherwise(value);
    }
    return within(value, type, SortedMaps::asMaps);
  }

  private static Column within(
      Column value, DataType type, BiFunction<Column, DataType, Column> maps) {
    if (!areIn(type)) {
      return value;
    }
    if (type instanceof ArrayType list) {
      return transform(value, element -> maps.apply(element, list.elementType()));
    }
    StructField[] fields = ((StructType) type).fields();
    // A struct that is null is none of fields that are null
    return when(
        value.isNotNull(),
        struct(
            Arrays.stream(fields)
                .map(
                    field ->
                        maps.apply(value.getField(field.name()), field.dataType()).as(field.name()))
                .toArray(Column[]::new)));
  }
}
