package io.sqletl.engine.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a job's substitutions stand for. Highest first: what stages set as the job runs, the command
 * line, dynamic configuration plugins, the job file's own keys, Java system properties, the process
 * environment, the notebook's {@code %env} cells, the run's own defaults.
 */
public final class Variables {

  private static final Pattern SUBSTITUTION = Pattern.compile("\"?(\\$\\{\\??[^}]+})\"?");
  private static final Pattern NAME = Pattern.compile("\\$\\{\\??([^}]+)}");
  private static final Pattern UNRESOLVED =
      Pattern.compile("Could not resolve substitution to a value: \\$\\{\\??([^}]+)}");
  private static final ConfigResolveOptions WITHOUT_ENVIRONMENT =
      ConfigResolveOptions.defaults().setUseSystemEnvironment(false);

  /** Where values come from, highest first; what is missing is empty. */
  private record Layers(
      Config overrides,
      Config commandLine,
      Config dynamic,
      Config files,
      Config machine,
      Config cells,
      Config defaults) {

    Config merged() {
      return overrides
          .withFallback(commandLine)
          .withFallback(dynamic)
          .withFallback(files)
          .withFallback(machine)
          .withFallback(cells)
          .withFallback(defaults);
    }
  }

  private final Layers layers;
  private final Config sources;

  private Variables(Layers layers) {
    this.layers = layers;
    this.sources = layers.merged();
  }

  /**
   * @param commandLine {@code NAME} to the text that was typed; a substitution inside it still
   *     resolves
   * @param environment the process environment
   * @param defaults what the run itself takes for variables that nobody sets
   */
  public static Variables of(
      Map<String, String> commandLine,
      JobSource job,
      Map<String, String> environment,
      Map<String, String> defaults) {
    return new Variables(
        new Layers(
            ConfigFactory.empty(),
            commandLine(commandLine),
            ConfigFactory.empty(),
            job.keys(),
            ConfigFactory.systemProperties().withFallback(flat(environment)),
            flat(job.defaults()),
            flat(defaults)));
  }

  /** These with what dynamic configuration plugins say, which only the command line beats. */
  public Variables withDynamic(Config configuration) {
    return new Variables(
        new Layers(
            layers.overrides,
            layers.commandLine,
            configuration.withFallback(layers.dynamic),
            layers.files,
            layers.machine,
            layers.cells,
            layers.defaults));
  }

  /**
   * What the substitutions of a job that this job runs stand for: its own keys count before this
   * job's, its own {@code %env} cells after this job's.
   */
  public Variables ofPipeline(JobSource pipeline) {
    return new Variables(
        new Layers(
            layers.overrides,
            layers.commandLine,
            layers.dynamic,
            pipeline.keys().withFallback(layers.files),
            layers.machine,
            layers.cells.withFallback(flat(pipeline.defaults())),
            layers.defaults));
  }

  /** The sources, for documents that substitute by the same rules. */
  public Config sources() {
    return sources;
  }

  /** The names that the command line gives. */
  public Set<String> given() {
    return layers.commandLine.root().keySet();
  }

  /** The text that a variable stands for; nothing if it is not set, or is no text. */
  public Optional<String> text(String name) {
    String path = ConfigUtil.quoteString(name);
    try {
      Config resolved = sources.withOnlyPath(path).resolveWith(sources, WITHOUT_ENVIRONMENT);
      return resolved.hasPath(path) ? Optional.of(resolved.getString(path)) : Optional.empty();
    } catch (ConfigException e) {
      return Optional.empty();
    }
  }

  /** These with an object's keys over them. */
  public Variables withOverride(Config overrides) {
    return new Variables(
        new Layers(
            overrides.withFallback(layers.overrides),
            layers.commandLine,
            layers.dynamic,
            layers.files,
            layers.machine,
            layers.cells,
            layers.defaults));
  }

  /**
   * Puts the variables into a block. Every substitution that nothing defines is reported, each
   * once.
   */
  public Optional<Config> resolve(Block block, Consumer<Problem> problems) {
    Set<String> missing = new java.util.LinkedHashSet<>();
    Config known = sources;
    while (true) {
      try {
        Config resolved = block.object().toConfig().resolveWith(known, WITHOUT_ENVIRONMENT);
        return missing.isEmpty() ? Optional.of(resolved) : Optional.empty();
      } catch (ConfigException.UnresolvedSubstitution e) {
        String name = nameIn(e).orElse(null);
        if (name == null || !missing.add(name)) {
          problems.accept(unresolved(block, name == null ? e.getMessage() : name));
          return Optional.empty();
        }
        problems.accept(unresolved(block, name));
        known = withPlaceholder(known, name);
      } catch (ConfigException e) {
        // Where something stands in for what nothing defines, it may not fit, and that is said
        if (missing.isEmpty()) {
          problems.accept(Problem.of(ErrorCode.CONFIG_SYNTAX, block.position(), e.getMessage()));
        }
        return Optional.empty();
      }
    }
  }

  private Problem unresolved(Block block, String name) {
    return Problem.of(
            ErrorCode.UNRESOLVED_VARIABLE,
            block.source().find(block.line(), name),
            "Nothing defines ${" + name + "}")
        .withRemedy(
            "pass --"
                + name
                + "=VALUE or set it in the environment"
                + NearestName.of(name, sources.root().keySet())
                    .map(nearest -> ", or did you mean \"" + nearest + "\"?")
                    .orElse(""));
  }

  private static Optional<String> nameIn(ConfigException e) {
    Matcher matcher = UNRESOLVED.matcher(String.valueOf(e.getMessage()));
    return matcher.find()
        ? Optional.of(matcher.group(1).strip()).filter(Variables::isPath)
        : Optional.empty();
  }

  /** Whether a text is a name, or several with dots between; one in quotes may be cut short. */
  public static boolean isPath(String text) {
    try {
      ConfigUtil.splitPath(text);
      return true;
    } catch (ConfigException.BadPath e) {
      return false;
    }
  }

  private static Config withPlaceholder(Config known, String name) {
    return known.withValue(name, ConfigValueFactory.fromAnyRef(""));
  }

  private static Config commandLine(Map<String, String> arguments) {
    Map<String, ConfigValue> values = new LinkedHashMap<>();
    arguments.forEach((name, text) -> values.put(name, typed(text)));
    ConfigObject object = ConfigFactory.empty().root();
    for (Map.Entry<String, ConfigValue> value : values.entrySet()) {
      object = object.withValue(value.getKey(), value.getValue());
    }
    return object.toConfig();
  }

  /** The text as typed, quotes and backslashes included, but for its substitutions. */
  static ConfigValue typed(String text) {
    Matcher matcher = SUBSTITUTION.matcher(text);
    StringBuilder hocon = new StringBuilder();
    int from = 0;
    while (matcher.find()) {
      appendQuoted(hocon, text.substring(from, matcher.start()));
      hocon.append(matcher.group(1));
      from = matcher.end();
    }
    if (from == 0) {
      return ConfigValueFactory.fromAnyRef(text);
    }
    appendQuoted(hocon, text.substring(from));
    return ConfigFactory.parseString("v = " + hocon, Includes.refused()).root().get("v");
  }

  private static void appendQuoted(StringBuilder hocon, String literal) {
    if (!literal.isEmpty()) {
      hocon.append(ConfigUtil.quoteString(literal));
    }
  }

  private static Config flat(Map<String, String> values) {
    return ConfigFactory.parseMap(
        values.entrySet().stream()
            .collect(
                java.util.stream.Collectors.toMap(
                    entry -> ConfigUtil.quoteString(entry.getKey()), Map.Entry::getValue)));
  }

  /**
   * The names of the variables that stand in a value.
   *
   * @param rendered the value as HOCON writes it
   */
  public static Set<String> namesIn(String rendered) {
    Set<String> names = new TreeSet<>();
    Matcher used = NAME.matcher(rendered);
    while (used.find()) {
      names.add(used.group(1).strip().replace("\"", ""));
    }
    return names;
  }
}
