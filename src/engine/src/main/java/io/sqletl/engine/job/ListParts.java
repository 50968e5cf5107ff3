package io.sqletl.engine.job;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The elements of a list that is put together of others, as {@code stages += {…}} and {@code stages
 * = ${stages} […]} do. The library would join them only together with resolving every variable
 * within them, whose values are not all known when a job is read; so the parts that it keeps are
 * looked at, for which it has no public way.
 */
final class ListParts {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{(\\??)([^}]+)}");

  /** Lists that refer to each other would go round for ever. */
  private static final int DEEPEST = 50;

  private final ConfigObject root;

  private ListParts(ConfigObject root) {
    this.root = root;
  }

  /**
   * The elements in order, variables within them left as they are.
   *
   * @param path the key of the list
   * @param root the keys that it may refer to
   * @return empty where the value, or a part of it, is no list
   */
  static Optional<List<ConfigValue>> of(ConfigValue value, String path, ConfigObject root) {
    return new ListParts(root).elements(value, path, List.of(), 0);
  }

  /**
   * The same of one value.
   *
   * @param replaced what the key stood for before, the nearest first
   */
  private Optional<List<ConfigValue>> elements(
      ConfigValue value, String path, List<ConfigValue> replaced, int depth) {
    if (value instanceof ConfigList list) {
      return Optional.of(List.copyOf(list));
    }
    if (depth > DEEPEST || isKnown(value)) {
      return Optional.empty();
    }
    Matcher reference = REFERENCE.matcher(value.render());
    if (reference.matches()) {
      boolean isOptional = !reference.group(1).isEmpty();
      return referred(reference.group(2).strip(), isOptional, path, replaced, depth);
    }
    List<ConfigValue> pieces = inner(value, "pieces");
    if (pieces.isEmpty()) {
      List<ConfigValue> stack = unmerged(value);
      return stack.size() < 2
          ? Optional.empty()
          : elements(stack.get(0), path, stack.subList(1, stack.size()), depth + 1);
    }
    List<ConfigValue> all = new ArrayList<>();
    for (ConfigValue piece : pieces) {
      if (isBlank(piece)) {
        continue; // The blank between two references
      }
      Optional<List<ConfigValue>> part = elements(piece, path, replaced, depth + 1);
      if (part.isEmpty()) {
        return part;
      }
      all.addAll(part.get());
    }
    return Optional.of(all);
  }

  private Optional<List<ConfigValue>> referred(
      String name, boolean isOptional, String path, List<ConfigValue> replaced, int depth) {
    Optional<List<ConfigValue>> nothing = isOptional ? Optional.of(List.of()) : Optional.empty();
    if (name.equals(path)) {
      return replaced.isEmpty()
          ? nothing
          : elements(replaced.get(0), path, replaced.subList(1, replaced.size()), depth + 1);
    }
    ConfigValue other = at(name);
    return other == null ? nothing : elements(other, name, List.of(), depth + 1);
  }

  private ConfigValue at(String path) {
    ConfigValue value = root;
    try {
      for (String key : ConfigUtil.splitPath(path)) {
        value = value instanceof ConfigObject object ? object.get(key) : null;
      }
    } catch (ConfigException.BadPath e) {
      return null;
    }
    return value;
  }

  private static boolean isBlank(ConfigValue value) {
    return isKnown(value)
        && value.valueType() == ConfigValueType.STRING
        && RecordBinder.asWritten(value).isBlank();
  }

  /** Whether the library tells what a value is; it does not of what has variables at its top. */
  static boolean isKnown(ConfigValue value) {
    try {
      return value.valueType() != null;
    } catch (ConfigException.NotResolved e) {
      return false;
    }
  }

  private static List<ConfigValue> inner(ConfigValue value, String name) {
    try {
      Field field = value.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return values(field.get(value));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return List.of();
    }
  }

  private static List<ConfigValue> unmerged(ConfigValue value) {
    try {
      Method method = value.getClass().getDeclaredMethod("unmergedValues");
      method.setAccessible(true);
      return values(method.invoke(value));
    } catch (ReflectiveOperationException | RuntimeException e) {
      return List.of();
    }
  }

  private static List<ConfigValue> values(Object collection) {
    List<ConfigValue> values = new ArrayList<>();
    if (collection instanceof Collection<?> all) {
      all.forEach(each -> values.add((ConfigValue) each));
    }
    return values;
  }
}
