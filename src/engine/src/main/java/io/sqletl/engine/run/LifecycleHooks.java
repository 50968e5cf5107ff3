package io.sqletl.engine.run;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.lifecycle.LifecyclePlugin;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Calls the lifecycle plugins of a run, in their order. */
final class LifecycleHooks {

  private final List<PlannedPlugins.Lifecycle> plugins;

  LifecycleHooks(List<PlannedPlugins.Lifecycle> plugins) {
    this.plugins = plugins;
  }

  /** Why the job ends before a stage; the plugins after the one that says so are not asked. */
  Optional<LifecyclePlugin.Stop> stop(StageContext stage) {
    for (PlannedPlugins.Lifecycle plugin : plugins) {
      Optional<LifecyclePlugin.Stop> stop = plugin.instance().stop(stage);
      if (stop.isPresent()) {
        return stop;
      }
    }
    return Optional.empty();
  }

  void before(StageContext stage) throws Exception {
    for (PlannedPlugins.Lifecycle plugin : plugins) {
      plugin.instance().before(stage);
    }
  }

  /** Each plugin is given what the one before it returned. */
  void after(StageContext stage, Optional<Dataset<Row>> result) throws Exception {
    Optional<Dataset<Row>> current = result;
    for (PlannedPlugins.Lifecycle plugin : plugins) {
      current = plugin.instance().after(stage, current);
    }
  }
}
