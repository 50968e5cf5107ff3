package io.sqletl.engine.typing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Includes;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.job.Variables;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text of a schema file down to its list of columns: syntax, substitutions, outer shape. */
final class SchemaDocument {

  private static final String KEY = "schema";

  /** White space and comments before a list; HOCON itself reads no list at the top. */
  private static final Pattern LIST =
      Pattern.compile("\\A\\uFEFF?(?:\\s|(?:#|//)[^\\n]*(?:\\n|\\z))*\\[");

  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]*)\\}");

  private final SourceText source;
  private final Config variables;
  private final Consumer<Problem> problems;

  SchemaDocument(SourceText source, Config variables, Consumer<Problem> problems) {
    this.source = source;
    this.variables = variables;
    this.problems = problems;
  }

  Optional<ConfigList> columns() {
    return parsed().flatMap(this::resolved).flatMap(this::list);
  }

  private Optional<Config> parsed() {
    String text = source.text();
    // The key stands on the list's first line, so lines keep their numbers
    String document = LIST.matcher(text).find() ? KEY + ": " + text.replace("\uFEFF", "") : text;
    try {
      return Optional.of(
          ConfigFactory.parseString(
              document, Includes.refused().setOriginDescription(source.file())));
    } catch (StackOverflowError e) {
      problems.accept(
          Problem.of(
              ErrorCode.CONFIG_SYNTAX, source.at(1), "This is nested too deeply to be read"));
      return Optional.empty();
    } catch (ConfigException e) {
      int line = e.origin() == null ? 1 : Math.max(1, e.origin().lineNumber());
      problems.accept(Problem.of(ErrorCode.CONFIG_SYNTAX, source.at(line), withoutOrigin(e)));
      return Optional.empty();
    }
  }

  /** Resolved with every variable that nothing defines reported, not only the first. */
  private Optional<Config> resolved(Config document) {
    Config system =
        ConfigFactory.parseProperties(
            System.getProperties(),
            ConfigParseOptions.defaults().setOriginDescription("system properties"));
    Config values = variables.withFallback(document).withFallback(system);
    boolean complete = true;
    while (true) {
      try {
        Config resolved = document.resolveWith(values);
        return complete ? Optional.of(resolved) : Optional.empty();
      } catch (ConfigException.UnresolvedSubstitution e) {
        complete = false;
        Matcher name = SUBSTITUTION.matcher(e.getMessage());
        if (!name.find()
            || !Variables.isPath(name.group(1))
            || values.hasPathOrNull(name.group(1))) {
          problems.accept(Problem.of(ErrorCode.UNRESOLVED_VARIABLE, lineOf(e), withoutOrigin(e)));
          return Optional.empty();
        }
        problems.accept(unresolved(name.group(1)));
        // A stand-in, so that the next round finds the next one
        values = values.withValue(name.group(1), ConfigValueFactory.fromAnyRef(""));
      } catch (ConfigException e) {
        // Where something stands in for what nothing defines, it may not fit, and that is said
        if (complete) {
          problems.accept(Problem.of(ErrorCode.CONFIG_SYNTAX, lineOf(e), withoutOrigin(e)));
        }
        return Optional.empty();
      }
    }
  }

  private Problem unresolved(String name) {
    return Problem.of(
            ErrorCode.UNRESOLVED_VARIABLE,
            source.find(1, "${" + name + "}"),
            "Could not resolve substitution to a value: ${" + name + "}")
        .withRemedy(
            "define "
                + name
                + " in the schema file, as a variable of the run, or in the environment");
  }

  private Optional<ConfigList> list(Config document) {
    String path = ConfigUtil.joinPath(KEY);
    ConfigValue value = document.hasPath(path) ? document.getValue(path) : null;
    if (value instanceof ConfigList list) {
      return Optional.of(list);
    }
    Position place =
        value == null ? source.at(1) : source.find(Math.max(1, value.origin().lineNumber()), KEY);
    problems.accept(
        Problem.of(
                ErrorCode.INVALID_SCHEMA,
                place,
                source.file()
                    + " does not appear to be an Arc schema. Must be either of type LIST or contain"
                    + " schema within 'schema' attribute")
            .withRemedy("write the columns as [ {…}, {…} ]"));
    return Optional.empty();
  }

  private Position lineOf(ConfigException e) {
    return source.at(e.origin() == null ? 1 : Math.max(1, e.origin().lineNumber()));
  }

  /** The parser's text without the "file: line:" before it, which the problem's place says. */
  private static String withoutOrigin(ConfigException e) {
    String message = e.getMessage();
    if (e.origin() != null && message.startsWith(e.origin().description() + ": ")) {
      return message.substring(e.origin().description().length() + 2);
    }
    return message;
  }
}
