package io.sqletl.engine.stage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.TableIdentifier;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The columns of a frame as rows: the keys of a schema file as columns, in alphabetical order, each
 * there if at least one column of the frame has it.
 */
public final class MetadataView {

  /** The name of the view that SQL about metadata reads. */
  public static final String NAME = "metadata";

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final StructType EMPTY =
      new StructType()
          .add("description", DataTypes.StringType)
          .add("name", DataTypes.StringType)
          .add("nullable", DataTypes.BooleanType)
          .add("type", DataTypes.StringType);

  private MetadataView() {}

  /** The columns of a frame as rows; columns without a type are left out. */
  public static Dataset<Row> of(Dataset<Row> rows) {
    List<String> columns = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      describe(field).ifPresent(column -> columns.add(text(column)));
    }
    SparkSession spark = rows.sparkSession();
    return columns.isEmpty()
        ? spark.createDataFrame(List.<Row>of(), EMPTY)
        : spark.read().json(spark.createDataset(columns, Encoders.STRING()));
  }

  /** Makes the view {@link #NAME} of a frame's columns. */
  public static void register(Dataset<Row> rows) {
    of(rows).createOrReplaceTempView(NAME);
  }

  /** What undoes {@link #register}: a view of that name is there again, or none. */
  public static Runnable restore(SparkSession spark) {
    boolean there =
        ((org.apache.spark.sql.classic.SparkSession) spark)
            .sessionState()
            .catalog()
            .isTempView(new TableIdentifier(NAME));
    Optional<Dataset<Row>> before = there ? Optional.of(spark.table(NAME)) : Optional.empty();
    return () ->
        before.ifPresentOrElse(
            rows -> rows.createOrReplaceTempView(NAME), () -> spark.catalog().dropTempView(NAME));
  }

  /** A column as a schema file would have it. */
  private static Optional<ObjectNode> describe(StructField field) {
    DataType type = field.dataType();
    if (type instanceof NullType) {
      return Optional.empty();
    }
    ObjectNode column = JSON.createObjectNode();
    column.put("name", field.name());
    column.put(
        "description",
        field.metadata().contains("description") ? field.metadata().getString("description") : "");
    column.put("nullable", field.nullable());
    describe(type, column);
    if (!field.metadata().equals(org.apache.spark.sql.types.Metadata.empty())) {
      column.set("metadata", json(field.metadata().json()));
    }
    return Optional.of(column);
  }

  private static void describe(DataType type, ObjectNode column) {
    column.put("type", typeName(type));
    if (type instanceof StructType struct) {
      var fields = column.putArray("fields");
      for (StructField field : struct.fields()) {
        describe(field).ifPresent(fields::add);
      }
      return;
    }
    if (type instanceof ArrayType array) {
      describe(new StructField("element", array.elementType(), array.containsNull(), metadata()))
          .ifPresent(element -> column.set("elementType", element));
      return;
    }
    column.put("trim", true);
    column.putArray("nullableValues").add("").add("null");
    if (type instanceof BooleanType) {
      column.putArray("trueValues").add("true");
      column.putArray("falseValues").add("false");
    } else if (type instanceof DateType) {
      column.putArray("formatters").add("uuuu-MM-dd");
    } else if (type instanceof TimestampType || type instanceof TimestampNTZType) {
      column.putArray("formatters").add("uuuu-MM-dd HH:mm:ss");
      column.put("timezoneId", "UTC");
    } else if (type instanceof DecimalType decimal) {
      column.put("precision", decimal.precision());
      column.put("scale", decimal.scale());
    } else if (type instanceof BinaryType) {
      column.put("encoding", "base64");
    }
  }

  private static org.apache.spark.sql.types.Metadata metadata() {
    return org.apache.spark.sql.types.Metadata.empty();
  }

  /** The type as a schema file names it; types that no schema file has keep Spark's name. */
  private static String typeName(DataType type) {
    if (type instanceof DecimalType) {
      return "decimal";
    }
    if (type instanceof TimestampNTZType) {
      return "timestamp";
    }
    if (type instanceof NumericType) {
      return switch (type.typeName()) {
        case "byte", "short", "integer" -> "integer";
        case "float", "double" -> "double";
        default -> type.typeName();
      };
    }
    return type.typeName();
  }

  private static com.fasterxml.jackson.databind.JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Metadata of a column is no JSON: " + text, e);
    }
  }

  private static String text(ObjectNode column) {
    try {
      return JSON.writeValueAsString(column);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A column that JSON cannot say", e);
    }
  }
}
