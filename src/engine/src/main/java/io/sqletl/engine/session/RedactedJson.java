package io.sqletl.engine.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The texts of a JSON document without secrets, its names too. */
final class RedactedJson {

  private RedactedJson() {}

  /**
   * Changes a document in its place.
   *
   * @return whether a text of it is another now
   */
  static boolean apply(JsonNode node, UnaryOperator<String> redaction) {
    boolean changed = false;
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        Optional<JsonNode> clean = text(array.get(i), redaction);
        if (clean.isPresent()) {
          array.set(i, clean.get());
        }
        changed |= clean.isPresent() || apply(array.get(i), redaction);
      }
    } else if (node instanceof ObjectNode object) {
      Map<String, JsonNode> fields = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> field : object.properties()) {
        String name = redaction.apply(field.getKey());
        Optional<JsonNode> clean = text(field.getValue(), redaction);
        changed |=
            !name.equals(field.getKey()) || clean.isPresent() || apply(field.getValue(), redaction);
        fields.put(name, clean.orElse(field.getValue()));
      }
      if (changed) {
        object.removeAll();
        object.setAll(fields);
      }
    }
    return changed;
  }

  private static Optional<JsonNode> text(JsonNode node, UnaryOperator<String> redaction) {
    if (!node.isTextual()) {
      return Optional.empty();
    }
    String clean = redaction.apply(node.textValue());
    return clean.equals(node.textValue()) ? Optional.empty() : Optional.of(TextNode.valueOf(clean));
  }
}
