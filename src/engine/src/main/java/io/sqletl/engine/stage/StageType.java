package io.sqletl.engine.stage;

import io.sqletl.engine.stage.plugin.PluginType;

/**
 * A type of stage. Implementations are named in {@code
 * META-INF/services/io.sqletl.engine.stage.StageType}, so that a jar on the class path adds a type.
 *
 * @param <C> the record of the stage's own keys, each declared with {@link
 *     io.sqletl.engine.job.Key}; it must be public
 */
public interface StageType<C extends Record> extends PluginType<C> {

  /**
   * Checks a stage as far as that goes without Spark and without data, reading the files that it
   * refers to, and makes it ready to run. Everything that is wrong is reported to the planning; the
   * stage that is then returned is not used.
   */
  Stage plan(C keys, StagePlanning planning);
}
