package io.sqletl.engine.job;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads HOCON, whose parser knows lines, into blocks and problems of a source text. */
final class HoconText {

  private static final String LIST = "list";
  private static final Pattern ORIGIN = Pattern.compile("^String: \\d+: ");
  private static final Pattern TOKEN = Pattern.compile("(?:token|got|found):? '([^']+)'");

  private HoconText() {}

  /** Parses a whole file; nothing when a problem was reported. */
  static Optional<Config> parse(SourceText source, Consumer<Problem> problems) {
    return parse(source.text(), source, problems);
  }

  /** The stages of a cell, which stand in it bare, separated by commas or line breaks. */
  static List<Block> blocks(SourceText source, int firstIndex, Consumer<Problem> problems) {
    String bare = source.text().stripTrailing().replaceFirst(",$", "");
    // On one line with the text, so that line numbers stay those of the cell
    return parse(LIST + "=[" + bare + "\n]", source, problems)
        .map(config -> blocks(LIST, config.root().get(LIST), source, firstIndex, problems))
        .orElse(List.of());
  }

  /**
   * The objects of a list as blocks.
   *
   * @param name what the list is called, for messages
   */
  static List<Block> blocks(
      String name,
      ConfigValue stages,
      SourceText source,
      int firstIndex,
      Consumer<Problem> problems) {
    List<Block> blocks = new ArrayList<>();
    if (!(stages instanceof ConfigList list)) {
      problems.accept(
          Problem.of(
              ErrorCode.WRONG_TYPE,
              source.at(Math.max(1, stages.origin().lineNumber())),
              "\"" + name + "\" must be a list of objects"));
      return blocks;
    }
    for (ConfigValue element : list) {
      int line = Math.max(1, element.origin().lineNumber());
      if (element instanceof ConfigObject object) {
        blocks.add(new Block(firstIndex + blocks.size(), source, line, object, Map.of()));
      } else {
        problems.accept(
            Problem.of(
                ErrorCode.WRONG_TYPE,
                source.at(line),
                (name.startsWith("plugins") ? "A plugin" : "A stage")
                    + " is an object of keys and values, not "
                    + element.render()));
      }
    }
    return blocks;
  }

  private static Optional<Config> parse(
      String text, SourceText source, Consumer<Problem> problems) {
    try {
      return Optional.of(
          ConfigFactory.parseString(
              text, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF)));
    } catch (ConfigException e) {
      problems.accept(syntaxProblem(e, source));
      return Optional.empty();
    }
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
