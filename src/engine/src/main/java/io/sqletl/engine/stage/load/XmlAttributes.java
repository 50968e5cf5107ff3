package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_csv;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.transform_values;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.VariantType;

/**
 * Fields that XML has as attributes. Spark writes of them what its own memory calls the value: days
 * since 1970 for a date, the name of a class for a list. With them goes what Spark writes of bytes
 * and small decimals within structures, lists and maps.
 */
final class XmlAttributes {

  /** Begins the names of attributes, and the keys of maps that are some. */
  private static final String PREFIX = "_";

  /** Spark's name of the text of an element, which is no attribute. */
  private static final String TEXT = "_VALUE";

  private XmlAttributes() {}

  /** The rows without what a typing says of them, a list that would be an attribute. */
  static Dataset<Row> withoutErrors(Dataset<Row> rows) {
    boolean has =
        Arrays.stream(rows.schema().fields())
            .anyMatch(
                field ->
                    field.name().equals(InternalColumn.ERRORS)
                        && InternalColumn.isInternal(field.metadata()));
    return has ? rows.drop(InternalColumn.ERRORS) : rows;
  }

  /** The value with its attributes, however deep, as the texts that elements have. */
  static Column written(Column value, StructField field) {
    DataType type = field.dataType();
    return (isAttribute(field.name()) ? text(value, type) : inside(value, type)).orElse(value);
  }

  private static Optional<Column> inside(Column value, DataType type) {
    if (type instanceof StructType fields) {
      return ofFields(value, fields);
    }
    if (isWrong(type)) {
      return text(value, type);
    }
    if (type instanceof ArrayType list) {
      return changes(list.elementType())
          ? Optional.of(transform(value, each -> inside(each, list.elementType()).orElseThrow()))
          : Optional.empty();
    }
    // The key of each entry says whether it is an attribute; elements have the same text
    return type instanceof MapType map && changesInMap(map.valueType())
        ? Optional.of(
            transform_values(
                value,
                (key, each) ->
                    text(each, map.valueType())
                        .or(() -> inside(each, map.valueType()))
                        .orElseThrow()))
        : Optional.empty();
  }

  private static Optional<Column> ofFields(Column value, StructType fields) {
    List<Column> written = new ArrayList<>();
    for (StructField field : fields.fields()) {
      written.add(written(value.getField(field.name()), field).as(field.name()));
    }
    return changes(fields)
        ? Optional.of(when(value.isNotNull(), struct(written.toArray(Column[]::new))))
        : Optional.empty();
  }

  /** Whether something in a value of this type is written otherwise than Spark has it. */
  private static boolean changes(DataType type) {
    if (type instanceof StructType fields) {
      return Arrays.stream(fields.fields())
          .anyMatch(
              field ->
                  isAttribute(field.name()) && isTime(field.dataType())
                      || changes(field.dataType()));
    }
    return type instanceof ArrayType list
        ? changes(list.elementType())
        : type instanceof MapType map ? changesInMap(map.valueType()) : isWrong(type);
  }

  private static boolean changesInMap(DataType values) {
    return isTime(values) || changes(values);
  }

  /** Whether Spark's text of a value inside another is none of the format, in elements too. */
  private static boolean isWrong(DataType type) {
    return type instanceof BinaryType
        || type instanceof DecimalType decimal && decimal.scale() >= TextValues.SCALE_OF_EXPONENTS;
  }

  private static boolean isTime(DataType type) {
    return type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  private static Optional<Column> text(Column value, DataType type) {
    if (isTime(type)) {
      // The formats of CSV are those of XML, and date_format knows no time without a zone
      return Optional.of(when(value.isNotNull(), to_csv(struct(value), TextValues.TIMES)));
    }
    return isWrong(type)
        ? Optional.of(TextValues.plain(value, new StructField("", type, true, Metadata.empty())))
        : Optional.empty();
  }

  /**
   * Refuses attributes of types that are no single text, before a row is written.
   *
   * @throws StageException with the place of the first one
   */
  static void require(StructField field, String type) {
    require(field.name(), field.dataType(), field.name(), type);
  }

  private static void require(String name, DataType held, String path, String type) {
    if (isAttribute(name) && isNested(held)) {
      throw new StageException(
          type
              + " cannot write the column '"
              + path
              + "': its name begins with _, so that it is an attribute, and an attribute is one"
              + " text and no "
              + held.sql()
              + ". Give it a name without the _, or write it as text, such as to_json(…).");
    }
    if (held instanceof StructType fields) {
      for (StructField field : fields.fields()) {
        require(field.name(), field.dataType(), path + "." + field.name(), type);
      }
    } else if (held instanceof ArrayType list) {
      require("", list.elementType(), path, type);
    } else if (held instanceof MapType map) {
      require("", map.valueType(), path, type);
    }
  }

  /** Whether a map has an attribute that is no single text; nothing for types without such. */
  static Optional<Column> anyNestedOfMap(Column value, DataType type) {
    return Guard.any(
        value,
        type,
        held -> held instanceof MapType map && isNested(map.valueType()),
        map -> exists(map_keys(map), key -> key.startsWith(PREFIX).and(key.notEqual(TEXT))));
  }

  /** Whether elements of this type hold text and other elements. */
  static boolean isMixed(DataType type) {
    if (type instanceof StructType fields) {
      List<StructField> all = Arrays.asList(fields.fields());
      boolean isHere =
          all.stream().anyMatch(field -> field.name().equals(TEXT))
              && all.stream().anyMatch(field -> !field.name().startsWith(PREFIX));
      return isHere || all.stream().anyMatch(field -> isMixed(field.dataType()));
    }
    if (type instanceof ArrayType list) {
      return isMixed(list.elementType());
    }
    return type instanceof MapType map && isMixed(map.valueType());
  }

  private static boolean isAttribute(String name) {
    return name.startsWith(PREFIX) && !name.equals(TEXT);
  }

  private static boolean isNested(DataType type) {
    return type instanceof StructType
        || type instanceof MapType
        || type instanceof ArrayType
        || type instanceof VariantType;
  }
}
