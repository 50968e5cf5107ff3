package io.sqletl.engine.stage.transform;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/** Takes a value out of a change event, in the ways that Debezium's connectors write one. */
final class DebeziumValue {

  /** Of the year 9999; microseconds of our time are beyond it. */
  private static final double LAST_MILLISECOND = 253_402_300_799_999d;

  private DebeziumValue() {}

  /**
   * @param described the event's own description of the field; may be missing
   */
  static Object of(JsonNode value, DataType type, JsonNode described) {
    if (type instanceof DecimalType decimal) {
      BigDecimal number = decimal(value, described);
      BigDecimal scaled = number.setScale(decimal.scale(), RoundingMode.HALF_UP);
      if (scaled.precision() > decimal.precision()) {
        throw new ArithmeticException(number + " has too many digits");
      }
      return scaled;
    }
    return switch (type.typeName()) {
      case "boolean" ->
          value.isTextual()
              ? bool(value.textValue())
              : value.isNumber() ? value.asInt() != 0 : bool(value.asText());
      case "date" ->
          value.isNumber()
              ? Date.valueOf(LocalDate.ofEpochDay(value.longValue()))
              : Date.valueOf(LocalDate.parse(value.asText()));
      case "double" ->
          "bytes".equals(described.path("type").asText())
              ? decimal(value, described).doubleValue()
              : Double.parseDouble(value.asText());
      case "integer" -> whole(value).intValueExact();
      case "long" -> whole(value).longValueExact();
      case "timestamp" -> Timestamp.from(instant(value, name(described)));
      case "binary" -> bytes(value);
      case "string" -> text(value, name(described));
      default -> throw new IllegalArgumentException("No event has a " + type.typeName());
    };
  }

  private static String name(JsonNode described) {
    return described.path("name").asText("");
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static BigInteger whole(JsonNode value) {
    return new BigDecimal(value.asText()).toBigIntegerExact();
  }

  /** As a text or number, or as the bytes of the digits with a scale beside them. */
  private static BigDecimal decimal(JsonNode value, JsonNode described) {
    if (described.path("type").asText().equals("bytes")) {
      int scale = Integer.parseInt(described.path("parameters").path("scale").asText("0"));
      return new BigDecimal(new BigInteger(bytes(value)), scale);
    }
    return new BigDecimal(value.asText());
  }

  private static byte[] bytes(JsonNode value) {
    try {
      return value.binaryValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant instant(JsonNode value, String name) {
    if (!value.isNumber()) {
      return OffsetDateTime.parse(value.asText()).toInstant();
    }
    if (name.isEmpty() && Math.abs(value.doubleValue()) > LAST_MILLISECOND) {
      throw new IllegalArgumentException(
          "the event does not say the unit, and in milliseconds it is beyond the year 9999");
    }
    return Instant.EPOCH.plus(value.longValue(), unit(name, ChronoUnit.MILLIS));
  }

  /** A time of day is a text here; everything else is what it is. */
  private static String text(JsonNode value, String name) {
    if (value.isNumber() && name.endsWith("Time")) {
      ChronoUnit unit = unit(name, ChronoUnit.MILLIS);
      return LocalTime.MIDNIGHT.plus(value.longValue(), unit).toString();
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private static ChronoUnit unit(String name, ChronoUnit otherwise) {
    if (name.contains("Micro")) {
      return ChronoUnit.MICROS;
    }
    return name.contains("Nano") ? ChronoUnit.NANOS : otherwise;
  }
}
