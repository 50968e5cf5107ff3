package io.sqletl.engine.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.stage.StageHeader;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.StageTypes;
import java.util.List;

/**
 * A JSON Schema of job files, from the declarations that jobs are read by, so that an editor
 * completes, explains and checks as the engine does. Draft 7 is what editors know best.
 */
final class JobSchema {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARC_CLASS =
      "^ai\\.tripl\\.arc\\.(execute|extract|load|transform|validate)\\.\\w+(:.+)?$";

  private JobSchema() {}

  static String json(StageTypes types) {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "sql-etl job");
    schema.put(
        "description", "Made by `./etl stages --json-schema`; a test fails when it is stale.");
    schema.put("type", "object");
    schema.putArray("required").add("stages");
    ObjectNode properties = schema.putObject("properties");
    ObjectNode stages = properties.putObject("stages");
    stages.put("description", "What the job does, from top to bottom.");
    stages.put("type", "array");
    stages.putObject("items").put("$ref", "#/definitions/stage");
    ObjectNode definitions = schema.putObject("definitions");
    definitions.set("stage", stage(types));
    for (StageType<?> type : types.all()) {
      definitions.set(type.name(), stageOf(type));
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A schema that JSON cannot say", e);
    }
  }

  /** Any stage: its type decides which of the definitions counts. */
  private static ObjectNode stage(StageTypes types) {
    ObjectNode stage = JSON.createObjectNode();
    stage.put("type", "object");
    stage.putArray("required").add("type").add("name");
    ObjectNode type = stage.putObject("properties").putObject("type");
    type.put("description", "The stage's type.");
    ArrayNode either = type.putArray("anyOf");
    ArrayNode names = either.addObject().putArray("enum");
    types.names().forEach(names::add);
    either.addObject().put("pattern", ARC_CLASS);
    ArrayNode cases = stage.putArray("allOf");
    for (String name : types.names()) {
      ObjectNode one = cases.addObject();
      ObjectNode condition = one.putObject("if");
      condition.putObject("properties").putObject("type").put("const", name);
      condition.putArray("required").add("type");
      one.putObject("then").put("$ref", "#/definitions/" + name);
    }
    return stage;
  }

  private static ObjectNode stageOf(StageType<?> type) {
    ObjectNode stage = object(type.description(), KeySpec.of(type.configuration()));
    ObjectNode properties = (ObjectNode) stage.get("properties");
    for (KeySpec key : KeySpec.of(StageHeader.class)) {
      if (!properties.has(key.name())) {
        properties.set(key.name(), value(key));
      }
    }
    return stage;
  }

  private static ObjectNode object(String description, List<KeySpec> keys) {
    ObjectNode object = JSON.createObjectNode();
    object.put("type", "object");
    object.put("description", description);
    ObjectNode properties = object.putObject("properties");
    ArrayNode required = JSON.createArrayNode();
    for (KeySpec key : keys) {
      properties.set(key.name(), value(key));
      if (key.declaration().required()) {
        required.add(key.name());
      }
    }
    if (!required.isEmpty()) {
      object.set("required", required);
    }
    object.put("additionalProperties", false);
    return object;
  }

  /** Numbers and booleans may be written as text, as a variable gives them. */
  private static ObjectNode value(KeySpec key) {
    String description = key.declaration().value();
    Class<?> type = key.valueType();
    if (type.isRecord()) {
      return object(description, KeySpec.of(type.asSubclass(Record.class)));
    }
    ObjectNode value = JSON.createObjectNode();
    value.put("description", description);
    if (!key.choices().isEmpty()) {
      ArrayNode choices = value.putArray("enum");
      key.choices().forEach(choices::add);
    }
    switch (key.typeName()) {
      case "string" -> {
        if (key.choices().isEmpty()) {
          value.putArray("type").add("string").add("number").add("boolean");
        }
      }
      case "integer" -> orText(value, "integer", "^-?[0-9]+$");
      case "number" -> orText(value, "number", "^-?[0-9.eE+-]+$");
      case "boolean" -> orText(value, "boolean", "^(true|false|yes|no|on|off)$");
      case "list of strings" -> {
        value.put("type", "array");
        value.putObject("items").putArray("type").add("string").add("number").add("boolean");
      }
      case "string or list of strings" -> {
        ArrayNode either = value.putArray("anyOf");
        either.addObject().putArray("type").add("string").add("number").add("boolean");
        ObjectNode list = either.addObject();
        list.put("type", "array");
        list.putObject("items").putArray("type").add("string").add("number").add("boolean");
      }
      case "list of integers" -> {
        value.put("type", "array");
        orText(value.putObject("items"), "integer", "^-?[0-9]+$");
      }
      case "list of objects" -> {
        value.put("type", "array");
        value.putObject("items").put("type", "object");
      }
      case "object" -> value.put("type", "object");
      default -> value.put("type", "array");
    }
    if (!key.declaration().defaultValue().isEmpty() && !type.equals(List.class)) {
      value.put("default", key.declaration().defaultValue());
    }
    return value;
  }

  private static void orText(ObjectNode value, String type, String pattern) {
    ArrayNode either = value.putArray("anyOf");
    either.addObject().put("type", type);
    either.addObject().put("type", "string").put("pattern", pattern);
  }
}
