package io.sqletl.engine.stage.configuration;

import com.typesafe.config.Config;
import io.sqletl.engine.stage.plugin.PluginPlanning;
import io.sqletl.engine.stage.plugin.PluginType;

/**
 * A type of dynamic configuration plugin: it computes variables of a job as the job is read, for a
 * run and for a check alike. Implementations are named in {@code
 * META-INF/services/io.sqletl.engine.stage.configuration.DynamicConfigurationType}.
 *
 * @param <C> the record of the plugin's own keys
 */
public interface DynamicConfigurationType<C extends Record> extends PluginType<C> {

  /**
   * The variables. Those of the command line count before them, those of a plugin that the job
   * names later after them. What is wrong is reported to the planning; what is then returned is not
   * used.
   *
   * @throws Exception any failure of what the plugin uses; its message is reported
   */
  Config configuration(C keys, PluginPlanning planning) throws Exception;
}
