package io.sqletl.engine.run.failure;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkThrowable;

/** The engine's own words for conditions of Spark and Delta. */
final class ErrorTexts {

  private static final Config TEXTS =
      ConfigFactory.parseResources(ErrorTexts.class, "/io/sqletl/engine/run/errors.conf");

  private static final Pattern PARAMETER = Pattern.compile("<(\\w+)>");

  private ErrorTexts() {}

  /** Whether there are words for a condition. */
  static boolean has(SparkThrowable error) {
    return find(error.getCondition()).isPresent();
  }

  /**
   * The words for a condition.
   *
   * @param error whose message stands for {@code <text>}
   */
  static Optional<Diagnosis> of(SparkThrowable error) {
    return find(error.getCondition())
        .map(
            texts ->
                new Diagnosis(
                    fill(texts.getString("cause"), error),
                    lookalike(error)
                        .orElse(
                            texts.hasPath("remedy")
                                ? fill(texts.getString("remedy"), error)
                                : null),
                    texts.hasPath("sql")
                        ? Optional.of(
                            Pattern.compile(
                                fill(texts.getString("sql"), error), Pattern.CASE_INSENSITIVE))
                        : Optional.empty()));
  }

  private static Optional<String> lookalike(SparkThrowable error) {
    Map<String, String> parameters = error.getMessageParameters();
    return LookalikeNames.remedy(
        parameters.getOrDefault("objectName", ""), parameters.getOrDefault("proposal", ""));
  }

  private static Optional<Config> find(String condition) {
    if (condition == null) {
      return Optional.empty();
    }
    int dot = condition.indexOf('.');
    String family = dot < 0 ? condition : condition.substring(0, dot);
    return at(condition).or(() -> at(family));
  }

  private static Optional<Config> at(String name) {
    String path = ConfigUtil.quoteString(name);
    return TEXTS.hasPath(path) ? Optional.of(TEXTS.getConfig(path)) : Optional.empty();
  }

  private static String fill(String template, SparkThrowable error) {
    Map<String, String> parameters = error.getMessageParameters();
    Matcher matcher = PARAMETER.matcher(template);
    StringBuilder filled = new StringBuilder();
    while (matcher.find()) {
      String name = matcher.group(1);
      String value =
          name.equals("text")
              ? SparkText.of((Throwable) error)
              : SparkText.parameter(name, parameters.getOrDefault(name, ""));
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    matcher.appendTail(filled);
    return filled.toString().strip();
  }
}
