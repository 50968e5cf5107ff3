package io.sqletl.engine.stage.transform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sqletl.engine.stage.StageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** Reads change events: of each its key, its operation, and the row before and after it. */
final class DebeziumEvents implements MapPartitionsFunction<Row, Row> {

  /** Numbers with a fraction keep the digits that a double would lose. */
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static final Set<String> KEEPING = Set.of("c", "r", "u");
  private static final Set<String> OPERATIONS = Set.of("c", "r", "u", "d");

  private final StructType columns;
  private final boolean strict;
  private final String placeholder;
  private final String placeholderBytes;

  /**
   * @param placeholder the text that stands for a value which did not change and was not sent
   */
  DebeziumEvents(StructType columns, boolean strict, String placeholder) {
    this.columns = columns;
    this.strict = strict;
    this.placeholder = placeholder;
    this.placeholderBytes =
        Base64.getEncoder().encodeToString(placeholder.getBytes(StandardCharsets.UTF_8));
  }

  /** The names of the fields of the row after an event; none for one that leaves no row. */
  static List<String> fields(String event) {
    List<String> names = new ArrayList<>();
    try {
      JsonNode value = JSON.readTree(event);
      JsonNode after = (value.has("payload") ? value.get("payload") : value).path("after");
      after.fieldNames().forEachRemaining(names::add);
    } catch (JsonProcessingException e) {
      // What is wrong with an event is told when it is followed
    }
    return names;
  }

  /** The columns of a type of times that an event has as numbers without saying their unit. */
  static List<String> withoutUnit(String event, StructType columns) {
    List<String> names = new ArrayList<>();
    try {
      JsonNode value = JSON.readTree(event);
      JsonNode after = (value.has("payload") ? value.get("payload") : value).path("after");
      JsonNode described = field(value.path("schema").path("fields"), "after").path("fields");
      for (StructField column : columns.fields()) {
        String name = nameIn(after, column);
        boolean isNumber =
            column.dataType() instanceof TimestampType && after.path(name).isNumber();
        if (isNumber && !field(described, name).has("name")) {
          names.add(column.name());
        }
      }
    } catch (JsonProcessingException e) {
      // What is wrong with an event is told when it is followed
    }
    return names;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> events) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return events.hasNext();
      }

      @Override
      public Row next() {
        return read(events.next());
      }
    };
  }

  private Row read(Row event) {
    if (event.isNullAt(0)) {
      throw new StageException(
          "invalid configuration. expected 'key' to not be null. ensure primary key or connector"
              + " 'message.key.columns' is set.");
    }
    JsonNode value = parse(event.getString(1), "value");
    // Without schemas.enable the event is the payload itself
    JsonNode payload = value.has("payload") ? value.get("payload") : value;
    requireRelational(payload);
    String operation = payload.path("op").asText("");
    if (!OPERATIONS.contains(operation)) {
      throw invalid(
          payload.has("op")
              ? "unknown operation '" + operation + "'"
              : "missing 'value.payload.op' attribute");
    }
    JsonNode described = value.path("schema").path("fields");
    boolean hasBefore = strict && (operation.equals("u") || operation.equals("d"));
    return RowFactory.create(
        key(event.getString(0)),
        event.get(2),
        event.get(3),
        operation,
        hasBefore ? row(payload, "before", described) : null,
        KEEPING.contains(operation) ? row(payload, "after", described) : null,
        KEEPING.contains(operation) ? unavailable(payload.path("after")) : new String[0]);
  }

  /** The columns whose values were not sent. */
  private String[] unavailable(JsonNode values) {
    List<String> names = new ArrayList<>();
    for (StructField column : columns.fields()) {
      if (isUnavailable(values.path(nameIn(values, column)))) {
        names.add(column.name());
      }
    }
    return names.toArray(String[]::new);
  }

  private boolean isUnavailable(JsonNode value) {
    return value.isTextual()
        && (value.textValue().equals(placeholder) || value.textValue().equals(placeholderBytes));
  }

  /** PostgreSQL folds names that were not quoted. */
  private static String nameIn(JsonNode values, StructField column) {
    return values.has(column.name())
        ? column.name()
        : column.name().toLowerCase(java.util.Locale.ROOT);
  }

  private static void requireRelational(JsonNode payload) {
    String connector = payload.path("source").path("connector").asText("");
    if (connector.isEmpty()) {
      throw invalid("missing 'value.payload.source.connector' attribute");
    }
    if (connector.equals("mongodb")) {
      throw new StageException(
          "DebeziumTransform cannot follow events of the connector 'mongodb', which has patches of"
              + " documents and no rows.");
    }
  }

  private static String key(String text) {
    JsonNode key = parse(text, "key");
    JsonNode payload = key.has("payload") ? key.get("payload") : key;
    if (!payload.isObject() || payload.isEmpty()) {
      throw invalid("expected 'key.payload' to be Object");
    }
    List<String> values = new ArrayList<>();
    payload.forEach(value -> values.add(value.asText()));
    if (values.size() == 1) {
      return values.get(0);
    }
    // Two keys of several columns are not to become one
    values.replaceAll(value -> value.replace("\\", "\\\\").replace("|", "\\|"));
    return String.join("|", values);
  }

  private static JsonNode parse(String text, String what) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new StageException(
          "invalid message format. '" + what + "' is no JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static StageException invalid(String what) {
    return new StageException("invalid message format. " + what + ".");
  }

  private Row row(JsonNode payload, String side, JsonNode described) {
    JsonNode values = payload.path(side);
    if (!values.isObject()) {
      throw invalid(
          "expected 'value.payload."
              + side
              + "' to be Object"
              + (side.equals("before")
                  ? "; a database that does not log old rows needs 'strict' false, or REPLICA"
                      + " IDENTITY FULL"
                  : ""));
    }
    JsonNode fields = field(described, side).path("fields");
    Object[] row = new Object[columns.length()];
    for (int i = 0; i < row.length; i++) {
      row[i] = value(columns.fields()[i], values, fields);
    }
    return RowFactory.create(row);
  }

  private Object value(StructField column, JsonNode values, JsonNode described) {
    String name = nameIn(values, column);
    JsonNode value = values.path(name);
    if (isUnavailable(value)) {
      return null;
    }
    if (value.isMissingNode() || value.isNull()) {
      if (column.nullable()) {
        return null;
      }
      throw new StageException("missing value for non-nullable field '" + column.name() + "'");
    }
    try {
      return DebeziumValue.of(value, column.dataType(), field(described, name));
    } catch (RuntimeException e) {
      throw new StageException(
          "'"
              + value
              + "' does not match expected data type '"
              + column.dataType().simpleString()
              + "' for field '"
              + column.name()
              + "'"
              + (e.getClass() == IllegalArgumentException.class && e.getMessage() != null
                  ? ": " + e.getMessage()
                  : "")
              + ".",
          e);
    }
  }

  private static JsonNode field(JsonNode fields, String name) {
    for (JsonNode field : fields) {
      if (field.path("field").asText().equals(name)) {
        return field;
      }
    }
    return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
  }
}
