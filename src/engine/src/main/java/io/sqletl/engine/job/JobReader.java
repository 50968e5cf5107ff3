package io.sqletl.engine.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a job file: a notebook ({@code .ipynb}), or HOCON, of which JSON is a part, whatever its
 * name. All that does not parse is reported together.
 */
public final class JobReader {

  /** Arguments that say how a notebook shows a result; a run shows none. */
  private static final Set<String> DISPLAY =
      Set.of(
          "numRows",
          "truncate",
          "monospace",
          "leftAlign",
          "datasetLabels",
          "streamingDuration",
          "showLog");

  private static final Set<String> VIEW = Set.of("outputView", "persist");

  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final List<Block> configurationPlugins = new ArrayList<>();
  private final List<Block> lifecyclePlugins = new ArrayList<>();
  private final Map<String, String> defaults = new LinkedHashMap<>();
  private final Map<String, String> settings = new LinkedHashMap<>();

  /** What the file includes, which is as much its text as its own. */
  private final StringBuilder included = new StringBuilder();

  private Optional<String> placeholder = Optional.empty();

  private JobReader() {}

  /**
   * Reads the text of a job file.
   *
   * @param file what the user called it
   * @throws JobException with everything that is wrong
   */
  public static JobSource read(String file, String text) {
    return read(
        file,
        text,
        (job, name) -> {
          throw new IOException("Nothing can be included here, so that " + name + " is not read");
        });
  }

  /**
   * Reads the text of a job file.
   *
   * @param file what the user called it
   * @param files reads what the job includes
   * @throws JobException with everything that is wrong
   */
  public static JobSource read(String file, String text, Includes.Files files) {
    JobReader reader = new JobReader();
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Config keys =
        file.endsWith(".ipynb") ? reader.notebook(file, plain) : reader.file(file, plain, files);
    return reader.source(file, plain + reader.included, keys);
  }

  /**
   * Reads one cell of a notebook that is run cell by cell.
   *
   * @param placeholder the view of a cell that makes one and does not name it
   * @throws JobException with everything that is wrong
   */
  public static JobSource readCell(Cell cell, String placeholder) {
    JobReader reader = new JobReader();
    reader.placeholder = Optional.of(placeholder);
    reader.cell(cell);
    return reader.source(cell.source().file(), cell.source().text(), ConfigFactory.empty());
  }

  private JobSource source(String file, String text, Config keys) {
    if (!problems.isEmpty()) {
      throw new JobException(problems);
    }
    return new JobSource(
        file,
        text,
        blocks,
        configurationPlugins,
        lifecyclePlugins,
        keys,
        defaults,
        settings,
        warnings);
  }

  private Config file(String file, String text, Includes.Files files) {
    SourceText source = SourceText.ofFile(file, text);
    Includes includes = new Includes(file, files, problems::add, warnings::add);
    Optional<Config> config = HoconText.parse(source, includes, problems::add);
    includes.texts().forEach(one -> included.append('\n').append(one.text()));
    config.ifPresent(
        keys -> {
          ConfigValue stages = keys.root().get("stages");
          if (stages == null) {
            problems.add(
                Problem.of(
                    ErrorCode.NO_STAGES,
                    file + " has no key \"stages\"; its keys are " + keys.root().keySet()));
          } else {
            blocks.addAll(
                HoconText.blocks(
                    "stages", stages, keys.root(), source, includes, 0, problems::add));
          }
          plugins(source, includes, keys.root());
        });
    return config.orElse(ConfigFactory.empty());
  }

  private void plugins(SourceText source, Includes includes, ConfigObject keys) {
    ConfigValue plugins = keys.get("plugins");
    if (plugins == null) {
      return;
    }
    if (!(plugins instanceof ConfigObject kinds)) {
      problems.add(
          Problem.of(
                  ErrorCode.WRONG_TYPE,
                  source.find(Math.max(1, plugins.origin().lineNumber()), "plugins"),
                  "\"plugins\" must be an object")
              .withRemedy("write plugins { config = […], lifecycle = […] }"));
      return;
    }
    for (Map.Entry<String, ConfigValue> kind : kinds.entrySet()) {
      String name = "plugins." + kind.getKey();
      switch (kind.getKey()) {
        case "config" ->
            configurationPlugins.addAll(
                HoconText.blocks(name, kind.getValue(), keys, source, includes, 0, problems::add));
        case "lifecycle" ->
            lifecyclePlugins.addAll(
                HoconText.blocks(name, kind.getValue(), keys, source, includes, 0, problems::add));
        default -> {
          Problem unknown =
              Problem.of(
                  ErrorCode.UNKNOWN_KEY,
                  source.find(Math.max(1, kind.getValue().origin().lineNumber()), kind.getKey()),
                  "\"plugins\" has no key \"" + kind.getKey() + "\"");
          problems.add(
              unknown.withRemedy(
                  NearestName.question(kind.getKey(), List.of("config", "lifecycle"))
                      .orElse("its keys are config and lifecycle")));
        }
      }
    }
  }

  private Config notebook(String file, String text) {
    List<Cell> cells = Notebook.cells(file, text);
    cells.forEach(this::cell);
    return ConfigFactory.empty();
  }

  private void cell(Cell cell) {
    if (cell.isMagic()) {
      magic(cell);
    } else if (!cell.isOnlyComments()) {
      List<Problem> wrong = new ArrayList<>();
      List<Block> found = HoconText.blocks(cell.source(), blocks.size(), wrong::add, warnings::add);
      Optional<Problem> meant = wrong.isEmpty() ? Optional.empty() : CellGuess.of(cell);
      problems.addAll(meant.map(List::of).orElse(wrong));
      blocks.addAll(found);
    }
  }

  private void magic(Cell cell) {
    String word = cell.firstWord();
    Optional<Problem> another = CellGuess.secondMagic(cell);
    if (another.isPresent()) {
      problems.add(another.get());
      return;
    }
    Optional<Magic> magic = Magic.of(word);
    if (magic.isEmpty()) {
      if (!Magic.isAuthoring(word)) {
        problems.add(CellGuess.unknown(cell.source(), cell.firstLine(), word));
      }
      return;
    }
    Magic known = magic.get();
    if (!known.word().equals(word.toLowerCase(Locale.ROOT))) {
      warnings.add(
          Problem.of(
              ErrorCode.UNKNOWN_MAGIC,
              cell.source().find(cell.firstLine(), word),
              word + " runs as " + known.word()));
    }
    arguments(cell, known);
    switch (known) {
      case ARC ->
          blocks.addAll(
              HoconText.blocks(
                  withoutFirstLine(cell), blocks.size(), problems::add, warnings::add));
      case ENV -> pairs(cell, defaults);
      case CONF -> pairs(cell, settings);
      case CONFIG_PLUGIN -> plugins(cell, configurationPlugins);
      case LIFECYCLE_PLUGIN -> plugins(cell, lifecyclePlugins);
      default -> blocks.add(stage(cell, known));
    }
  }

  /** What stands on a magic's line and is none of its arguments would be lost. */
  private void arguments(Cell cell, Magic magic) {
    MagicArguments arguments = cell.magicArguments();
    for (String stray : arguments.strays()) {
      problems.add(
          Problem.of(
                  ErrorCode.CONFIG_SYNTAX,
                  cell.source().find(cell.firstLine(), stray),
                  "\"" + stray + "\" on the line of " + magic.word() + " is no argument")
              .withRemedy(
                  "write NAME=value without blanks around the equals sign, in quotes where the"
                      + " value has blanks; all else begins on the next line"));
    }
    for (String key : arguments.twice()) {
      problems.add(
          Problem.of(
                  ErrorCode.CONFIG_SYNTAX,
                  cell.source().find(cell.firstLine(), key),
                  "\"" + key + "\" stands on the line of " + magic.word() + " more than once")
              .withRemedy("keep one of them"));
    }
  }

  private void plugins(Cell cell, List<Block> target) {
    target.addAll(
        HoconText.blocks(withoutFirstLine(cell), target.size(), problems::add, warnings::add));
  }

  /** The lines up to the magic's emptied, not removed: the other lines keep their numbers. */
  private static SourceText withoutFirstLine(Cell cell) {
    List<String> lines = new ArrayList<>(cell.source().lines());
    lines.subList(0, cell.firstLine()).replaceAll(line -> "");
    return new SourceText(cell.source().file(), cell.source().cell(), String.join("\n", lines));
  }

  private void pairs(Cell cell, Map<String, String> target) {
    List<String> lines = cell.source().lines();
    target.putAll(cell.arguments());
    for (int number = cell.firstLine() + 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      int equals = line.indexOf('=');
      if (line.isEmpty() || line.startsWith("#") || line.startsWith("//")) {
        continue;
      }
      if (equals < 1) {
        problems.add(
            Problem.of(
                    ErrorCode.CONFIG_SYNTAX,
                    cell.source().at(number),
                    "A line of this magic is NAME=value")
                .withRemedy("write an equals sign between name and value"));
        continue;
      }
      String name = line.substring(0, equals).strip();
      String value = line.substring(equals + 1).strip();
      warnOfComment(cell.source().at(number), name, value);
      target.put(name, unquote(value));
    }
  }

  /** All of a line is the value, so that a comment behind it would be too. */
  private void warnOfComment(Position place, String name, String value) {
    boolean isQuoted =
        unquote(value).length() < value.length() && value.indexOf('"', 1) == value.length() - 1;
    if (!isQuoted && value.matches(".*\\s(#|//)(\\s.*)?")) {
      warnings.add(
          Problem.of(
                  ErrorCode.CONFIG_SYNTAX,
                  place,
                  "The value of \"" + name + "\" is all of the line, the comment included")
              .withRemedy(
                  "put the comment on a line of its own, or the value in quotes if it is a part"
                      + " of it"));
    }
  }

  private static String unquote(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  private Block stage(Cell cell, Magic magic) {
    SourceText source = cell.source();
    int line = cell.firstLine();
    Map<String, Position> places = new HashMap<>();
    Map<String, ConfigValue> keys = new LinkedHashMap<>();
    keys.put("type", text(magic.stageType().orElseThrow()));
    keys.put("name", text("notebook cell " + source.cell()));
    keys.put("environments", ConfigValueFactory.fromIterable(List.of()));
    cell.arguments()
        .forEach(
            (key, value) -> {
              if (DISPLAY.contains(key) || VIEW.contains(key) && !magic.makesView()) {
                return;
              }
              places.put(key, source.find(line, key));
              try {
                keys.put(key, argument(key, value));
              } catch (ConfigException e) {
                problems.add(
                    Problem.of(
                            ErrorCode.CONFIG_SYNTAX,
                            places.get(key),
                            "The value of \"" + key + "\" holds no whole substitution")
                        .withRemedy("write ${NAME}"));
              }
            });
    if (magic.makesView() && !keys.containsKey("outputView")) {
      placeholder.ifPresent(view -> keys.put("outputView", text(view)));
    }
    Optional<Position> onFirstLine =
        cell.body().isEmpty() ? cell.sqlOnFirstLine() : Optional.empty();
    if (onFirstLine.isPresent()) {
      places.put("sql", onFirstLine.get());
      keys.put("sql", text(source.line(line).substring(onFirstLine.get().column() - 1).strip()));
    } else if (!keys.containsKey("inputURI") || !cell.body().isEmpty()) {
      places.put("sql", source.at(cell.bodyLine()));
      keys.put("sql", text(cell.body()));
    }
    ConfigObject object = ConfigFactory.empty().root();
    for (Map.Entry<String, ConfigValue> key : keys.entrySet()) {
      object = object.withValue(key.getKey(), key.getValue());
    }
    return new Block(blocks.size(), source, line, object, places);
  }

  private static ConfigValue argument(String key, String value) {
    return switch (key) {
      case "environments" -> MagicArguments.environments(value);
      case "sqlParams" -> MagicArguments.parameters(value);
      default -> MagicArguments.value(value);
    };
  }

  private static ConfigValue text(String value) {
    return ConfigValueFactory.fromAnyRef(value);
  }
}
