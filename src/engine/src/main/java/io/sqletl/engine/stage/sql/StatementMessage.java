package io.sqletl.engine.stage.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;

/** The message that a statement returns for the log. */
public final class StatementMessage {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StatementMessage() {}

  /** A map for a JSON object, a list for a JSON array, otherwise the text itself; null stays. */
  public static Object parse(String text) {
    if (text == null) {
      return null;
    }
    String trimmed = text.strip();
    Class<?> type =
        trimmed.startsWith("{") ? Map.class : trimmed.startsWith("[") ? List.class : null;
    if (type == null) {
      return text;
    }
    try {
      return JSON.readValue(trimmed, type);
    } catch (JsonProcessingException e) {
      return text; // A text that only begins like JSON is a message as well
    }
  }
}
