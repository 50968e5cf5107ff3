package io.sqletl.engine.stage.execute;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Whole numbers of JSON that have no place in 64 bits, which a configuration refuses. */
final class LongNumbers {

  private static final JsonFactory JSON = new JsonFactory();

  private LongNumbers() {}

  /** The same with such numbers as texts, which a variable is where it is put in. */
  static String asTexts(String json) {
    StringBuilder changed = new StringBuilder();
    int from = 0;
    try (JsonParser parser = JSON.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
          int start = (int) parser.currentTokenLocation().getCharOffset();
          int end = start + parser.getTextLength();
          changed.append(json, from, start).append('"').append(json, start, end).append('"');
          from = end;
        }
      }
    } catch (IOException e) {
      // Told by the one who reads it for good
      return json;
    }
    return changed.append(json.substring(from)).toString();
  }
}
