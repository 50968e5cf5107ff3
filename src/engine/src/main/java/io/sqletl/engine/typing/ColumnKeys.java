package io.sqletl.engine.typing;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The keys of one column object, read with their types. What is missing or wrong is reported and
 * read as null, so that one pass finds everything.
 */
final class ColumnKeys {

  private static final String UNNAMED = "unnamed meta";

  /** How a key that is missing would look. */
  private static final Map<String, String> EXAMPLES =
      Map.ofEntries(
          Map.entry("name", "\"email\""),
          Map.entry("type", "\"string\""),
          Map.entry("nullable", "true"),
          Map.entry("formatters", "[\"uuuu-MM-dd\"]"),
          Map.entry("timezoneId", "\"UTC\""),
          Map.entry("precision", "9"),
          Map.entry("scale", "2"),
          Map.entry("trueValues", "[\"true\"]"),
          Map.entry("falseValues", "[\"false\"]"),
          Map.entry("encoding", "\"base64\""),
          Map.entry("fields", "[ {…} ]"),
          Map.entry("elementType", "{…}"));

  private final ConfigObject object;
  private final ColumnReader.Sink sink;
  private final String label;
  private final Set<String> known = new TreeSet<>();

  ColumnKeys(ConfigObject object, String parent, ColumnReader.Sink sink) {
    this.object = object;
    this.sink = sink;
    this.label = parent + (has("name") ? String.valueOf(object.get("name").unwrapped()) : UNNAMED);
  }

  /** The column's name with those of the columns around it, for messages. */
  String label() {
    return label;
  }

  boolean has(String key) {
    known.add(key);
    return object.toConfig().hasPath(path(key));
  }

  ConfigValue value(String key) {
    return has(key) ? object.get(key) : missing(key);
  }

  String text(String key) {
    return has(key) ? textOr(key, null) : missing(key);
  }

  String textOr(String key, String fallback) {
    return get(key, fallback, "string", path -> object.toConfig().getString(path));
  }

  Boolean flag(String key) {
    return has(key) ? flagOr(key, false) : missing(key);
  }

  boolean flagOr(String key, boolean fallback) {
    return get(key, fallback, "boolean", path -> object.toConfig().getBoolean(path));
  }

  Integer integer(String key) {
    return has(key) ? integerOr(key, null) : missing(key);
  }

  Integer integerOr(String key, Integer fallback) {
    return get(key, fallback, "integer", path -> object.toConfig().getInt(path));
  }

  List<String> texts(String key) {
    return has(key) ? textsOr(key, null) : missing(key);
  }

  List<String> textsOr(String key, List<String> fallback) {
    return get(
        key,
        fallback,
        "list of strings",
        path -> List.copyOf(object.toConfig().getStringList(path)));
  }

  /** Reports a value that has the right type and cannot be meant. */
  void invalid(String key, String message, String remedy) {
    report(ErrorCode.INVALID_SCHEMA, position(key), message, remedy, sink::problem);
  }

  void warn(String key, String message, String remedy) {
    report(ErrorCode.INVALID_VALUE, position(key), message, remedy, sink::warning);
  }

  /** Offers every key that nobody asked for as a warning; Arc takes them in silence. */
  void warnOfUnknown() {
    object.keySet().stream()
        .filter(key -> !known.contains(key))
        .sorted()
        .forEach(
            key ->
                report(
                    ErrorCode.UNKNOWN_KEY,
                    position(key),
                    "a " + type() + " column has no key \"" + key + "\", it is ignored",
                    NearestName.question(key, known).orElse(null),
                    sink::warning));
  }

  private String type() {
    return has("type") ? String.valueOf(object.get("type").unwrapped()) : "schema";
  }

  private <T> T missing(String key) {
    report(
        ErrorCode.INVALID_SCHEMA,
        sink.source().at(line(object.origin(), 1)),
        "Missing required attribute '" + key + "'",
        example(key).map(example -> "add " + key + ": " + example).orElse(null),
        sink::problem);
    return null;
  }

  private Optional<String> example(String key) {
    if (key.equals("formatters") && object.get("type") != null) {
      return Optional.of(
          switch (String.valueOf(object.get("type").unwrapped())) {
            case "timestamp" -> "[\"uuuu-MM-dd HH:mm:ss\"]";
            case "time" -> "[\"HH:mm:ss\"]";
            default -> EXAMPLES.get(key);
          });
    }
    return Optional.ofNullable(EXAMPLES.get(key));
  }

  private <T> T get(String key, T fallback, String type, Function<String, T> getter) {
    if (!has(key)) {
      return fallback;
    }
    try {
      return getter.apply(path(key));
    } catch (ConfigException.WrongType e) {
      invalid(key, "'" + key + "': Wrong type, expected: " + type, null);
      return fallback;
    }
  }

  private void report(
      ErrorCode code,
      Position position,
      String message,
      String remedy,
      Consumer<Problem> consumer) {
    consumer.accept(new Problem(code, position, "column '" + label + "': " + message, remedy));
  }

  /** The value if it stands on its line as it is, else the key, else the line. */
  private Position position(String key) {
    ConfigValue value = object.get(key);
    int objectLine = line(object.origin(), 1);
    int line = sameText(value.origin()) ? line(value.origin(), objectLine) : objectLine;
    for (String word : List.of(String.valueOf(value.unwrapped()), key)) {
      Position found = sink.source().find(line, word);
      if (found.line() == line && found.column() > 0) {
        return found;
      }
    }
    return sink.source().at(line);
  }

  /** Whether a value was written in the column's own text, not put in from a variable. */
  private boolean sameText(ConfigOrigin origin) {
    return textName(origin).equals(textName(object.origin()));
  }

  private static String textName(ConfigOrigin origin) {
    return origin.description().replaceFirst(": \\d+(-\\d+)?$", "");
  }

  private static int line(ConfigOrigin origin, int fallback) {
    return origin.lineNumber() > 0 ? origin.lineNumber() : fallback;
  }

  private static String path(String key) {
    return ConfigUtil.joinPath(key);
  }
}
