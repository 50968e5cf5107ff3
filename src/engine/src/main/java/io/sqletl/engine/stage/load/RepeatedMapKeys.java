package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.size;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/**
 * Maps that have a key twice, as files of others and {@code from_json} may give them. Where a key
 * is a name, as in JSON, XML and Avro, readers keep one of its values, or refuse the record.
 */
final class RepeatedMapKeys {

  private RepeatedMapKeys() {}

  /**
   * What is written, with a guard.
   *
   * @param written what is written of the column
   * @param value the column
   */
  static Column refused(Column written, Column value, StructField field, String type) {
    return Guard.any(
            value,
            field.dataType(),
            MapType.class::isInstance,
            map -> size(map_keys(map)).gt(size(array_distinct(map_keys(map)))))
        .map(
            isWrong ->
                Guard.against(
                    written,
                    isWrong,
                    type
                        + " cannot write the column '"
                        + field.name()
                        + "': a map has a key twice, and readers would keep one of its values, or"
                        + " none. Write map_entries(…) of it, or Parquet, which keep both; or the"
                        + " last one only, by map_from_entries(map_entries(…)) with --spark-conf"
                        + " spark.sql.mapKeyDedupPolicy=LAST_WIN.",
                    null))
        .orElse(written);
  }
}
