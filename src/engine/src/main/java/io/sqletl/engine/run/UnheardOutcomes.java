package io.sqletl.engine.run;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.lifecycle.ControlFlow;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds a ControlFlowExecute whose outcome nobody asks for: the stages after it would run, whatever
 * its query says.
 */
final class UnheardOutcomes {

  private static final String KEY = "key";
  private static final String LISTENER = "ControlFlow";

  /** Those that are known not to look at an outcome; one of a jar may. */
  private static final Set<String> DEAF = Set.of("DataLineage", "ChaosMonkey");

  private UnheardOutcomes() {}

  static void check(
      List<PlannedStage> stages,
      List<PlannedPlugins.Lifecycle> plugins,
      Consumer<Problem> problems) {
    for (PlannedStage stage : stages) {
      if (stage.ownType().equals("ControlFlowExecute")) {
        Optional<String> key = key(stage.block().object().get(KEY));
        if (plugins.stream().noneMatch(plugin -> hears(plugin, key))) {
          problems.accept(problem(stage, key));
        }
      }
    }
  }

  private static boolean hears(PlannedPlugins.Lifecycle plugin, Optional<String> key) {
    Optional<String> other = key(plugin.block().object().get(KEY));
    return plugin.type().equals(LISTENER)
        ? key.isEmpty() || other.isEmpty() || key.equals(other)
        : !DEAF.contains(plugin.type());
  }

  /** What is written; nothing where a variable stands there. */
  private static Optional<String> key(ConfigValue value) {
    try {
      return Optional.of(
          value == null ? ControlFlow.DEFAULT_KEY : String.valueOf(value.unwrapped()));
    } catch (ConfigException.NotResolved e) {
      return Optional.empty();
    }
  }

  private static Problem problem(PlannedStage stage, Optional<String> key) {
    String named =
        key.filter(name -> !name.equals(ControlFlow.DEFAULT_KEY))
            .map(name -> ", \"key\": \"" + name + "\"")
            .orElse("");
    String environments =
        "\"environments\": [\"" + String.join("\", \"", stage.header().environments()) + "\"]";
    return Problem.of(
            ErrorCode.MISSING_KEY,
            stage.position(),
            stage.describe()
                + " asks whether the job goes on, and the job has no plugin ControlFlow"
                + (named.isEmpty() ? "" : " of the same \"key\"")
                + " in this environment that acts on the answer: all stages after it would run,"
                + " whatever it is")
        .withRemedy(
            "add \"plugins\": {\"lifecycle\": [{\"type\": \"ControlFlow\", "
                + environments
                + named
                + "}]} "
                + (stage.block().source().cell() > 0
                    ? "in a cell that begins with %lifecycleplugin: the part in the inner brackets"
                    : "beside \"stages\"")
                + ", or take the stage out");
  }
}
