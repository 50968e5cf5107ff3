package io.sqletl.engine.cli;

import io.sqletl.engine.job.JobOptions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Options and variables as Arc takes them: {@code --key=value}, or an environment variable of a
 * corresponding name, which counts less.
 *
 * @param values every pair of the command line, by its name without the dashes
 * @param environment the process environment
 */
record ArcArguments(Map<String, String> values, Map<String, String> environment) {

  private static final String CONFIG = "etl.config.";
  private static final String POLICY = "etl.policy.";

  /** Options whose environment variable is not their own name in capitals. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("etl.config.environment", "ETL_CONF_ENV"),
          Map.entry("etl.config.ignoreEnvironments", "ETL_CONF_IGNORE_ENVIRONMENTS"),
          Map.entry("etl.config.lintOnly", "ETL_CONF_LINT_ONLY"),
          Map.entry("etl.config.enableStackTrace", "ETL_CONF_ENABLE_STACKTRACE"),
          Map.entry("etl.config.immutableViews", "ETL_CONF_IMMUTABLE_VIEWS"),
          Map.entry("etl.config.storageLevel", "ETL_CONF_STORAGE_LEVEL"));

  /** Whether a token of the command line is a pair of Arc's and none of the command's own. */
  static boolean isPair(String token) {
    if (!token.startsWith("--") || token.indexOf('=') < 3) {
      return false;
    }
    String name = token.substring(2, token.indexOf('='));
    return name.startsWith("etl.")
        || name.matches("[A-Za-z0-9.]*[A-Z_.][A-Za-z0-9_.]*") && !name.contains("-");
  }

  static ArcArguments parse(Iterable<String> pairs, Map<String, String> environment) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      values.put(pair.substring(2, equals), pair.substring(equals + 1));
    }
    return new ArcArguments(values, environment);
  }

  Optional<String> jobUri() {
    return option("etl.config.uri");
  }

  Optional<String> environmentName() {
    return option("etl.config.environment");
  }

  boolean lintOnly() {
    return flag("etl.config.lintOnly", false);
  }

  boolean stackTrace() {
    return flag("etl.config.enableStackTrace", false);
  }

  /** The fields that every line of the log carries: the job's id and name, and the user's tags. */
  Map<String, String> logFields() {
    Map<String, String> fields = new LinkedHashMap<>();
    option("etl.config.job.id").ifPresent(id -> fields.put("jobId", id));
    option("etl.config.job.name").ifPresent(name -> fields.put("jobName", name));
    environmentName().ifPresent(name -> fields.put("environment", name));
    fields.put("streaming", String.valueOf(flag("etl.config.streaming", false)));
    fields.put("ignoreEnvironments", String.valueOf(flag("etl.config.ignoreEnvironments", false)));
    fields.put("enableStackTrace", String.valueOf(stackTrace()));
    for (String tag : option("etl.config.tags").orElse("").strip().split("[\\s,]+")) {
      int equals = tag.indexOf('=');
      if (equals > 0) {
        fields.put(tag.substring(0, equals), tag.substring(equals + 1));
      }
    }
    return fields;
  }

  Optional<String> jobId() {
    return option("etl.config.job.id");
  }

  JobOptions jobOptions(String environmentName, boolean allEnvironments) {
    return new JobOptions(
        environmentName,
        allEnvironments || flag("etl.config.ignoreEnvironments", false),
        flag("etl.config.streaming", false),
        flag("etl.config.immutableViews", false),
        option("etl.config.storageLevel").orElse(JobOptions.DEFAULT_STORAGE_LEVEL),
        flag(POLICY + "inline.sql", true),
        flag(POLICY + "inline.schema", true),
        flag(POLICY + "ipynb", true),
        flag(POLICY + "drop.unsupported", true));
  }

  private Optional<String> option(String name) {
    return Optional.ofNullable(values.get(name))
        .or(() -> Optional.ofNullable(environment.get(environmentName(name))));
  }

  private boolean flag(String name, boolean otherwise) {
    return option(name)
        .map(text -> text.strip().toLowerCase(Locale.ROOT))
        .filter(text -> text.equals("true") || text.equals("false"))
        .map(Boolean::parseBoolean)
        .orElse(otherwise);
  }

  private static String environmentName(String name) {
    String known = NAMES.get(name);
    if (known != null) {
      return known;
    }
    String stem =
        name.startsWith(CONFIG)
            ? "ETL_CONF_" + name.substring(CONFIG.length())
            : "ETL_POLICY_" + name.substring(POLICY.length());
    return stem.replace('.', '_').toUpperCase(Locale.ROOT);
  }
}
