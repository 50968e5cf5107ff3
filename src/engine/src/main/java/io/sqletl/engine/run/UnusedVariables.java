package io.sqletl.engine.run;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.Variables;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Variables of the command line that no job uses, and whose names are near to one that is used and
 * was not given. A workflow passes one set to many jobs, so that the others are no slips.
 */
final class UnusedVariables {

  /** What names of variables begin with, so that it makes none of them alike. */
  private static final String PREFIX = "ETL_CONF_";

  private UnusedVariables() {}

  /**
   * @param given the names on the command line
   * @param jobs the job, and those that it runs
   */
  static void warn(Set<String> given, List<JobSource> jobs, Consumer<Problem> warnings) {
    Set<String> known = new TreeSet<>();
    for (JobSource job : jobs) {
      job.keys().root().forEach((key, value) -> addKey(key, value, known));
      job.keys().root().values().forEach(value -> addUsed(value, known));
      known.addAll(job.defaults().keySet());
      for (List<Block> blocks :
          List.of(job.blocks(), job.configurationPlugins(), job.lifecyclePlugins())) {
        blocks.forEach(block -> addUsed(block.object(), known));
      }
    }
    Set<String> missing = new TreeSet<>(known);
    missing.removeAll(given);
    for (String name : given) {
      boolean mayBeUsed =
          known.contains(name)
              || name.contains(".")
              || name.equals(JobFiles.BUCKET_VARIABLE)
              || jobs.stream().anyMatch(job -> job.text().contains(name));
      if (!mayBeUsed) {
        nearest(name, missing)
            .ifPresent(
                nearest ->
                    warnings.accept(
                        Problem.of(
                                ErrorCode.UNUSED_VARIABLE,
                                jobs.get(0).uri() + ": Nothing uses the variable --" + name)
                            .withRemedy("did you mean \"" + nearest + "\"?")));
      }
    }
  }

  private static void addKey(String key, ConfigValue value, Set<String> known) {
    boolean isVariable = !(value instanceof ConfigObject || value instanceof ConfigList);
    if (isVariable && !key.equals("stages")) {
      known.add(key);
    }
  }

  private static void addUsed(ConfigValue value, Set<String> known) {
    if (value instanceof ConfigObject object) {
      object.values().forEach(inner -> addUsed(inner, known));
    } else if (value instanceof ConfigList list) {
      list.forEach(inner -> addUsed(inner, known));
    } else if (!isKnown(value)) {
      known.addAll(Variables.namesIn(value.render()));
    }
  }

  private static boolean isKnown(ConfigValue value) {
    try {
      return value.valueType() != null;
    } catch (ConfigException.NotResolved e) {
      return false; // It has a variable in it
    }
  }

  private static Optional<String> nearest(String name, Set<String> missing) {
    if (!name.startsWith(PREFIX)) {
      return NearestName.of(name, missing);
    }
    List<String> alike =
        missing.stream()
            .filter(other -> other.startsWith(PREFIX))
            .map(other -> other.substring(PREFIX.length()))
            .toList();
    return NearestName.of(name.substring(PREFIX.length()), alike).map(PREFIX::concat);
  }
}
