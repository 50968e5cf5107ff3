package io.sqletl.engine.stage.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;

/** Reads the bytes of single records. One for each task. */
final class JsonRecords {

  private static final int LONGEST_SHOWN = 200;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  private final JsonObjectValue root;

  /**
   * @param root what each record is
   */
  JsonRecords(JsonObjectValue root) {
    this.root = root;
  }

  /**
   * @param row the values; null for a record that is broken
   * @param problems what is wrong; empty for a good record
   */
  record Result(InternalRow row, List<RecordProblem> problems) {}

  Result read(RecordTexts text) {
    if (text.problem() != null) {
      return ofBroken(text.problem(), text);
    }
    RecordReading reading = new RecordReading(text.bytes(), text.start());
    try (JsonParser parser = parser(text)) {
      JsonToken first = parser.nextToken();
      if (first != JsonToken.START_OBJECT) {
        return ofOther(first, text);
      }
      InternalRow row = root.read(parser, reading);
      parser.nextToken();
      return new Result(row, reading.problems());
    } catch (IOException e) {
      return ofBroken(reason(e), text);
    }
  }

  /** Adds a record to the shape of all; false when it is broken. */
  static boolean add(RecordSource source, JsonShape shape) {
    RecordTexts text = source.texts();
    if (text.problem() != null) {
      return false;
    }
    JsonShape single = new JsonShape();
    try (JsonParser parser = parser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      single.add(parser);
      parser.nextToken();
    } catch (IOException e) {
      // A record that breaks in the middle says nothing of the others
      return false;
    }
    shape.merge(single, source.file(), source.lineOfFile());
    return true;
  }

  private static JsonParser parser(RecordTexts text) throws IOException {
    return FACTORY.createParser(text.bytes(), text.start(), text.length());
  }

  private static Result ofBroken(String reason, RecordTexts record) {
    return ofProblem("The record is no JSON: " + reason, record);
  }

  /** JSON, and none of a row. */
  private static Result ofOther(JsonToken first, RecordTexts record) {
    String kind =
        switch (first) {
          case START_ARRAY -> "an array in an array";
          case VALUE_STRING -> "a text";
          case VALUE_TRUE, VALUE_FALSE -> "a boolean";
          case VALUE_NULL -> "null";
          default -> "a number";
        };
    return ofProblem(
        "The record is " + kind + ", and no object with fields, such as {\"a\": 1}", record);
  }

  private static Result ofProblem(String message, RecordTexts record) {
    String text =
        new String(record.bytes(), record.start(), record.length(), StandardCharsets.UTF_8).strip();
    String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
    return new Result(null, List.of(RecordProblem.ofRecord(message, shown)));
  }

  private static String reason(IOException e) {
    if (e instanceof CharConversionException
        || String.valueOf(e.getMessage()).startsWith("Invalid UTF-8")) {
      return "its bytes are no UTF-8; name the file's \"encoding\"";
    }
    String message =
        e instanceof JsonProcessingException syntax ? syntax.getOriginalMessage() : e.getMessage();
    String place =
        e instanceof JsonProcessingException syntax && syntax.getLocation() != null
            ? " at column " + syntax.getLocation().getColumnNr()
            : "";
    return String.valueOf(message).lines().findFirst().orElse("") + place;
  }
}
