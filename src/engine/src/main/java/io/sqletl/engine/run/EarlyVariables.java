package io.sqletl.engine.run;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Tells of stages that have the value of a variable from before the run, where a ConfigExecute
 * ahead of them sets it: only lazy stages see what a stage sets.
 */
final class EarlyVariables {

  private EarlyVariables() {}

  /** The stages that run; those that set variables look at the ones behind them. */
  static List<PlannedStage> watch(List<PlannedStage> stages) {
    List<PlannedStage> watched = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      PlannedStage stage = stages.get(i);
      List<PlannedStage> later =
          stages.subList(i + 1, stages.size()).stream()
              // One that says strict means what it says
              .filter(other -> !other.block().object().containsKey("resolution"))
              .filter(other -> !variables(other).isEmpty())
              .toList();
      watched.add(
          stage.ownType().equals("ConfigExecute") && !later.isEmpty()
              ? stage.withStage(
                  context -> {
                    Config before = context.state().configuration();
                    Optional<Dataset<Row>> result = stage.stage().run(context);
                    later.forEach(other -> tell(stage, other, before, context));
                    return result;
                  })
              : stage);
    }
    return watched;
  }

  private static void tell(
      PlannedStage setter, PlannedStage other, Config before, StageContext context) {
    Set<String> used = variables(other);
    for (Map.Entry<String, ConfigValue> set : context.state().configuration().entrySet()) {
      String name = String.join(".", ConfigUtil.splitPath(set.getKey()));
      boolean isNew =
          !before.hasPath(set.getKey()) || !before.getValue(set.getKey()).equals(set.getValue());
      if (isNew && used.contains(name)) {
        context.warn(
            ErrorCode.NO_EFFECT,
            other.describe()
                + " has ${"
                + name
                + "} as it was before the run, not as "
                + setter.describe()
                + " sets it",
            "write \"resolution\": \"lazy\" in that stage, so that variables are put in when it"
                + " runs");
      }
    }
  }

  private static Set<String> variables(PlannedStage stage) {
    return Variables.namesIn(stage.block().object().render(ConfigRenderOptions.concise()));
  }
}
