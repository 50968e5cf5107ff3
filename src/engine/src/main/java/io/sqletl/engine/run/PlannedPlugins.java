package io.sqletl.engine.run;

import io.sqletl.engine.job.Block;
import io.sqletl.engine.stage.lifecycle.LifecyclePlugin;
import java.util.List;
import java.util.Map;

/**
 * The plugins of a job, and of the jobs that it runs.
 *
 * @param configuration the dynamic configuration plugins that set variables, by class and version
 * @param variables what those set, flat
 * @param lifecycle the plugins that are called around every stage, in order
 * @param skipped the plugins of other environments
 */
public record PlannedPlugins(
    List<String> configuration,
    Map<String, String> variables,
    List<Lifecycle> lifecycle,
    List<SkippedStage> skipped) {

  /** A job without plugins. */
  public static final PlannedPlugins NONE =
      new PlannedPlugins(List.of(), Map.of(), List.of(), List.of());

  public PlannedPlugins {
    configuration = List.copyOf(configuration);
    variables = Map.copyOf(variables);
    lifecycle = List.copyOf(lifecycle);
    skipped = List.copyOf(skipped);
  }

  /**
   * A lifecycle plugin that was made for this run.
   *
   * @param block where it stands
   * @param type its type's name
   * @param plugin its class and version, as Arc's log names it
   * @param instance what is called
   */
  public record Lifecycle(Block block, String type, String plugin, LifecyclePlugin instance) {}
}
