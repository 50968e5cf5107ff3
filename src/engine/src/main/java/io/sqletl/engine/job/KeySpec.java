package io.sqletl.engine.job;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one key of a configuration record.
 *
 * @param name as written in a job file
 * @param component the record component that holds it
 * @param declaration its annotation
 */
public record KeySpec(String name, RecordComponent component, Key declaration) {

  /** The keys of a configuration record, those of its groups included, in order of declaration. */
  public static List<KeySpec> of(Class<? extends Record> configuration) {
    List<KeySpec> keys = new ArrayList<>();
    for (RecordComponent component : configuration.getRecordComponents()) {
      Key key = component.getAnnotation(Key.class);
      if (key != null) {
        keys.add(new KeySpec(component.getName(), component, key));
      } else if (component.isAnnotationPresent(KeyGroup.class)) {
        keys.addAll(of(component.getType().asSubclass(Record.class)));
      } else {
        throw new IllegalArgumentException(
            configuration.getName() + "." + component.getName() + " is neither @Key nor @KeyGroup");
      }
    }
    return List.copyOf(keys);
  }

  /** The type behind an {@link Optional}, or the component's own. */
  public Class<?> valueType() {
    return isOptional() ? (Class<?>) argument(0) : component.getType();
  }

  /** The type of a list's elements. */
  Class<?> elementType() {
    return (Class<?>) argument(0);
  }

  boolean isOptional() {
    return component.getType() == Optional.class;
  }

  private Type argument(int index) {
    return ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[index];
  }

  /** The choices of an enumerated key; empty for others. */
  public List<String> choices() {
    Class<?> type = valueType();
    if (!type.isEnum()) {
      return List.of();
    }
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> KeyText.of((Enum<?>) constant))
        .toList();
  }

  /** The type as a person names it: {@code string}, {@code list of strings}, {@code boolean}. */
  public String typeName() {
    Class<?> type = valueType();
    if (type.isEnum()) {
      return "string";
    }
    if (List.class.isAssignableFrom(type) && component.getGenericType() instanceof Class<?>) {
      return "list";
    }
    if (type == List.class) {
      return elementType() == Integer.class ? "list of integers" : "list of strings";
    }
    return switch (type.getSimpleName()) {
      case "String" -> "string";
      case "int", "Integer", "long", "Long" -> "integer";
      case "double", "Double" -> "number";
      case "boolean", "Boolean" -> "boolean";
      case "ConfigList" -> "list of objects";
      case "ConfigValue" -> "string or list of strings";
      default -> "object";
    };
  }

  /** Type, choices, and whether it is required or what it is otherwise, in one line. */
  public String facts() {
    StringBuilder facts = new StringBuilder(typeName());
    if (!choices().isEmpty()) {
      facts.append(", one of ").append(String.join(", ", choices()));
    }
    if (declaration.required()) {
      facts.append(", required");
    } else if (!declaration.defaultValue().isEmpty()) {
      facts.append(", default ").append(declaration.defaultValue());
    }
    return facts.toString();
  }
}
