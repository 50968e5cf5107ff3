package io.sqletl.engine.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** A view's columns as a schema file of a job has them, a start for one of the author's own. */
final class SchemaFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  private SchemaFile() {}

  static String of(StructType columns) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(columns(columns));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A schema cannot be written", e);
    }
  }

  private static ArrayNode columns(StructType columns) {
    ArrayNode list = JSON.createArrayNode();
    for (StructField field : columns.fields()) {
      list.add(column(field.name(), field.nullable(), field.dataType(), metadata(field)));
    }
    return list;
  }

  private static ObjectNode column(
      String name, boolean nullable, DataType type, JsonNode metadata) {
    ObjectNode column = JSON.createObjectNode();
    column.put("name", name);
    if (metadata.has("description")) {
      column.set("description", metadata.get("description"));
    }
    column.put("type", type(type));
    column.put("nullable", nullable);
    column.put("trim", true);
    column.putArray("nullableValues").add("").add("null");
    if (type instanceof DecimalType decimal) {
      column.put("precision", decimal.precision());
      column.put("scale", decimal.scale());
    } else if (type.equals(DataTypes.BooleanType)) {
      column.putArray("trueValues").add("true");
      column.putArray("falseValues").add("false");
    } else if (type.equals(DataTypes.DateType)) {
      column.putArray("formatters").add("uuuu-MM-dd");
    } else if (type.equals(DataTypes.TimestampType)) {
      column.putArray("formatters").add("uuuu-MM-dd HH:mm:ss");
      column.put("timezoneId", "UTC");
    } else if (type instanceof StructType struct) {
      column.set("fields", columns(struct));
    } else if (type instanceof ArrayType array) {
      column.set(
          "elementType",
          column("element", array.containsNull(), array.elementType(), JSON.createObjectNode()));
    }
    ObjectNode own = metadata.deepCopy();
    own.remove(List.of("description", "id", "nullable", "internal"));
    if (!own.isEmpty()) {
      column.set("metadata", own);
    }
    return column;
  }

  private static String type(DataType type) {
    if (type instanceof DecimalType) {
      return "decimal";
    }
    if (type instanceof StructType) {
      return "struct";
    }
    return switch (type.typeName()) {
      case "byte", "short" -> "integer";
      case "float" -> "double";
      default -> type.typeName();
    };
  }

  private static ObjectNode metadata(StructField field) {
    try {
      return (ObjectNode) JSON.readTree(field.metadata().json());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Spark's metadata of " + field.name() + " is no JSON", e);
    }
  }

  /** One row for each column: its name, whether it is nullable, its type and its metadata. */
  static Dataset<Row> metadata(SparkSession spark, StructType columns) {
    Set<String> keys = new TreeSet<>();
    for (StructField field : columns.fields()) {
      metadata(field).fieldNames().forEachRemaining(keys::add);
    }
    StructType schema =
        new StructType()
            .add("name", DataTypes.StringType)
            .add("nullable", DataTypes.BooleanType)
            .add("type", DataTypes.StringType);
    for (String key : keys) {
      schema = schema.add("metadata." + key, DataTypes.StringType);
    }
    List<Row> rows = new ArrayList<>();
    for (StructField field : columns.fields()) {
      ObjectNode metadata = metadata(field);
      List<Object> values = new ArrayList<>();
      values.add(field.name());
      values.add(field.nullable());
      values.add(field.dataType().catalogString());
      for (String key : keys) {
        JsonNode value = metadata.get(key);
        values.add(value == null ? null : value.isTextual() ? value.asText() : value.toString());
      }
      rows.add(RowFactory.create(values.toArray()));
    }
    return spark.createDataFrame(rows, schema);
  }
}
