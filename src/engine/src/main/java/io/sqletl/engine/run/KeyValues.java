package io.sqletl.engine.run;

import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.KeyText;
import io.sqletl.engine.stage.SecretNames;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a configuration record back: for the log, and for what its keys refer to. */
final class KeyValues {

  private final Map<String, Object> values = new LinkedHashMap<>();
  private final List<PlannedStage.Reference> references = new ArrayList<>();

  private KeyValues() {}

  static KeyValues of(Record keys) {
    KeyValues read = new KeyValues();
    read.add(keys);
    return read;
  }

  /** The keys that are set, in order of declaration, with values that JSON knows. */
  Map<String, Object> values() {
    return values;
  }

  List<PlannedStage.Reference> references() {
    return references;
  }

  private void add(Record keys) {
    for (RecordComponent component : keys.getClass().getRecordComponents()) {
      Object value = valueOf(keys, component);
      if (component.isAnnotationPresent(KeyGroup.class)) {
        add((Record) value);
      } else {
        add(component, value);
      }
    }
  }

  private void add(RecordComponent component, Object declared) {
    Key key = component.getAnnotation(Key.class);
    Object value = declared instanceof Optional<?> optional ? optional.orElse(null) : declared;
    if (value == null || value instanceof Map<?, ?> map && map.isEmpty()) {
      return;
    }
    boolean secret = key.role() == Key.Role.SECRET;
    values.put(component.getName(), secret ? masked(value) : plain(value, key.role()));
    if (value instanceof String text) {
      references.add(new PlannedStage.Reference(key.role(), component.getName(), text));
    }
  }

  /** Of a map of secrets the names may be told, and of an authentication its method. */
  private static Object masked(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> names = new LinkedHashMap<>();
      map.forEach(
          (name, text) ->
              names.put(name.toString(), name.equals("method") ? text : SecretNames.MASK));
      return names;
    }
    return SecretNames.MASK;
  }

  @SuppressWarnings("unchecked") // Such keys are texts by name
  private static Object plain(Object value, Key.Role role) {
    return role == Key.Role.SECRET_BY_NAME && value instanceof Map<?, ?> texts
        ? SecretNames.masked((Map<String, String>) texts)
        : plain(value);
  }

  private static Object plain(Object value) {
    if (value instanceof Enum<?> choice) {
      return KeyText.of(choice);
    }
    if (value instanceof ConfigValue config) {
      return config.unwrapped();
    }
    if (value instanceof Record nested) {
      return of(nested).values();
    }
    return value instanceof Number
            || value instanceof Boolean
            || value instanceof List<?>
            || value instanceof Map<?, ?>
        ? value
        : value.toString();
  }

  private static Object valueOf(Record keys, RecordComponent component) {
    try {
      return component.getAccessor().invoke(keys);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(keys.getClass() + " must be a public record", e);
    }
  }
}
