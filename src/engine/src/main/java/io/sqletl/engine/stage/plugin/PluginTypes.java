package io.sqletl.engine.stage.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The types of one kind on the class path.
 *
 * @param <T> the kind
 */
public final class PluginTypes<T extends PluginType<?>> {

  /** Arc's classes, whose simple names are those of the types here. */
  private static final Pattern ARC = Pattern.compile("ai\\.tripl\\.arc\\.(?:\\w+\\.)*(\\w+)");

  private final Map<String, List<T>> byName = new TreeMap<>();

  private PluginTypes() {}

  /**
   * Finds them.
   *
   * @throws PluginException if a jar names a class that cannot be loaded
   */
  public static <T extends PluginType<?>> PluginTypes<T> load(Class<T> kind) {
    PluginTypes<T> types = new PluginTypes<>();
    try {
      for (T type : ServiceLoader.load(kind)) {
        types.byName.computeIfAbsent(type.name(), name -> new ArrayList<>()).add(type);
      }
    } catch (ServiceConfigurationError e) {
      throw new PluginException(
          "A jar on the class path names a "
              + kind.getSimpleName()
              + " that cannot be loaded: "
              + e.getMessage(),
          e);
    }
    return types;
  }

  /** What became of a name. */
  public sealed interface Found<T> {
    /** The one type that it names. */
    record One<T>(T type) implements Found<T> {}

    /** Nobody has that name. */
    record None<T>() implements Found<T> {}

    /** The name is known, in other versions than the one asked for. */
    record OtherVersion<T>(List<String> versions) implements Found<T> {}

    /** Several jars have the name; their classes. */
    record Several<T>(List<String> classes) implements Found<T> {}
  }

  /**
   * Looks a type up by what a job file says: its name, its full class name, or Arc's full class
   * name of the same type, each with or without {@code :version}.
   */
  public Found<T> look(String text) {
    String[] parts = text.split(":", 2);
    List<T> named = named(parts[0]);
    if (named.isEmpty()) {
      return new Found.None<>();
    }
    List<T> fitting =
        named.stream()
            .filter(
                type ->
                    parts.length < 2 || type.version().isEmpty() || type.version().equals(parts[1]))
            .toList();
    return switch (fitting.size()) {
      case 0 -> new Found.OtherVersion<>(named.stream().map(PluginType::version).toList());
      case 1 -> new Found.One<>(fitting.get(0));
      default ->
          new Found.Several<>(fitting.stream().map(type -> type.getClass().getName()).toList());
    };
  }

  private List<T> named(String name) {
    List<T> simple = byName.get(name);
    if (simple != null) {
      return simple;
    }
    List<T> byClass =
        byName.values().stream()
            .flatMap(List::stream)
            .filter(
                type ->
                    type.getClass().getName().equals(name)
                        || type.configuration().getName().equals(name))
            .toList();
    if (!byClass.isEmpty()) {
      return byClass;
    }
    return byName.getOrDefault(simpleName(name), List.of());
  }

  /** The simple name of what a job file says, where that is a class of Arc's or has a version. */
  public static String simpleName(String text) {
    String name = text.split(":", 2)[0];
    Matcher arc = ARC.matcher(name);
    return arc.matches() ? arc.group(1) : name;
  }

  /** The type of a name, if there is exactly one. */
  public Optional<T> find(String text) {
    return look(text) instanceof Found.One<T> one ? Optional.of(one.type()) : Optional.empty();
  }

  /** All of them, by name. */
  public List<T> all() {
    return byName.values().stream().flatMap(List::stream).collect(Collectors.toList());
  }

  /** Their names, sorted. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
