package io.sqletl.engine.stage.extract;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/**
 * Finds what of an Avro schema is of a type that Spark does not know, so that it is the number or
 * the bytes or text beneath it: times of day, nanoseconds, and of what is written as bytes or text
 * all but decimals, at the top and within.
 */
final class AvroNumbers {

  /** How the names of Avro's own types begin that are no texts; others are, as {@code uuid} is. */
  private static final List<String> NO_TEXTS =
      List.of("decimal", "big-decimal", "date", "time", "local-timestamp-", "duration");

  private final Set<String> notes = new LinkedHashSet<>();
  private final Set<String> open = new LinkedHashSet<>();

  private AvroNumbers() {}

  /** What is read so, each in one phrase. */
  static List<String> notes(Schema schema) {
    AvroNumbers numbers = new AvroNumbers();
    numbers.add("", schema);
    return new ArrayList<>(numbers.notes);
  }

  private void add(String path, Schema type) {
    switch (type.getType()) {
      case RECORD -> {
        // A record may have itself within
        if (open.add(type.getFullName())) {
          String parent = path.isEmpty() ? "" : path + ".";
          type.getFields().forEach(field -> add(parent + field.name(), field.schema()));
          open.remove(type.getFullName());
        }
      }
      case UNION -> type.getTypes().forEach(choice -> add(path, choice));
      case ARRAY -> add(path + "[]", type.getElementType());
      case MAP -> add(path + "{}", type.getValueType());
      default -> addValue(path, type);
    }
  }

  private void addValue(String path, Schema type) {
    LogicalType logical = type.getLogicalType();
    String name = logical == null ? type.getProp("logicalType") : logical.getName();
    if (name != null && isUnknown(name, logical, type.getType())) {
      notes.add(
          "column '"
              + path
              + "' is "
              + name
              + " of Avro, and read as the "
              + type.getType().getName()
              + " that it is written as");
    }
  }

  /** Whether Spark does not know a type, and what it reads in its place means something else. */
  private static boolean isUnknown(String name, LogicalType logical, Schema.Type type) {
    return switch (type) {
      case BYTES, FIXED -> !(logical instanceof LogicalTypes.Decimal);
      case STRING -> NO_TEXTS.stream().anyMatch(name::startsWith);
      default -> name.startsWith("time-") || name.endsWith("-nanos");
    };
  }
}
