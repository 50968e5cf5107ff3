package io.sqletl.engine.stage.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sqletl.engine.typing.AdjustedValues;
import io.sqletl.engine.typing.Schema;
import io.sqletl.engine.typing.SchemaColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** An object whose fields are known by name. */
public final class JsonObjectValue implements JsonValue {

  private static final long serialVersionUID = 1L;

  /** So many fields that the schema lacks are told; names may be data, as in a map. */
  private static final int MOST_OTHERS = 100;

  /** So many names of a record are in a message. */
  private static final int MOST_NAMED = 6;

  private final StructType type;
  private final JsonValue[] values;
  private final String[] names;
  private final Map<String, Integer> places = new HashMap<>();
  private final Map<String, Integer> placesInAnyCase = new HashMap<>();

  /** Whether it is a record that a schema describes. */
  private final boolean isDeclaredRecord;

  /** Fields that it does not have and a record did, each told once; a task has its own. */
  private transient Set<String> others;

  private JsonObjectValue(StructType type, List<JsonValue> values, boolean isDeclaredRecord) {
    this.type = type;
    this.isDeclaredRecord = isDeclaredRecord;
    this.values = values.toArray(JsonValue[]::new);
    names = type.fieldNames();
    for (int i = 0; i < names.length; i++) {
      places.put(names[i], i);
      placesInAnyCase.put(names[i].toLowerCase(Locale.ROOT), i);
    }
  }

  /** Values by the rules of a schema. */
  static JsonObjectValue declared(Schema schema) {
    return declared(schema.columns(), /* isRecord */ true);
  }

  /** The same for an object within a record. */
  static JsonObjectValue declared(List<SchemaColumn> columns) {
    return declared(columns, /* isRecord */ false);
  }

  private static JsonObjectValue declared(List<SchemaColumn> columns, boolean isRecord) {
    List<JsonValue> values = new ArrayList<>();
    StructField[] fields = new StructField[columns.size()];
    for (int i = 0; i < fields.length; i++) {
      values.add(JsonDeclaredValue.of(columns.get(i)));
      fields[i] = columns.get(i).toStructField();
    }
    return new JsonObjectValue(new StructType(fields), values, isRecord);
  }

  /** Values by types that were found in all of them. */
  static JsonObjectValue found(StructType type) {
    List<JsonValue> values = new ArrayList<>();
    for (StructField field : type.fields()) {
      values.add(JsonFoundValue.of(field.dataType()));
    }
    return new JsonObjectValue(type, values, /* isDeclaredRecord */ false);
  }

  @Override
  public StructType type() {
    return type;
  }

  /** How the fields are read, in their order. */
  JsonValue value(int i) {
    return values[i];
  }

  @Override
  public InternalRow read(JsonParser parser, RecordReading record) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.START_OBJECT) {
      String found = record.written(parser);
      record.add(new RecordProblem("", "An object is expected, not " + found, found, "object"));
      return null;
    }
    Object[] row = new Object[values.length];
    boolean[] seen = new boolean[values.length];
    String[] otherCase = null;
    List<String> unknown = null;
    boolean hasKnown = false;
    int next = 0;
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      int place = place(name, next);
      if (place < 0) {
        Integer near = placesInAnyCase.get(name.toLowerCase(Locale.ROOT));
        if (near != null) {
          otherCase = otherCase == null ? new String[values.length] : otherCase;
          otherCase[near] = name;
        } else if (isDeclaredRecord) {
          unknown = unknown(name, unknown, hasKnown, record);
        }
        parser.skipChildren();
        continue;
      }
      next = place + 1;
      hasKnown = true;
      int before = record.count();
      row[place] = values[place].read(parser, record);
      if (seen[place]) {
        record.add(
            new RecordProblem("", "The record has the field twice; the last counts", null, null));
      }
      seen[place] = true;
      record.under(name, before);
    }
    for (int i = 0; i < seen.length; i++) {
      if (!seen[i]) {
        row[i] = missing(i, otherCase == null ? null : otherCase[i], record);
      }
    }
    if (!hasKnown && unknown != null && otherCase == null) {
      // Such as the error of a server in a folder of its answers
      record.add(
          new RecordProblem(
              "",
              "The record has none of the fields of the schema: it has "
                  + String.join(", ", unknown),
              null,
              null));
    }
    return new GenericInternalRow(row);
  }

  /**
   * Takes the name of a field that the schema lacks: it is told once, and the first names of a
   * record are kept until it has a field of the schema.
   */
  private List<String> unknown(
      String name, List<String> before, boolean hasKnown, RecordReading record) {
    others = others == null ? new HashSet<>() : others;
    if (others.size() < MOST_OTHERS && others.add(name)) {
      record.add(new RecordProblem(name, "", "", "", AdjustedValues.Change.NOT_READ));
    }
    if (hasKnown || before != null && before.size() == MOST_NAMED) {
      return before;
    }
    List<String> names = before == null ? new ArrayList<>() : before;
    names.add(names.size() == MOST_NAMED - 1 ? "…" : name);
    return names;
  }

  /**
   * The place of a field; negative if it has none.
   *
   * @param next the place behind the field before, where it is in most records
   */
  private int place(String name, int next) {
    return next < names.length && names[next].equals(name) ? next : places.getOrDefault(name, -1);
  }

  private Object missing(int i, String otherCase, RecordReading record) {
    int before = record.count();
    Object value = values[i].missing(record);
    if (otherCase != null) {
      record.add(
          new RecordProblem(
              "", "The record has '" + otherCase + "', which differs in case", null, null));
    }
    record.under(names[i], before);
    return value;
  }

  @Override
  public Object missing(RecordReading record) {
    return null;
  }

  /** An array all of whose elements are read alike. */
  static final class Elements implements JsonValue {

    private static final long serialVersionUID = 1L;

    private final JsonValue element;
    private final boolean containsNull;

    Elements(JsonValue element, boolean containsNull) {
      this.element = element;
      this.containsNull = containsNull;
    }

    @Override
    public DataType type() {
      return org.apache.spark.sql.types.DataTypes.createArrayType(element.type(), containsNull);
    }

    @Override
    public Object read(JsonParser parser, RecordReading record) throws IOException {
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        return null;
      }
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        String found = record.written(parser);
        record.add(new RecordProblem("", "An array is expected, not " + found, found, "array"));
        return null;
      }
      List<Object> elements = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        int before = record.count();
        elements.add(element.read(parser, record));
        record.under("[" + (elements.size() - 1) + "]", before);
      }
      return new org.apache.spark.sql.catalyst.util.GenericArrayData(elements.toArray());
    }

    @Override
    public Object missing(RecordReading record) {
      return null;
    }
  }
}
