package io.sqletl.platform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import software.constructs.Node;

/** Reads values and gathers what is wrong with them. */
final class SettingsReader {

  /** The toolkit's own keys that look like ours; all others of its own carry a colon or slash. */
  private static final Set<String> TOOLKIT_KEYS =
      Set.of("acknowledged-issue-numbers", "cli-telemetry");

  private static final Pattern IMAGE =
      Pattern.compile(
          "([a-zA-Z0-9.-]+(:\\d+)?/)?[a-z0-9._/-]+(:\\w[\\w.-]{0,127}|@sha256:[0-9a-f]{64})");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

  private final Node node;
  private final Set<String> keys = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  SettingsReader(Node node) {
    this.node = node;
  }

  <T> T choice(String key, List<T> values, Function<T, String> name, T otherwise) {
    return choice(key, values, name, otherwise, values);
  }

  /**
   * One of several values.
   *
   * @param told those that a person is told of when the value is none of all
   */
  <T> T choice(String key, List<T> values, Function<T, String> name, T otherwise, List<T> told) {
    keys.add(key);
    Object given = node.tryGetContext(key);
    if (given == null) {
      return otherwise;
    }
    for (T value : values) {
      if (name.apply(value).equals(given.toString())) {
        return value;
      }
    }
    problems.add(
        "%s is \"%s\", and may be: %s."
            .formatted(key, given, told.stream().map(name).collect(Collectors.joining(", "))));
    return otherwise;
  }

  /** Several of a set of values, or "none". */
  <T> List<T> choices(String key, List<T> values, Function<T, String> name, List<T> otherwise) {
    Map<String, T> named = new LinkedHashMap<>();
    values.forEach(value -> named.put(name.apply(value), value));
    List<String> given =
        list(
            key,
            text -> named.containsKey(text) || text.equals("none"),
            "one or more, separated by commas, of "
                + String.join(", ", named.keySet())
                + ", or none",
            otherwise.stream().map(name).toList());
    return given.stream().filter(named::containsKey).distinct().map(named::get).toList();
  }

  List<String> list(
      String key, Predicate<String> allowed, String description, List<String> otherwise) {
    keys.add(key);
    Object given = node.tryGetContext(key);
    if (given == null) {
      return otherwise;
    }
    List<String> values =
        Arrays.stream(given.toString().split(",", -1)).map(String::strip).toList();
    for (String value : values) {
      if (!allowed.test(value)) {
        problems.add("%s has \"%s\"; it takes %s.".formatted(key, value, description));
      }
    }
    return values;
  }

  /**
   * A whole number.
   *
   * @param least smallest that is allowed
   * @param most largest that is allowed
   */
  int number(String key, int least, int most, int otherwise) {
    keys.add(key);
    Object given = node.tryGetContext(key);
    if (given == null) {
      return otherwise;
    }
    String text = given.toString();
    if (NUMBER.matcher(text).matches()
        && Integer.parseInt(text) >= least
        && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    problems.add("%s is \"%s\", and may be %d to %d.".formatted(key, text, least, most));
    return otherwise;
  }

  /** Adds what is wrong with several values together, as a sentence. */
  void problem(String sentence) {
    problems.add(sentence);
  }

  Optional<String> image(String key) {
    return one(
        key,
        IMAGE,
        "an image with a tag or digest, such as"
            + " 111122223333.dkr.ecr.us-east-1.amazonaws.com/arc:latest");
  }

  Optional<String> one(String key, Pattern allowed, String description) {
    List<String> given = list(key, allowed.asMatchPredicate(), description, List.of());
    if (given.size() > 1) {
      problems.add(key + " is one value, and may hold no comma.");
    }
    return given.stream().findFirst();
  }

  /** Every key has been read by now, so what is left is none. */
  void finish() {
    if (node.getAllContext() instanceof Map<?, ?> context) {
      for (Object key : context.keySet()) {
        String name = String.valueOf(key);
        if (!keys.contains(name)
            && !TOOLKIT_KEYS.contains(name)
            && name.chars().noneMatch(c -> c == ':' || c == '/')) {
          problems.add(
              "There is no setting \"%s\". There are: %s."
                  .formatted(name, String.join(", ", keys)));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
  }
}
