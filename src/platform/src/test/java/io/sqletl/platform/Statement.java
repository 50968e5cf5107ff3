package io.sqletl.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One statement of a policy, as rendered.
 *
 * @param conditions as text, empty for none
 */
record Statement(String effect, List<String> actions, List<String> resources, String conditions) {

  /** All statements in the role at a path and in the policies beside it, managed ones aside. */
  static List<Statement> ofRole(Synthesis stack, String path) {
    String role = stack.at(path).id();
    List<Statement> statements = new ArrayList<>();
    for (JsonNode inline : stack.at(path).properties().path("Policies")) {
      statements.addAll(ofDocument(inline.path("PolicyDocument")));
    }
    for (Synthesis.Resource policy : stack.resources("AWS::IAM::Policy")) {
      for (JsonNode attached : policy.properties().path("Roles")) {
        if (attached.path("Ref").asText().equals(role)) {
          statements.addAll(ofDocument(policy.properties().path("PolicyDocument")));
        }
      }
    }
    return statements;
  }

  /** All statements of the stack, in roles and in policies beside them, by the path of either. */
  static Map<String, List<Statement>> all(Synthesis stack) {
    Map<String, List<Statement>> all = new LinkedHashMap<>();
    for (String type : List.of("AWS::IAM::Role", "AWS::IAM::Policy")) {
      for (Synthesis.Resource resource : stack.resources(type)) {
        List<Statement> statements =
            new ArrayList<>(ofDocument(resource.properties().path("PolicyDocument")));
        for (JsonNode inline : resource.properties().path("Policies")) {
          statements.addAll(ofDocument(inline.path("PolicyDocument")));
        }
        all.put(resource.path().replaceFirst("/Resource$", ""), statements);
      }
    }
    return all;
  }

  static List<Statement> ofDocument(JsonNode document) {
    List<Statement> statements = new ArrayList<>();
    for (JsonNode statement : document.path("Statement")) {
      JsonNode condition = statement.path("Condition");
      statements.add(
          new Statement(
              statement.path("Effect").asText(),
              Rendered.texts(statement.path("Action")),
              Rendered.texts(statement.path("Resource")),
              condition.isMissingNode() ? "" : Rendered.text(condition)));
    }
    return statements;
  }

  /** Whether it is about an action of a service, such as {@code s3}. */
  boolean isAbout(String service) {
    return actions.stream().anyMatch(action -> action.startsWith(service + ":"));
  }

  @Override
  public String toString() {
    return effect
        + " "
        + String.join(" ", actions)
        + "\n  on "
        + String.join("\n     ", resources)
        + (conditions.isEmpty() ? "" : "\n  if " + conditions);
  }
}
