package io.sqletl.engine.typing;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;

/**
 * A column's {@code metadata} as Spark keeps it: long, double, boolean and string, arrays of one of
 * them, and objects of all that. It may also be written as a text that holds JSON, as databases
 * store it.
 */
final class MetadataReader {

  private final Consumer<String> problems;

  MetadataReader(Consumer<String> problems) {
    this.problems = problems;
  }

  Metadata read(ConfigValue value) {
    if (value instanceof ConfigObject object) {
      return object(object);
    }
    if (value.valueType() == ConfigValueType.STRING) {
      return text((String) value.unwrapped());
    }
    problems.accept("'metadata': Wrong type, expected: object or string of JSON");
    return Metadata.empty();
  }

  /** JSON as it is, or with its quotes escaped as by a database's export. */
  private Metadata text(String json) {
    try {
      return object(parse(json));
    } catch (ConfigException first) {
      try {
        return object(parse(json.replace("\\\"", "\"").replace("\\\\", "\\")));
      } catch (ConfigException second) {
        problems.accept("'metadata': the text holds no JSON object: " + first.getMessage());
        return Metadata.empty();
      }
    }
  }

  private static ConfigObject parse(String json) {
    return ConfigFactory.parseString(
            json,
            ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.JSON)
                .setOriginDescription("metadata"))
        .root();
  }

  private Metadata object(ConfigObject object) {
    MetadataBuilder builder = new MetadataBuilder();
    for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
      put(builder, entry.getKey(), entry.getValue());
    }
    return builder.build();
  }

  private void put(MetadataBuilder builder, String key, ConfigValue value) {
    switch (value.valueType()) {
      case OBJECT -> builder.putMetadata(key, object((ConfigObject) value));
      case LIST -> putArray(builder, key, (ConfigList) value);
      case STRING -> builder.putString(key, (String) value.unwrapped());
      case BOOLEAN -> builder.putBoolean(key, (Boolean) value.unwrapped());
      case NULL -> builder.putNull(key);
      case NUMBER -> {
        if (isInteger(value)) {
          builder.putLong(key, number(value).longValue());
        } else {
          builder.putDouble(key, number(value).doubleValue());
        }
      }
    }
  }

  private void putArray(MetadataBuilder builder, String key, ConfigList list) {
    List<ConfigValueType> types =
        list.stream().map(ConfigValue::valueType).distinct().collect(Collectors.toList());
    if (types.isEmpty()) {
      refuse(key, "cannot contain empty `arrays`");
    } else if (types.contains(ConfigValueType.NULL)) {
      refuse(key, "cannot contain `null` values inside `array`");
    } else if (types.contains(ConfigValueType.LIST)) {
      refuse(key, "cannot contain nested `arrays`");
    } else if (types.size() > 1) {
      refuse(key, "cannot contain arrays of different types");
    } else {
      putElements(builder, key, list, types.get(0));
    }
  }

  private void putElements(
      MetadataBuilder builder, String key, ConfigList list, ConfigValueType type) {
    switch (type) {
      case STRING ->
          builder.putStringArray(
              key, list.stream().map(ConfigValue::unwrapped).toArray(String[]::new));
      case BOOLEAN -> {
        boolean[] flags = new boolean[list.size()];
        for (int i = 0; i < flags.length; i++) {
          flags[i] = (Boolean) list.get(i).unwrapped();
        }
        builder.putBooleanArray(key, flags);
      }
      case OBJECT ->
          builder.putMetadataArray(
              key,
              list.stream().map(value -> object((ConfigObject) value)).toArray(Metadata[]::new));
      case NUMBER -> putNumbers(builder, key, list);
      case LIST, NULL -> throw new IllegalStateException("Refused before: " + type);
    }
  }

  private void putNumbers(MetadataBuilder builder, String key, ConfigList list) {
    if (list.stream().allMatch(MetadataReader::isInteger)) {
      builder.putLongArray(key, list.stream().mapToLong(v -> number(v).longValue()).toArray());
    } else if (list.stream().noneMatch(MetadataReader::isInteger)) {
      builder.putDoubleArray(
          key, list.stream().mapToDouble(v -> number(v).doubleValue()).toArray());
    } else {
      refuse(
          key,
          "cannot contain `number` arrays of different types (all values must be `integers` or all"
              + " values must be `doubles`)");
    }
  }

  private void refuse(String key, String what) {
    problems.accept("Metadata attribute '" + key + "' " + what);
  }

  private static Number number(ConfigValue value) {
    return (Number) value.unwrapped();
  }

  private static boolean isInteger(ConfigValue value) {
    return value.unwrapped() instanceof Integer || value.unwrapped() instanceof Long;
  }
}
