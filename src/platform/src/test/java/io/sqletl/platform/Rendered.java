package io.sqletl.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads what CloudFormation computes as text, as in Fn::Sub, without the hashes of logical ids. */
final class Rendered {

  private Rendered() {}

  /** A value as text: {@code ${CodeBucket.Arn}/*} for a join of an attribute and a string. */
  static String text(JsonNode value) {
    if (!value.isObject()) {
      return value.isTextual() ? value.textValue() : value.toString();
    }
    if (value.size() == 1) {
      String function = value.fieldNames().next();
      JsonNode argument = value.get(function);
      switch (function) {
        case "Ref":
          return "${" + name(argument.asText()) + "}";
        case "Fn::GetAtt":
          return "${" + name(argument.get(0).asText()) + "." + argument.get(1).asText() + "}";
        case "Fn::Sub":
          return argument.isTextual() ? argument.textValue() : argument.toString();
        case "Fn::Join":
          return texts(argument.get(1)).stream()
              .collect(Collectors.joining(argument.get(0).asText()));
        case "Fn::If":
          return "${if "
              + name(argument.get(0).asText())
              + " "
              + text(argument.get(1))
              + " else "
              + text(argument.get(2))
              + "}";
        default:
      }
    }
    return value.properties().stream()
        .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  /** The elements of a list, or a single value, as texts. */
  static List<String> texts(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(element -> texts.add(text(element)));
    } else if (!value.isMissingNode()) {
      texts.add(text(value));
    }
    return texts;
  }

  private static String name(String logicalId) {
    return logicalId.replaceFirst("[0-9A-F]{8}$", "");
  }
}
