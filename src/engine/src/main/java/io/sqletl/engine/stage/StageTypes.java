package io.sqletl.engine.stage;

import io.sqletl.engine.stage.plugin.PluginTypes;
import java.util.List;
import java.util.Optional;

/** The stage types on the class path. */
public final class StageTypes {

  private final PluginTypes<StageType<?>> types;

  private StageTypes(PluginTypes<StageType<?>> types) {
    this.types = types;
  }

  /** Finds them. */
  @SuppressWarnings("unchecked") // A service's class has no type arguments
  public static StageTypes load() {
    return new StageTypes(PluginTypes.load((Class<StageType<?>>) (Class<?>) StageType.class));
  }

  /**
   * A type by what a job file says: its name, its full class name, or Arc's full class name of the
   * same stage, each with or without {@code :version}; nothing unless exactly one type has it.
   */
  public Optional<StageType<?>> find(String name) {
    return types.find(name);
  }

  /** What became of a name, where {@link #find} has no answer. */
  public PluginTypes.Found<StageType<?>> look(String name) {
    return types.look(name);
  }

  /** The simple name of a type that a job file names in any of the ways of {@link #find}. */
  static String simpleName(String name) {
    return PluginTypes.simpleName(name);
  }

  public List<StageType<?>> all() {
    return types.all();
  }

  public List<String> names() {
    return types.names();
  }
}
