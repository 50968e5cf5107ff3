package io.sqletl.engine.stage.plugin;

/**
 * A type of something that a job file names with {@code type} and gives keys: a stage, a lifecycle
 * plugin, a dynamic configuration plugin. Implementations are found with {@link
 * java.util.ServiceLoader}, so that a jar on the class path adds a type.
 *
 * @param <C> the record of the type's own keys, each declared with {@link
 *     io.sqletl.engine.job.Key}; it must be public
 */
public interface PluginType<C extends Record> {

  /** The record of the keys; its simple name is the type that a job file names. */
  Class<C> configuration();

  /** The type as a job file names it. */
  default String name() {
    return configuration().getSimpleName();
  }

  /**
   * The version that a job file may ask for with {@code name:version}: what the jar's manifest
   * says, or empty text for a type that serves every version, as those of the engine do.
   */
  default String version() {
    String version = getClass().getPackage().getImplementationVersion();
    boolean ownJar = version != null && !getClass().getName().startsWith("io.sqletl.engine.");
    return ownJar ? version : "";
  }

  /** One sentence for the reference: what it does. */
  String description();
}
