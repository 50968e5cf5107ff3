package io.sqletl.engine.typing;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/** The columns that stages add for themselves; the mark in their metadata makes them internal. */
final class InternalColumns {

  /** The file that a row was read from. */
  static final String FILENAME = "_filename";

  /** The number of the record in its file, from 1. */
  static final String INDEX = "_index";

  /** What typing found wrong with a row. */
  static final String ERRORS = "_errors";

  private static final String MARK = "internal";

  private InternalColumns() {}

  static boolean isInternal(Attribute attribute) {
    Metadata metadata = attribute.metadata();
    return metadata.contains(MARK) && metadata.getBoolean(MARK);
  }

  static Optional<Attribute> find(List<Attribute> internal, String name, DataType type) {
    return internal.stream()
        .filter(
            attribute ->
                attribute.name().equals(name)
                    && DataType.equalsIgnoreNullability(attribute.dataType(), type))
        .findFirst();
  }

  static DataType errorsType() {
    return DataTypes.createArrayType(
        DataTypes.createStructType(
            List.of(
                DataTypes.createStructField("field", DataTypes.StringType, false),
                DataTypes.createStructField("message", DataTypes.StringType, false))),
        true);
  }

  static Metadata errorsMetadata() {
    return new MetadataBuilder()
        .putBoolean(MARK, true)
        .putString("description", "What did not fit its column, by field.")
        .build();
  }
}
