package io.sqletl.platform;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * One statement of a policy, as rendered.
 *
 * @param conditions as text, empty for none
 */
record Statement(String effect, List<String> actions, List<String> resources, String conditions) {

  /** All statements of the policies of the role at a path, managed ones aside. */
  static List<Statement> ofRole(Synthesis stack, String path) {
    String role = stack.at(path).id();
    List<Statement> statements = new ArrayList<>();
    for (Synthesis.Resource policy : stack.resources("AWS::IAM::Policy")) {
      for (JsonNode attached : policy.properties().path("Roles")) {
        if (attached.path("Ref").asText().equals(role)) {
          statements.addAll(ofDocument(policy.properties().path("PolicyDocument")));
        }
      }
    }
    return statements;
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
