package io.sqletl.engine.cli;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.session.JobFileAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Options and variables as Arc takes them: {@code --key=value}, or an environment variable of a
 * corresponding name, which counts less.
 *
 * @param values every pair of the command line, by its name without the dashes
 * @param environment the process environment, with the secrets
 * @param secrets those of its variables that are secret whatever their names say
 */
record ArcArguments(
    Map<String, String> values, Map<String, String> environment, Map<String, String> secrets) {

  private static final String CONFIG = "etl.config.";

  /** The options with the names of their environment variables. */
  private static final Map<String, String> OPTIONS = options();

  private static final Set<String> FLAGS =
      Set.of(
          "etl.config.streaming",
          "etl.config.ignoreEnvironments",
          "etl.config.lintOnly",
          "etl.config.enableStackTrace",
          "etl.config.immutableViews",
          "etl.policy.inline.sql",
          "etl.policy.inline.schema",
          "etl.policy.ipynb",
          "etl.policy.drop.unsupported");

  private static final List<String> STORAGE_LEVELS =
      List.of(
          "DISK_ONLY",
          "DISK_ONLY_2",
          "DISK_ONLY_3",
          "MEMORY_AND_DISK",
          "MEMORY_AND_DISK_2",
          "MEMORY_AND_DISK_SER",
          "MEMORY_AND_DISK_SER_2",
          "MEMORY_ONLY",
          "MEMORY_ONLY_2",
          "MEMORY_ONLY_SER",
          "MEMORY_ONLY_SER_2");

  ArcArguments(Map<String, String> values, Map<String, String> environment) {
    this(values, environment, Map.of());
  }

  /**
   * These with the secrets of a file, which count as variables of the environment do, but before
   * those.
   *
   * @throws JobException if the command line gives a variable of the file
   */
  ArcArguments withSecrets(Map<String, String> more) {
    List<Problem> twice =
        more.keySet().stream()
            .filter(values::containsKey)
            .map(
                name ->
                    new Problem(
                        ErrorCode.USAGE,
                        null,
                        "The variable "
                            + name
                            + " is given by --secret-file and by --"
                            + name
                            + "=",
                        "leave one of them out"))
            .toList();
    if (!twice.isEmpty()) {
      throw new JobException(twice);
    }
    Map<String, String> all = new LinkedHashMap<>(environment);
    all.putAll(more);
    return new ArcArguments(values, all, more);
  }

  /** Everything that is given, under names that say what of it is secret. */
  List<Map<String, String>> named() {
    Map<String, String> secret = new LinkedHashMap<>();
    secrets.forEach((name, value) -> secret.put("SECRET_" + name, value));
    return List.of(values, environment, secret);
  }

  private static Map<String, String> options() {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("etl.config.uri", "ETL_CONF_URI");
    options.put("etl.config.environment", "ETL_CONF_ENV");
    options.put("etl.config.job.id", "ETL_CONF_JOB_ID");
    options.put("etl.config.job.name", "ETL_CONF_JOB_NAME");
    options.put("etl.config.tags", "ETL_CONF_TAGS");
    options.put("etl.config.streaming", "ETL_CONF_STREAMING");
    options.put("etl.config.ignoreEnvironments", "ETL_CONF_IGNORE_ENVIRONMENTS");
    options.put("etl.config.lintOnly", "ETL_CONF_LINT_ONLY");
    options.put("etl.config.enableStackTrace", "ETL_CONF_ENABLE_STACKTRACE");
    options.put("etl.config.immutableViews", "ETL_CONF_IMMUTABLE_VIEWS");
    options.put("etl.config.storageLevel", "ETL_CONF_STORAGE_LEVEL");
    options.put("etl.config.completion.environments", "ETL_CONF_COMPLETION_ENVIRONMENTS");
    options.put("etl.policy.inline.sql", "ETL_POLICY_INLINE_SQL");
    options.put("etl.policy.inline.schema", "ETL_POLICY_INLINE_SCHEMA");
    options.put("etl.policy.ipynb", "ETL_POLICY_IPYNB");
    options.put("etl.policy.drop.unsupported", "ETL_POLICY_DROP_UNSUPPORTED");
    for (String name : JobFileAccess.OPTIONS) {
      options.put(
          "etl.config." + name,
          "ETL_CONF_"
              + name.replaceFirst("^fs\\.", "")
                  .replaceFirst("^gs\\.project", "google.cloud.project")
                  .replace('.', '_')
                  .toUpperCase(Locale.ROOT));
    }
    return options;
  }

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
        storageLevel().orElse(JobOptions.DEFAULT_STORAGE_LEVEL),
        flag("etl.policy.inline.sql", true),
        flag("etl.policy.inline.schema", true),
        flag("etl.policy.ipynb", true),
        flag("etl.policy.drop.unsupported", true));
  }

  /** How the job's own file is fetched. */
  JobFileAccess jobFileAccess() {
    return new JobFileAccess(name -> option(CONFIG + name));
  }

  /**
   * Refuses options that there are not, and values that an option cannot have, wherever they stand.
   *
   * @throws JobException with all of them
   */
  void check() {
    List<Problem> problems = new ArrayList<>();
    values.keySet().stream()
        .filter(name -> name.startsWith(CONFIG) || name.startsWith("etl.policy."))
        .filter(name -> !OPTIONS.containsKey(name))
        .forEach(
            name ->
                problems.add(
                    Problem.of(ErrorCode.USAGE, "There is no option --" + name)
                        .withRemedy(
                            NearestName.question(name, OPTIONS.keySet())
                                .orElse("docs/options.md has the options"))));
    for (String name : FLAGS) {
      option(name)
          .filter(text -> !text.strip().matches("(?i)true|false"))
          .ifPresent(
              text ->
                  problems.add(
                      Problem.of(
                          ErrorCode.USAGE,
                          shown(name) + " must be true or false, not \"" + text + "\"")));
    }
    storageLevel()
        .filter(level -> !STORAGE_LEVELS.contains(level))
        .ifPresent(
            level ->
                problems.add(
                    Problem.of(
                            ErrorCode.USAGE,
                            shown("etl.config.storageLevel") + " cannot be \"" + level + "\"")
                        .withRemedy(
                            NearestName.question(level, STORAGE_LEVELS)
                                .orElse("one of " + String.join(", ", STORAGE_LEVELS)))));
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
  }

  /** The option as it was given: on the command line, or in the environment. */
  private String shown(String name) {
    return values.containsKey(name) ? "--" + name : OPTIONS.get(name);
  }

  private Optional<String> storageLevel() {
    return option("etl.config.storageLevel").map(text -> text.strip().toUpperCase(Locale.ROOT));
  }

  private Optional<String> option(String name) {
    return Optional.ofNullable(values.get(name))
        .or(() -> Optional.ofNullable(environment.get(OPTIONS.get(name))));
  }

  private boolean flag(String name, boolean otherwise) {
    return option(name)
        .map(text -> text.strip().toLowerCase(Locale.ROOT))
        .filter(text -> text.equals("true") || text.equals("false"))
        .map(Boolean::parseBoolean)
        .orElse(otherwise);
  }
}
