package io.sqletl.engine.run.failure;

import io.sqletl.engine.stage.FaultText;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes texts of Spark's readable for a person: all of a message, without what is Spark's own. */
final class SparkText {

  private static final Pattern CONDITION = Pattern.compile("^\\s*\\[[A-Z][A-Z0-9_.]+]\\s*");
  private static final Pattern SQL_STATE = Pattern.compile("\\.?\\s*SQLSTATE: \\w{5}\\b");
  private static final Pattern CLASS_NAME =
      Pattern.compile("(?<![\\w.])(?:[a-z][\\w]*\\.)+[A-Z][\\w$]*(?:Exception|Error): ");

  /** The statement with a caret, and the plan of a query that cannot be analysed. */
  private static final Pattern APPENDIX =
      Pattern.compile(
          "\\s*\\R== (?:SQL|DataFrame) .*|;? line \\d+ pos \\d+.*|;\\R.*", Pattern.DOTALL);

  private static final Pattern BYPASS =
      Pattern.compile("\\s*If necessary set \\S+ to \"false\" to bypass this error[^.]*\\.");

  /** What Spark calls a function that was registered by code. */
  private static final Pattern REGISTERED = Pattern.compile("^(\\S+) \\(.*\\)$");

  private static final Pattern CLASS_OF_TYPE = Pattern.compile("\\b([A-Z]\\w*?)Type\\b(\\$)?");

  private static final Map<String, String> TYPES =
      Map.of(
          "Integer", "INT",
          "Long", "BIGINT",
          "Short", "SMALLINT",
          "Byte", "TINYINT",
          "TimestampNTZ", "TIMESTAMP_NTZ",
          "Null", "VOID");

  private static final Pattern ARRAY =
      Pattern.compile("ARRAY\\(([^()]*(?:\\([^()]*\\))?[^()]*),(?:true|false)\\)");

  private SparkText() {}

  /** A message, whole and on one line unless the user wrote it. */
  static String of(Throwable error) {
    String message = error.getMessage();
    if (message == null || message.isBlank()) {
      return FaultText.of(error);
    }
    return clean(message);
  }

  static String clean(String message) {
    String text = CONDITION.matcher(message).replaceFirst("");
    text = APPENDIX.matcher(text).replaceFirst("");
    text = SQL_STATE.matcher(text).replaceAll("");
    text = BYPASS.matcher(text).replaceAll("");
    text = CLASS_NAME.matcher(text).replaceAll("");
    return withoutFullStop(text.replaceAll("\\s+", " ").strip());
  }

  /** What Spark puts into a message: without backticks, and without quotes around SQL. */
  static String parameter(String name, String value) {
    if (name.equals("errorMessage")) {
      return value; // The user's own words
    }
    if (name.equals("values")) {
      return value.replaceAll("(?m)^\\s*- ", "").replaceAll("\\s*\\R\\s*", ", ").strip();
    }
    String text = value.replace("`", "").strip();
    if (name.equals("functionName")) {
      Matcher registered = REGISTERED.matcher(text);
      return registered.matches() ? registered.group(1) : text;
    }
    text = CLASS_NAME.matcher(text).replaceAll("");
    return withoutFullStop(text.contains("\"") ? text.replaceAll("\"([^\"]*)\"", "$1") : text);
  }

  /** A type as SQL writes it, of the name of its class. */
  static String type(String className) {
    Matcher matcher = CLASS_OF_TYPE.matcher(className);
    StringBuilder sql = new StringBuilder();
    while (matcher.find()) {
      String word = matcher.group(1);
      matcher.appendReplacement(
          sql, TYPES.getOrDefault(word, word.toUpperCase(java.util.Locale.ROOT)));
    }
    matcher.appendTail(sql);
    String text = sql.toString();
    Matcher array = ARRAY.matcher(text);
    while (array.find()) {
      text = array.replaceFirst("ARRAY<$1>");
      array = ARRAY.matcher(text);
    }
    return text;
  }

  private static String withoutFullStop(String text) {
    String shorter = text;
    while (shorter.endsWith(".") && !shorter.endsWith("...")) {
      shorter = shorter.substring(0, shorter.length() - 1).stripTrailing();
    }
    return shorter;
  }
}
