package io.sqletl.engine.stage.extract;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Columns of a Parquet file whose values are others to the program that wrote them: Arrow keeps its
 * own types beside Parquet's, which has numbers and bytes for them.
 */
final class ArrowTypes {

  private static final String SCHEMA = "ARROW:schema";
  private static final String EXTENSION = "ARROW:extension:name";
  private static final String OF_EXTENSION = "ARROW:extension:metadata";

  private ArrowTypes() {}

  /**
   * What is read as what it is stored as, by the path of the column; nothing where the stored value
   * is the value that is meant, such as JSON in a text, or a list of numbers.
   *
   * @param metadata what the file's footer has by key
   */
  static Map<String, String> notes(Map<String, String> metadata, MessageType columns) {
    Map<String, String> notes = new TreeMap<>();
    String schema = metadata.get(SCHEMA);
    if (schema != null) {
      try {
        for (Field field :
            Schema.deserializeMessage(ByteBuffer.wrap(Base64.getDecoder().decode(schema)))
                .getFields()) {
          if (columns.containsField(field.getName())) {
            add(field.getName(), field, columns.getType(field.getName()), notes);
          }
        }
      } catch (RuntimeException e) {
        // A type of a later Arrow, or none of Arrow's; Parquet's own types are read
        return Map.of();
      }
    }
    return notes;
  }

  private static void add(String path, Field field, Type stored, Map<String, String> notes) {
    String extension = field.getMetadata().get(EXTENSION);
    if (extension != null) {
      meaning(extension, path, field, stored)
          .ifPresent(text -> notes.put(path, column(path) + text));
      return;
    }
    if (field.getType() instanceof ArrowType.Duration duration) {
      notes.put(
          path,
          column(path)
              + " has durations of Arrow, and is read as their number of "
              + duration.getUnit().name().toLowerCase(Locale.ROOT)
              + "s");
      return;
    }
    boolean isList = field.getType() instanceof ArrowType.List;
    boolean isStruct = field.getType() instanceof ArrowType.Struct;
    for (Field child : field.getChildren()) {
      if (isList) {
        add(path + "[]", child, stored, notes);
      } else if (isStruct) {
        add(path + "." + child.getName(), child, stored, notes);
      }
    }
  }

  private static String column(String path) {
    return "column '" + path + "'";
  }

  private static Optional<String> meaning(String extension, String path, Field field, Type stored) {
    ArrowType type = field.getType();
    // How to name what is within a list depends on the query
    boolean isTop = path.equals(field.getName());
    String name = "`" + path.replace("`", "``") + "`";
    String detail = field.getMetadata().getOrDefault(OF_EXTENSION, "");
    if (extension.equals("pandas.period")) {
      String unit = detail.replaceAll(".*\"freq\": *\"([^\"]*)\".*", "$1");
      return Optional.of(
          " has periods of pandas ("
              + unit
              + "), and is read as their number from 1970 on; have it written as dates, with"
              + " .dt.to_timestamp(), or as text"
              + (isTop && unit.equals("M")
                  ? ", or take add_months(date'1970-01-01', cast(" + name + " as int))"
                  : ""));
    }
    if (extension.equals("arrow.bool8")) {
      return Optional.of(
          " has booleans of Arrow (bool8), and is read as numbers, 0 for false"
              + (isTop ? "; take " + name + " <> 0" : ""));
    }
    boolean isNumber = type instanceof ArrowType.Int || type instanceof ArrowType.FloatingPoint;
    boolean isBytes =
        type instanceof ArrowType.Binary
            || type instanceof ArrowType.LargeBinary
            || type instanceof ArrowType.FixedSizeBinary;
    // Parquet's own UUID is refused by its name; WKB is bytes wherever geometries are
    if (extension.startsWith("geoarrow.")
        || extension.startsWith("ogc.")
        || stored.getLogicalTypeAnnotation() instanceof UUIDLogicalTypeAnnotation
        || !isNumber && !isBytes) {
      return Optional.empty();
    }
    return Optional.of(
        " is "
            + extension
            + " to the program that wrote it, and is read as the "
            + (isNumber ? "number" : "bytes")
            + " that it is stored as; have it written as text"
            + (isTop && extension.equals("arrow.uuid") ? ", or take hex(" + name + ")" : ""));
  }
}
