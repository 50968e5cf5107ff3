package io.sqletl.engine.stage.extract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.stage.StagePlanning;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** Schemas of Avro as files or schema registries have them. */
final class AvroSchema {

  /** The option of Spark's reader that has the schema. */
  static final String OPTION = "avroSchema";

  private static final String KEY = "avroSchemaURI";

  private AvroSchema() {}

  /** Reads the schema that the key names; nothing when there is none or a problem was reported. */
  static Optional<String> read(Optional<String> uri, StagePlanning planning) {
    return uri.flatMap(address -> planning.read(KEY, address))
        .flatMap(
            source -> {
              try {
                String schema = unwrapped(source.text());
                Optional<String> recursion = recursion(new Schema.Parser().parse(schema));
                recursion.ifPresent(
                    field ->
                        planning.invalid(
                            KEY,
                            "The Avro schema "
                                + uri.get()
                                + " has a record within itself, by the field '"
                                + field
                                + "', and a table has no columns for that",
                            "leave the field out of the schema; the rest of the records is read"));
                return recursion.isPresent() ? Optional.empty() : Optional.of(schema);
              } catch (JsonProcessingException | RuntimeException e) {
                // Of an unknown type the parser says so with a NullPointerException
                planning.invalid(
                    KEY,
                    "The file " + uri.get() + " is no Avro schema: " + firstLine(e.getMessage()),
                    "give a schema in JSON, as an .avsc file holds it");
                return Optional.empty();
              }
            });
  }

  /** The field by which a record has itself within; nothing where none does. */
  static Optional<String> recursion(Schema schema) {
    return recursion("", schema, Set.of());
  }

  private static Optional<String> recursion(String path, Schema type, Set<String> open) {
    return switch (type.getType()) {
      case ARRAY -> recursion(path, type.getElementType(), open);
      case MAP -> recursion(path, type.getValueType(), open);
      case UNION ->
          type.getTypes().stream()
              .flatMap(choice -> recursion(path, choice, open).stream())
              .findFirst();
      case RECORD -> {
        if (open.contains(type.getFullName())) {
          yield Optional.of(path);
        }
        Set<String> within = new HashSet<>(open);
        within.add(type.getFullName());
        String parent = path.isEmpty() ? "" : path + ".";
        yield type.getFields().stream()
            .flatMap(field -> recursion(parent + field.name(), field.schema(), within).stream())
            .findFirst();
      }
      default -> Optional.empty();
    };
  }

  /** The schema among the options of Spark's reader; nothing where the files say it. */
  static Optional<Schema> declared(Map<String, String> options) {
    return Optional.ofNullable(options.get(OPTION)).map(text -> new Schema.Parser().parse(text));
  }

  /** A registry answers with an object whose field "schema" holds the schema as a text. */
  private static String unwrapped(String text) throws JsonProcessingException {
    JsonNode document = new ObjectMapper().readTree(text);
    JsonNode schema = document.get("schema");
    return document.has("type") || schema == null || !schema.isTextual() ? text : schema.asText();
  }

  private static String firstLine(String message) {
    return message == null ? "" : message.lines().findFirst().orElse("");
  }
}
