package io.sqletl.engine.stage.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** A value of the type that {@link JsonShape} found; text is itself, or JSON as it is written. */
record JsonFoundValue(DataType type) implements JsonValue {

  static JsonValue of(DataType type) {
    if (type instanceof StructType struct) {
      return JsonObjectValue.found(struct);
    }
    if (type instanceof ArrayType array) {
      return new JsonObjectValue.Elements(of(array.elementType()), true);
    }
    return new JsonFoundValue(type);
  }

  @Override
  public Object read(JsonParser parser, RecordReading record) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT && parser.isNaN()) {
      String text = parser.getText();
      record.add(new RecordProblem("", text + " is no number of JSON", text, null));
      return null;
    }
    Object value = value(token, parser);
    if (value != null) {
      return value;
    }
    if (!isTyped()) {
      return token == JsonToken.VALUE_STRING
          ? record.text(parser)
          : UTF8String.fromString(record.written(parser));
    }
    String found = record.written(parser);
    // Files that changed between the two looks at them
    record.add(
        new RecordProblem("", "'" + found + "' is no " + type.simpleString(), found, type.sql()));
    return null;
  }

  private boolean isTyped() {
    return type instanceof LongType
        || type instanceof DoubleType
        || type instanceof DecimalType
        || type instanceof BooleanType;
  }

  private Object value(JsonToken token, JsonParser parser) throws IOException {
    if (type instanceof BooleanType && token.isBoolean()) {
      return token == JsonToken.VALUE_TRUE;
    }
    if (!token.isNumeric()) {
      return null;
    }
    if (type instanceof LongType
        && token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      return parser.getLongValue();
    }
    if (type instanceof DoubleType) {
      return parser.getDoubleValue();
    }
    if (type instanceof DecimalType decimal) {
      BigDecimal number = new BigDecimal(parser.getText());
      if (number.stripTrailingZeros().scale() <= decimal.scale()) {
        return Decimal.apply(
            number.setScale(decimal.scale()), decimal.precision(), decimal.scale());
      }
    }
    return null;
  }

  @Override
  public Object missing(RecordReading record) {
    return null;
  }
}
