package io.sqletl.engine.stage.function;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Serializable;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/** Takes arrays of numbers out of JSON texts; what is no number becomes 0, as in Arc. */
public final class JsonArrays implements Serializable {

  private static final ObjectMapper JSON = new ObjectMapper();

  public ArrayData doubles(UTF8String json, UTF8String path) {
    return new GenericArrayData(elements(json, path).mapToDouble(JsonNode::asDouble).toArray());
  }

  public ArrayData integers(UTF8String json, UTF8String path) {
    IntStream integers = elements(json, path).mapToInt(JsonNode::asInt);
    return new GenericArrayData(integers.toArray());
  }

  public ArrayData longs(UTF8String json, UTF8String path) {
    LongStream longs = elements(json, path).mapToLong(JsonNode::asLong);
    return new GenericArrayData(longs.toArray());
  }

  private static Stream<JsonNode> elements(UTF8String json, UTF8String path) {
    String steps = path.toString();
    if (!steps.startsWith("$")) {
      throw new IllegalArgumentException("path '" + steps + "' must start with '$'.");
    }
    JsonNode array =
        parse(json.toString()).at(JsonPointer.compile(steps.substring(1).replace('.', '/')));
    if (!array.isArray()) {
      throw new IllegalArgumentException("value at '" + steps + "' must be 'array' type.");
    }
    return StreamSupport.stream(array.spliterator(), false);
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("This is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
