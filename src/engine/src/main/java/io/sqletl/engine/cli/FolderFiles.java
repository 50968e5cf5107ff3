package io.sqletl.engine.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.Includes;
import io.sqletl.engine.job.NearestName;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells files of a folder that are jobs, or nearly, from those of other programs. */
final class FolderFiles {

  private static final String STAGES = "stages";

  private static final Pattern NEAR_STAGES = Pattern.compile("\"?[sS]\\w{3,7}\"?\\s*\\+?[:=\\[]");

  private static final Pattern TYPE =
      Pattern.compile(
          "\\btype\"?\\s*[:=]\\s*\"?[A-Z][A-Za-z]+(?:Extract|Transform|Load|Execute|Validate)\\b");

  /** What the file of a run's results has at its top. */
  private static final Set<String> RESULTS = Set.of("format", "status", "durationMs", STAGES);

  private FolderFiles() {}

  /**
   * Whether a file that nobody named is to be read as a job. One that does not parse is, if it
   * speaks of stages as jobs do.
   */
  static boolean mayBeJob(String path, String text) {
    boolean typed = TYPE.matcher(text).find();
    if (!typed && !NEAR_STAGES.matcher(text).find()) {
      return false;
    }
    Config config;
    try {
      config =
          ConfigFactory.parseString(
              text.replaceFirst("^\uFEFF", "").replaceAll("(?m)^\\s*include\\b.*$", ""),
              Includes.refused());
    } catch (ConfigException | StackOverflowError e) {
      return typed;
    }
    ConfigObject root = config.root();
    if (root.keySet().containsAll(RESULTS)) {
      return false;
    }
    ConfigValue stages = root.get(STAGES);
    if (stages != null) {
      return hasObjects(stages) || typed && !path.endsWith(".json");
    }
    for (Map.Entry<String, ConfigValue> entry : root.entrySet()) {
      if (hasObjects(entry.getValue())
          && typed
          && NearestName.of(entry.getKey(), List.of(STAGES)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasObjects(ConfigValue value) {
    try {
      return value instanceof ConfigList list
              && (list.isEmpty() || list.stream().anyMatch(ConfigObject.class::isInstance))
          || value instanceof ConfigObject object && object.containsKey("type");
    } catch (ConfigException e) {
      return true; // A substitution stands there
    }
  }
}
