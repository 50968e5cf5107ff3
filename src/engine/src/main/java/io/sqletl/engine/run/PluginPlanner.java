package io.sqletl.engine.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueType;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.KeySpec;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.RecordBinder;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.stage.Refusals;
import io.sqletl.engine.stage.configuration.DynamicConfigurationType;
import io.sqletl.engine.stage.lifecycle.LifecyclePlugin;
import io.sqletl.engine.stage.lifecycle.LifecycleType;
import io.sqletl.engine.stage.plugin.PluginHeader;
import io.sqletl.engine.stage.plugin.PluginPlanning;
import io.sqletl.engine.stage.plugin.PluginType;
import io.sqletl.engine.stage.plugin.PluginTypes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks the plugins of a job and makes them ready, without Spark. */
final class PluginPlanner {

  private final JobOptions options;
  private final Refusals refusals;
  private final Consumer<Problem> problems;
  private final List<String> configuration = new ArrayList<>();
  private final Map<String, String> set = new LinkedHashMap<>();
  private final List<PlannedPlugins.Lifecycle> lifecycle = new ArrayList<>();
  private final List<SkippedStage> skipped = new ArrayList<>();

  PluginPlanner(JobOptions options, Refusals refusals, Consumer<Problem> problems) {
    this.options = options;
    this.refusals = refusals;
    this.problems = problems;
  }

  PlannedPlugins plugins() {
    return new PlannedPlugins(configuration, set, lifecycle, skipped);
  }

  /** The variables with what dynamic configuration plugins say; the first plugin counts most. */
  Variables configure(List<Block> blocks, Variables variables) {
    if (blocks.isEmpty()) {
      return variables;
    }
    PluginTypes<DynamicConfigurationType<?>> types = load(DynamicConfigurationType.class);
    Config all = ConfigFactory.empty();
    for (Block block : blocks) {
      Optional<Config> one =
          plan(block, variables, types, "plugins.config")
              .flatMap(named -> configuration(named.type(), named));
      all = one.isPresent() ? all.withFallback(one.get()) : all;
    }
    all.entrySet()
        .forEach(
            entry ->
                set.put(
                    String.join(".", ConfigUtil.splitPath(entry.getKey())),
                    entry.getValue().valueType() == ConfigValueType.LIST
                        ? String.valueOf(entry.getValue().unwrapped())
                        : RecordBinder.asWritten(entry.getValue())));
    return variables.withDynamic(all);
  }

  private <C extends Record> Optional<Config> configuration(
      DynamicConfigurationType<C> type, Named<?> named) {
    return bind(type, named)
        .flatMap(
            keys -> {
              configuration.add(plugin(type));
              try {
                return Optional.of(type.configuration(keys, named.planning()));
              } catch (Exception e) {
                problems.accept(
                    Problem.of(
                        ErrorCode.PLUGIN_FAILED,
                        named.block().position(),
                        type.name() + " failed: " + reason(e)));
                return Optional.empty();
              }
            });
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Makes the lifecycle plugins of a job; they are called around the stages of all jobs. */
  void lifecycle(List<Block> blocks, Variables variables) {
    if (blocks.isEmpty()) {
      return;
    }
    PluginTypes<LifecycleType<?>> types = load(LifecycleType.class);
    for (Block block : blocks) {
      plan(block, variables, types, "plugins.lifecycle")
          .ifPresent(named -> lifecycle(named.type(), named));
    }
  }

  private <C extends Record> void lifecycle(LifecycleType<C> type, Named<?> named) {
    bind(type, named)
        .ifPresent(
            keys -> {
              LifecyclePlugin instance = type.plan(keys, named.planning());
              lifecycle.add(
                  new PlannedPlugins.Lifecycle(named.block(), type.name(), plugin(type), instance));
            });
  }

  /** A type and the block that names it, with the variables put in. */
  private record Named<T>(T type, Block block, Config values, PluginPlanning planning) {}

  private <T extends PluginType<?>> Optional<Named<T>> plan(
      Block block, Variables variables, PluginTypes<T> types, String list) {
    BlockKeys keys = new BlockKeys(block, variables);
    if (!keys.isActive(options)) {
      skipped.add(keys.skipped("plugin without a type"));
      return Optional.empty();
    }
    Optional<String> typeName = keys.text("type");
    Optional<T> type = typeName.flatMap(types::find);
    if (typeName.isPresent() && type.isEmpty()) {
      problems.accept(
          UnknownType.of(
              block,
              "plugin of " + list,
              typeName.get(),
              types.look(typeName.get()),
              types.names(),
              Optional.ofNullable(refusals.plugins().get(PluginTypes.simpleName(typeName.get())))));
    }
    Optional<Config> resolved = variables.resolve(block, problems);
    if (resolved.isEmpty() || typeName.isPresent() && type.isEmpty()) {
      return Optional.empty();
    }
    Optional<PluginHeader> header =
        new RecordBinder(block, resolved.get(), typeName.orElse("The plugin"), problems)
            .bind(PluginHeader.class);
    return header.flatMap(
        known ->
            type.map(
                found ->
                    new Named<>(
                        found,
                        block,
                        resolved.get(),
                        new PluginPlanning(known, block, variables.sources(), options, problems))));
  }

  private <C extends Record> Optional<C> bind(PluginType<C> type, Named<?> named) {
    RecordBinder binder = new RecordBinder(named.block(), named.values(), type.name(), problems);
    List<String> known = new ArrayList<>();
    KeySpec.of(type.configuration()).forEach(spec -> known.add(spec.name()));
    KeySpec.of(PluginHeader.class).forEach(spec -> known.add(spec.name()));
    binder.refuseUnknownKeys(known, Map.of());
    return binder.bind(type.configuration());
  }

  private static String plugin(PluginType<?> type) {
    return Plan.classAndVersion(type);
  }

  @SuppressWarnings("unchecked") // A service's class has no type arguments
  private static <T extends PluginType<?>> PluginTypes<T> load(Class<?> kind) {
    return PluginTypes.load((Class<T>) kind);
  }
}
