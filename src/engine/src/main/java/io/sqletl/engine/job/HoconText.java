package io.sqletl.engine.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads HOCON, whose parser knows lines, into blocks and problems of a source text. */
final class HoconText {

  private static final String LIST = "list";
  private static final int LONGEST_SHOWN = 60;
  private static final Pattern ORIGIN = Pattern.compile("^String: \\d+: ");
  private static final Pattern TOKEN = Pattern.compile("(?:token|got|found):? '([^']+)'");

  private HoconText() {}

  /** Parses a whole file with what it includes; nothing when a problem was reported. */
  static Optional<Config> parse(SourceText source, Includes includes, Consumer<Problem> problems) {
    return includes
        .options(source)
        .flatMap(
            options ->
                guarded(source, problems, () -> ConfigFactory.parseString(source.text(), options)));
  }

  /** The stages of a cell, which stand in it bare, separated by commas or line breaks. */
  static List<Block> blocks(
      SourceText source, int firstIndex, Consumer<Problem> problems, Consumer<Problem> warnings) {
    HoconOutline outline = HoconOutline.ofCell(source);
    outline.cuts().forEach(problems);
    outline.replaced().forEach(warnings);
    for (Position place : outline.includes()) {
      problems.accept(
          Problem.of(ErrorCode.INCLUDE, place, "A cell of a notebook includes no files")
              .withRemedy("put variables into a cell of %env, or write the job as a .conf file"));
    }
    if (!outline.cuts().isEmpty() || !outline.includes().isEmpty()) {
      return List.of();
    }
    String bare = source.text().stripTrailing().replaceFirst(",$", "");
    // On one line with the text, so that line numbers stay those of the cell
    Includes none = new Includes("", (job, name) -> "", problems, warnings);
    return guarded(
            source,
            problems,
            () -> ConfigFactory.parseString(LIST + "=[" + bare + "\n]", Includes.refused()))
        .map(
            config ->
                blocks(
                    LIST,
                    config.root().get(LIST),
                    config.root(),
                    source,
                    none,
                    firstIndex,
                    problems))
        .orElse(List.of());
  }

  /**
   * The objects of a list as blocks.
   *
   * @param name the list's key, for messages and for what refers to it
   * @param keys the keys of the file, which the list may refer to
   */
  static List<Block> blocks(
      String name,
      ConfigValue stages,
      ConfigObject keys,
      SourceText file,
      Includes includes,
      int firstIndex,
      Consumer<Problem> problems) {
    List<Block> blocks = new ArrayList<>();
    Optional<List<ConfigValue>> list = ListParts.of(stages, name, keys);
    if (list.isEmpty()) {
      Problem wrong =
          Problem.of(
              ErrorCode.WRONG_TYPE,
              includes.sourceOf(stages, file).at(Math.max(1, stages.origin().lineNumber())),
              "\"" + name + "\" must be a list of objects");
      problems.accept(
          ListParts.isKnown(stages)
              ? wrong
              : wrong.withRemedy("every part of it has to be a list, and every ${…} a key of one"));
      return blocks;
    }
    for (ConfigValue element : list.get()) {
      SourceText source = includes.sourceOf(element, file);
      int line = Math.max(1, element.origin().lineNumber());
      if (element instanceof ConfigObject object) {
        Map<String, Position> places = elsewhere(object, source, includes);
        blocks.add(new Block(firstIndex + blocks.size(), source, line, object, places));
      } else if (element instanceof ConfigList inner && source.cell() > 0) {
        // A cell holds stages bare; one with brackets around them means the same
        blocks.addAll(
            blocks(name, inner, keys, file, includes, firstIndex + blocks.size(), problems));
      } else {
        problems.accept(
            Problem.of(
                    ErrorCode.WRONG_TYPE,
                    source.at(line),
                    (name.startsWith("plugins") ? "A plugin" : "A stage")
                        + " is an object of keys and values, not "
                        + shortly(element))
                .withRemedy("write { and } around the keys of each"));
      }
    }
    return blocks;
  }

  private static String shortly(ConfigValue element) {
    if (element instanceof ConfigList) {
      return "a list";
    }
    String text = element.render(ConfigRenderOptions.concise());
    return text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "…" : text;
  }

  /** Where keys stand that an object has from a file that it includes. */
  private static Map<String, Position> elsewhere(
      ConfigObject object, SourceText source, Includes includes) {
    Map<String, Position> places = new HashMap<>();
    object.forEach(
        (key, value) -> {
          SourceText own = includes.sourceOf(value, source);
          if (!own.equals(source)) {
            places.put(key, own.find(Math.max(1, value.origin().lineNumber()), key));
          }
        });
    return places;
  }

  /** What a parser gives; nothing when a problem was reported. */
  static Optional<Config> guarded(
      SourceText source, Consumer<Problem> problems, Supplier<Config> parser) {
    int conflict = source.conflict();
    if (conflict > 0) {
      problems.accept(
          Problem.of(ErrorCode.CONFIG_SYNTAX, source.at(conflict), "A merge conflict is left here")
              .withRemedy("choose one side, as with git mergetool"));
      return Optional.empty();
    }
    Optional<Problem> sign = TypographicSigns.inHocon(source, TypographicSigns.Parser.WENT_ON);
    if (sign.isPresent()) {
      problems.accept(sign.get());
      return Optional.empty();
    }
    try {
      return Optional.of(parser.get());
    } catch (ConfigException.Parse e) {
      problems.accept(
          TypographicSigns.inHocon(source, TypographicSigns.Parser.FAILED)
              .or(() -> HoconSlips.find(source, source.cell() > 0))
              .orElseGet(() -> syntaxProblem(e, source)));
    } catch (ConfigException e) {
      problems.accept(syntaxProblem(e, source));
    } catch (StackOverflowError e) {
      problems.accept(
          Problem.of(
              ErrorCode.CONFIG_SYNTAX, source.at(1), "This is nested too deeply to be read"));
    }
    return Optional.empty();
  }

  private static Problem syntaxProblem(ConfigException e, SourceText source) {
    int lines = Math.max(1, source.lines().size());
    int line = e.origin() == null ? 1 : Math.min(lines, Math.max(1, e.origin().lineNumber()));
    String message = ORIGIN.matcher(e.getMessage()).replaceFirst("").lines().findFirst().orElse("");
    Matcher token = TOKEN.matcher(message);
    Position place = token.find() ? source.find(line, token.group(1)) : source.at(line);
    return Problem.of(
            ErrorCode.CONFIG_SYNTAX,
            place.line() == line ? place : source.at(line),
            "This is no JSON or HOCON: " + withoutFullStop(message))
        .withRemedy("look for a missing brace, bracket or quote on this line or the one before");
  }

  private static String withoutFullStop(String message) {
    int advice = message.indexOf(" (if you");
    String text = advice > 0 ? message.substring(0, advice) : message;
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
