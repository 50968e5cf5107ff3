package io.sqletl.engine.stage.lifecycle;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.plugin.PluginPlanning;
import java.util.Optional;

/** Ends a job, well, when a ControlFlowExecute said that there is nothing to do. */
public final class ControlFlowLifecycle implements LifecycleType<ControlFlow> {

  @Override
  public Class<ControlFlow> configuration() {
    return ControlFlow.class;
  }

  @Override
  public String description() {
    return "Ends the job, well, before the next stage after a ControlFlowExecute with a false"
        + " outcome.";
  }

  @Override
  public LifecyclePlugin plan(ControlFlow keys, PluginPlanning planning) {
    return new LifecyclePlugin() {
      @Override
      public Optional<Stop> stop(StageContext stage) {
        return stage
            .state()
            .outcome(keys.key())
            .filter(outcome -> !outcome.proceeds())
            .map(
                outcome ->
                    new Stop(
                        "skipping stage due to control flow key: '" + keys.key() + "' = false.",
                        outcome.message()));
      }
    };
  }
}
