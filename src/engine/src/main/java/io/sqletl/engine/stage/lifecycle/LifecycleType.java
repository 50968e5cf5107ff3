package io.sqletl.engine.stage.lifecycle;

import io.sqletl.engine.stage.plugin.PluginPlanning;
import io.sqletl.engine.stage.plugin.PluginType;

/**
 * A type of lifecycle plugin, named in {@code
 * META-INF/services/io.sqletl.engine.stage.lifecycle.LifecycleType}.
 *
 * @param <C> the record of the plugin's own keys
 */
public interface LifecycleType<C extends Record> extends PluginType<C> {

  /**
   * Makes a plugin for one run, without Spark. What is wrong with the keys is reported to the
   * planning; the plugin that is then returned is not used.
   */
  LifecyclePlugin plan(C keys, PluginPlanning planning);
}
