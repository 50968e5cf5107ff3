package io.sqletl.engine.stage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The stage types on the class path. */
public final class StageTypes {

  private final Map<String, StageType<?>> byName = new TreeMap<>();

  private StageTypes() {}

  /** Finds them; of two with one name the first on the class path counts. */
  public static StageTypes load() {
    StageTypes types = new StageTypes();
    for (StageType<?> type : ServiceLoader.load(StageType.class)) {
      types.byName.putIfAbsent(type.name(), type);
    }
    return types;
  }

  /**
   * A type by what a job file says: its name, or Arc's full class name of the same stage, each with
   * or without {@code :version}.
   */
  public Optional<StageType<?>> find(String name) {
    return Optional.ofNullable(byName.get(simpleName(name)));
  }

  /** The simple name of a type that a job file names in any of the ways of {@link #find}. */
  static String simpleName(String name) {
    String withoutVersion = name.split(":", 2)[0];
    boolean arcClass =
        withoutVersion.matches(
            "ai\\.tripl\\.arc\\.(execute|extract|load|transform|validate)\\.\\w+");
    return arcClass
        ? withoutVersion.substring(withoutVersion.lastIndexOf('.') + 1)
        : withoutVersion;
  }

  public List<StageType<?>> all() {
    return new ArrayList<>(byName.values());
  }

  public List<String> names() {
    return List.copyOf(byName.keySet());
  }
}
