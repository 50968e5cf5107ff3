package io.sqletl.engine.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Makes configuration records of a stage's keys. Everything that is wrong is reported, not only the
 * first; values are coerced as HOCON coerces them ({@code "2"} is a number, {@code yes} is true).
 */
public final class RecordBinder {

  /** More than a 64-bit number has, and few enough to count. */
  private static final int MOST_DIGITS = 100;

  /** Numbers of parts, of which there is one at least, in whatever stage they stand. */
  private static final Set<String> COUNTS =
      Set.of("batchsize", "numPartitions", "singleFileNumPartitions");

  private final Block block;
  private final Config values;
  private final String owner;
  private final Consumer<Problem> problems;
  private Map<String, Refusal> refused = Map.of();

  /**
   * @param block where the keys stand
   * @param values the same keys with their variables put in
   * @param owner what the keys belong to, for messages: a stage type
   */
  public RecordBinder(Block block, Config values, String owner, Consumer<Problem> problems) {
    this.block = block;
    this.values = values;
    this.owner = owner;
    this.problems = problems;
  }

  /** The record, or nothing when a problem was reported. */
  public <C extends Record> Optional<C> bind(Class<C> type) {
    return bind(type, values, "");
  }

  /**
   * Reports every key that is none of those known.
   *
   * @param refused keys that have an answer of their own, by name; within an object {@code a.b}
   */
  public void refuseUnknownKeys(List<String> known, Map<String, Refusal> refused) {
    this.refused = refused;
    refuseUnknownKeys(values.root(), known, "");
  }

  private void refuseUnknownKeys(ConfigObject object, List<String> known, String path) {
    for (String key : object.keySet()) {
      Refusal refusal = refused.get(path + key);
      if (refusal != null) {
        problems.accept(
            refusal.problem(
                at(path, key), owner + " does not take the key \"" + path + key + "\""));
      } else if (!known.contains(key)) {
        Problem problem =
            Problem.of(
                ErrorCode.UNKNOWN_KEY, at(path, key), owner + " has no key \"" + path + key + "\"");
        problems.accept(
            problem.withRemedy(
                NearestName.question(key, known)
                    .orElseGet(
                        () ->
                            path.isEmpty()
                                ? "`etl stages " + owner + "` lists its keys"
                                : "the keys there are " + String.join(", ", known))));
      }
    }
  }

  private <C extends Record> Optional<C> bind(Class<C> type, Config config, String path) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    boolean complete = true;
    for (int i = 0; i < components.length; i++) {
      Optional<?> value = read(components[i], config, path);
      complete &= value.isPresent();
      arguments[i] = value.orElse(null);
    }
    return complete ? Optional.of(instantiate(type, components, arguments)) : Optional.empty();
  }

  private static <C extends Record> C instantiate(
      Class<C> type, RecordComponent[] components, Object[] arguments) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type + " cannot be made of " + Arrays.toString(arguments), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " must be a public record", e);
    }
  }

  /** The value of a component, itself an {@link Optional} where declared so; nothing if wrong. */
  private Optional<?> read(RecordComponent component, Config config, String path) {
    Key declaration = component.getAnnotation(Key.class);
    if (declaration == null) {
      return bind(component.getType().asSubclass(Record.class), config, path);
    }
    KeySpec spec = new KeySpec(component.getName(), component, declaration);
    String quoted = ConfigUtil.quoteString(spec.name());
    if (config.hasPath(quoted)) {
      if (COUNTS.contains(spec.name()) && isBelowOne(config.getValue(quoted))) {
        problems.accept(
            Problem.of(
                    ErrorCode.INVALID_VALUE,
                    path.isEmpty() ? block.valuePosition(spec.name()) : at(path, spec.name()),
                    "\"" + path + spec.name() + "\" is " + asWritten(config.getValue(quoted)))
                .withRemedy("it counts from 1"));
        return Optional.empty();
      }
      return convert(spec, config.getValue(quoted), path)
          .map(value -> spec.isOptional() ? Optional.of(value) : value);
    }
    if (declaration.required()) {
      problems.accept(
          Problem.of(
              ErrorCode.MISSING_KEY,
              path.isEmpty() ? block.position() : block.position(rootOf(path)),
              owner + " needs the key \"" + path + spec.name() + "\""));
      return Optional.empty();
    }
    if (spec.isOptional()) {
      return Optional.of(Optional.empty());
    }
    return convert(spec, defaultOf(spec), path);
  }

  private static ConfigValue defaultOf(KeySpec spec) {
    Class<?> type = spec.valueType();
    String text = spec.declaration().defaultValue();
    if (type == List.class) {
      return ConfigValueFactory.fromIterable(
          text.isEmpty() ? List.of() : Arrays.asList(text.split(",")));
    }
    return type == Map.class
        ? ConfigValueFactory.fromMap(Map.of())
        : ConfigValueFactory.fromAnyRef(text);
  }

  private Optional<?> convert(KeySpec spec, ConfigValue value, String path) {
    Class<?> type = spec.valueType();
    if (type.isEnum()) {
      return choice(spec, value, path);
    }
    if (type.isRecord()) {
      return nested(spec, type.asSubclass(Record.class), value, path);
    }
    Config one = value.atKey("v");
    try {
      return Optional.of(
          switch (type.getSimpleName()) {
            case "String" -> one.getString("v");
            case "int", "Integer" -> whole(value).intValueExact();
            case "long", "Long" -> whole(value).longValueExact();
            case "double", "Double" -> finite(one.getDouble("v"));
            case "boolean", "Boolean" -> one.getBoolean("v");
            case "List" ->
                spec.elementType() == Integer.class
                    ? one.getList("v").stream().map(v -> whole(v).intValueExact()).toList()
                    : one.getStringList("v");
            case "Map" -> flatten(one.getObject("v"));
            case "ConfigList" -> one.getList("v");
            case "ConfigObject" -> one.getObject("v");
            case "ConfigValue" -> textOrTexts(one, spec);
            default -> throw new IllegalStateException("No key can be a " + type);
          });
    } catch (ConfigException.WrongType e) {
      return wrongType(spec, value, path);
    } catch (ConfigException.BadValue | ArithmeticException | NumberFormatException e) {
      return wrongType(spec, value, path);
    }
  }

  /**
   * A whole number, however it is written: {@code 1e2} is 100, and {@code 1.9} is none.
   *
   * @throws ArithmeticException if it has a fraction
   * @throws NumberFormatException if it is no number
   */
  private static BigInteger whole(ConfigValue value) {
    String text = asWritten(value).strip();
    BigDecimal number = new BigDecimal(text);
    if (Math.abs((long) number.scale()) > MOST_DIGITS || number.precision() > MOST_DIGITS) {
      throw new ArithmeticException("beyond every key's range");
    }
    return number.toBigIntegerExact();
  }

  private static boolean isBelowOne(ConfigValue value) {
    try {
      return whole(value).signum() < 1;
    } catch (ConfigException | ArithmeticException | NumberFormatException e) {
      return false; // It is no whole number, which is said elsewhere
    }
  }

  private static double finite(double number) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw new ArithmeticException("no finite number");
    }
    return number;
  }

  /**
   * The text of a value as it stands in the job: {@code 007} and {@code 1.10} keep their noughts.
   *
   * @throws ConfigException.WrongType for lists and objects
   */
  public static String asWritten(ConfigValue value) {
    return value.atKey("v").getString("v");
  }

  /** One text, or a list of texts; as a list either way. */
  private static ConfigValue textOrTexts(Config one, KeySpec spec) {
    boolean isList = one.getValue("v").valueType() == ConfigValueType.LIST;
    return ConfigValueFactory.fromIterable(
        isList ? one.getStringList("v") : List.of(one.getString("v")), spec.name());
  }

  private Optional<?> wrongType(KeySpec spec, ConfigValue value, String path) {
    problems.accept(
        Problem.of(
            ErrorCode.WRONG_TYPE,
            at(path, spec.name()),
            "\""
                + path
                + spec.name()
                + "\" of "
                + owner
                + " must be "
                + article(spec.typeName())
                + ", not "
                + shown(spec, value)));
    return Optional.empty();
  }

  private static String article(String noun) {
    return ("aeiou".indexOf(noun.charAt(0)) >= 0 ? "an " : "a ") + noun;
  }

  private static String shown(KeySpec spec, ConfigValue value) {
    if (spec.declaration().role() == Key.Role.SECRET) {
      return "what it is";
    }
    return value.valueType() == ConfigValueType.OBJECT ? "an object" : value.render();
  }

  private Optional<?> choice(KeySpec spec, ConfigValue value, String path) {
    String text =
        switch (value.valueType()) {
          case NUMBER, BOOLEAN, STRING -> asWritten(value);
          default -> String.valueOf(value.unwrapped());
        };
    for (Object constant : spec.valueType().getEnumConstants()) {
      if (KeyText.of((Enum<?>) constant).equals(text)) {
        return Optional.of(constant);
      }
    }
    List<String> choices = spec.choices();
    String remedy =
        NearestName.question(text, choices)
            .orElse("one of " + String.join(", ", choices) + " is expected");
    problems.accept(
        Problem.of(
                ErrorCode.INVALID_VALUE,
                path.isEmpty() ? block.valuePosition(spec.name()) : at(path, spec.name()),
                "\"" + path + spec.name() + "\" of " + owner + " cannot be \"" + text + "\"")
            .withRemedy(remedy));
    return Optional.empty();
  }

  private Optional<?> nested(
      KeySpec spec, Class<? extends Record> type, ConfigValue value, String path) {
    if (!(value instanceof ConfigObject object)) {
      return wrongType(spec, value, path);
    }
    String inner = path + spec.name() + ".";
    refuseUnknownKeys(object, KeySpec.of(type).stream().map(KeySpec::name).toList(), inner);
    return bind(type, object.toConfig(), inner);
  }

  /** Nested objects become dotted keys, as they do where Arc reads an object of strings. */
  private static Map<String, String> flatten(ConfigObject object) {
    Map<String, String> texts = new LinkedHashMap<>();
    List<String> keys = new ArrayList<>(object.keySet());
    keys.sort(java.util.Comparator.comparingInt(key -> object.get(key).origin().lineNumber()));
    for (String key : keys) {
      ConfigValue value = object.get(key);
      if (value instanceof ConfigObject inner) {
        flatten(inner).forEach((name, text) -> texts.put(key + "." + name, text));
      } else if (value instanceof ConfigList) {
        throw new ConfigException.WrongType(
            value.origin(), key, ConfigValueType.STRING.name(), ConfigValueType.LIST.name());
      } else if (value.valueType() != ConfigValueType.NULL) {
        texts.put(key, asWritten(value));
      }
    }
    return texts;
  }

  private Position at(String path, String key) {
    return path.isEmpty()
        ? block.position(key)
        : block.source().find(block.position(rootOf(path)).line(), key);
  }

  private static String rootOf(String path) {
    return path.substring(0, path.indexOf('.'));
  }
}
