package io.sqletl.engine.stage.lifecycle;

import io.sqletl.engine.job.Key;

/** The keys of the plugin ControlFlow. */
public record ControlFlow(
    @Key(
            value = "The key under which a ControlFlowExecute leaves its outcome.",
            defaultValue = DEFAULT_KEY)
        String key) {

  /** The key of a job that names none. */
  public static final String DEFAULT_KEY = "controlFlowPluginOutcome";
}
