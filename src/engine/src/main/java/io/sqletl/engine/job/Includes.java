package io.sqletl.engine.job;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The includes of a job file: {@code include "NAME"} takes a file that lies beside the one that
 * says so, or below it, and has to be there. Every other form is refused by name.
 */
public final class Includes {

  /** Reads a file that lies beside a job or below it. */
  @FunctionalInterface
  public interface Files {

    /**
     * Reads a UTF-8 text.
     *
     * @param job what the user called the job
     * @param name the file's path relative to the job's folder, without {@code ..}
     * @throws IOException with a message that says what is wrong with the file
     */
    String read(String job, String name) throws IOException;
  }

  private static final Pattern STATEMENT =
      Pattern.compile("include\\s*(?:required\\(\\s*\"([^\"]*)\"\\s*\\)|\"([^\"]*)\")\\s*");
  private static final Pattern ORIGIN = Pattern.compile("(?:: \\d+(?:-\\d+)?)?$");
  private static final List<String> ENDINGS = List.of("", ".conf", ".json");
  private static final int DEEPEST = 20;

  /**
   * What is lost as a whole where a second one replaces it; other keys are there to be replaced.
   */
  private static final List<String> LISTS =
      List.of("stages", "plugins.config", "plugins.lifecycle");

  private final String job;
  private final Files files;
  private final Consumer<Problem> problems;
  private final Consumer<Problem> warnings;
  private final Map<String, SourceText> sources = new HashMap<>();

  Includes(String job, Files files, Consumer<Problem> problems, Consumer<Problem> warnings) {
    this.job = job;
    this.files = files;
    this.problems = problems;
    this.warnings = warnings;
  }

  /**
   * Options for a text in which nothing may be included; an include is a {@link ConfigException}.
   */
  public static ConfigParseOptions refused() {
    return ConfigParseOptions.defaults()
        .setSyntax(ConfigSyntax.CONF)
        .setIncluder(new Includer(Map.of()));
  }

  /** Options for a job's own text, with what it includes; nothing when a problem was reported. */
  Optional<ConfigParseOptions> options(SourceText source) {
    return options(source, "", 0);
  }

  private Optional<ConfigParseOptions> options(SourceText source, String folder, int depth) {
    HoconOutline outline = HoconOutline.ofFile(source);
    outline.cuts().forEach(problems);
    outline.replaced().forEach(warnings);
    boolean right = outline.cuts().isEmpty();
    Map<String, ConfigObject> included = new HashMap<>();
    Map<Position, ConfigObject> atPlaces = new HashMap<>();
    for (Position place : outline.includes()) {
      Optional<String> name = name(place);
      Optional<ConfigObject> object = name.flatMap(text -> include(place, folder, text, depth));
      object.ifPresent(found -> included.put(name.get(), found));
      object.ifPresent(found -> atPlaces.put(place, found));
      right &= object.isPresent();
    }
    LISTS.forEach(list -> warnOfReplaced(list, outline.statements(), atPlaces));
    return right
        ? Optional.of(
            ConfigParseOptions.defaults()
                .setSyntax(ConfigSyntax.CONF)
                .setIncluder(new Includer(included)))
        : Optional.empty();
  }

  /** Stages that another file has are lost where this one has its own, and the other way round. */
  private void warnOfReplaced(
      String list, List<HoconOutline.Statement> statements, Map<Position, ConfigObject> included) {
    Position before = null;
    boolean isOwn = true;
    for (HoconOutline.Statement statement : statements) {
      ConfigValue value = null;
      if (statement.key().isEmpty() && included.containsKey(statement.place())) {
        value = find(included.get(statement.place()), list);
      }
      boolean isHere = statement.key().filter(list::equals).isPresent();
      if (!isHere && value == null) {
        continue;
      }
      Position there = isHere ? statement.place() : placeOf(value, statement.place(), list);
      // Two of one file are told as such; what is no plain list adds to what was there
      if (before != null && !(isHere && isOwn) && (isHere || value instanceof ConfigList)) {
        warnings.accept(
            Problem.of(
                    ErrorCode.DUPLICATE_KEY,
                    statement.place(),
                    "The key \""
                        + list
                        + "\" stands in "
                        + before
                        + " and "
                        + (isHere ? "here" : "in " + there)
                        + ", and only the last counts")
                .withRemedy(
                    "to have both, write "
                        + list
                        + " += { … } for each that is added, or "
                        + list
                        + " = ${"
                        + list
                        + "} [ … ], in the last; else remove one of them"));
      }
      before = there;
      isOwn = isHere;
    }
  }

  private static ConfigValue find(ConfigObject object, String path) {
    ConfigValue value = object;
    for (String key : path.split("\\.")) {
      value = value instanceof ConfigObject inner ? inner.get(key) : null;
    }
    return value;
  }

  private Position placeOf(ConfigValue value, Position include, String list) {
    SourceText source = sourceOf(value, include.source());
    String key = list.substring(list.lastIndexOf('.') + 1);
    return source.find(Math.max(1, value.origin().lineNumber()), key);
  }

  private Optional<String> name(Position place) {
    String statement = place.source().line(place.line()).substring(place.column() - 1).strip();
    Matcher matcher = STATEMENT.matcher(statement);
    if (!matcher.lookingAt()) {
      refuse(place, "An include names a file in quotes, and nothing else is followed");
      return Optional.empty();
    }
    String name = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    boolean leaves =
        name.isBlank()
            || name.startsWith("/")
            || name.startsWith("~")
            || name.indexOf('\\') >= 0
            || name.indexOf(':') >= 0
            || List.of(name.split("/")).contains("..");
    if (leaves) {
      refuse(place, "\"" + name + "\" does not lie beside the job or below it");
      return Optional.empty();
    }
    return Optional.of(name);
  }

  private void refuse(Position place, String message) {
    problems.accept(
        Problem.of(ErrorCode.INCLUDE, place, message)
            .withRemedy(
                "write include \"NAME\" with a file in the folder of the job or below it; no"
                    + " addresses, absolute paths, \"..\", file(…), url(…) or classpath(…)"));
  }

  private Optional<ConfigObject> include(Position place, String folder, String name, int depth) {
    if (depth >= DEEPEST) {
      problems.accept(
          Problem.of(ErrorCode.INCLUDE, place, "\"" + name + "\" includes itself")
              .withRemedy("remove one of the includes"));
      return Optional.empty();
    }
    IOException missing = null;
    for (String ending : ENDINGS) {
      String path = folder + name + ending;
      try {
        String text = files.read(job, path);
        String called = beside(path);
        SourceText source = SourceText.ofFile(called, text);
        sources.put(called, source);
        String inner = path.substring(0, path.lastIndexOf('/') + 1);
        return options(source, inner, depth + 1)
            .flatMap(options -> parse(source, options.setOriginDescription(called)));
      } catch (IOException e) {
        missing = missing == null ? e : missing;
        if (name.matches(".*\\.\\w+")) {
          break;
        }
      }
    }
    problems.accept(
        Problem.of(ErrorCode.INCLUDE, place, missing.getMessage())
            .withRemedy("correct the name or put the file there; an include is never optional"));
    return Optional.empty();
  }

  private Optional<ConfigObject> parse(SourceText source, ConfigParseOptions options) {
    return HoconText.guarded(
            source, problems, () -> ConfigFactory.parseString(source.text(), options))
        .map(config -> config.root());
  }

  private String beside(String path) {
    return job.substring(0, job.lastIndexOf('/') + 1) + path;
  }

  /** The file that a value was written in: one that is included, or the one given. */
  SourceText sourceOf(ConfigValue value, SourceText main) {
    String description = ORIGIN.matcher(value.origin().description()).replaceFirst("");
    return sources.getOrDefault(description, main);
  }

  /** The texts that were included, so far. */
  Iterable<SourceText> texts() {
    return sources.values();
  }

  /** Gives what was read before, and refuses all else. */
  private record Includer(Map<String, ConfigObject> included)
      implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {

    @Override
    public ConfigIncluder withFallback(ConfigIncluder fallback) {
      return this;
    }

    @Override
    public ConfigObject include(ConfigIncludeContext context, String what) {
      ConfigObject object = included.get(what);
      if (object == null) {
        throw refusal(what);
      }
      return object;
    }

    @Override
    public ConfigObject includeFile(ConfigIncludeContext context, File what) {
      throw refusal("file(" + what + ")");
    }

    @Override
    public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
      throw refusal("url(" + what + ")");
    }

    @Override
    public ConfigObject includeResources(ConfigIncludeContext context, String what) {
      throw refusal("classpath(" + what + ")");
    }

    private static ConfigException refusal(String what) {
      return new ConfigException.Generic("include " + what + " is not followed here");
    }
  }
}
