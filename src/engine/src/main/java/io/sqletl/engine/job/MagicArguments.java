package io.sqletl.engine.job;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The {@code key=value} pairs on the first line of a magic.
 *
 * @param values by their keys, in order, quotes around them removed
 * @param strays the words that are no pair
 * @param twice the keys that stand there more than once
 */
record MagicArguments(Map<String, String> values, List<String> strays, List<String> twice) {

  private static final Pattern ARGUMENT = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

  /** Reads a line without the magic's own word. */
  static MagicArguments parse(String line) {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> strays = new ArrayList<>();
    List<String> twice = new ArrayList<>();
    String last = "";
    for (String token : tokens(line, Character::isWhitespace)) {
      int equals = equalsSign(token);
      if (values.getOrDefault(last, "").endsWith(",") && (equals < 1 || last.equals("sqlParams"))) {
        values.merge(last, " " + token, String::concat); // A list with blanks after its commas
      } else if (token.startsWith("%") || equals < 1) {
        strays.add(token);
      } else if (values.put(token.substring(0, equals), unquote(token.substring(equals + 1)))
          != null) {
        twice.add(token.substring(0, equals));
      }
      last =
          equals > 0 && values.containsKey(token.substring(0, equals))
              ? token.substring(0, equals)
              : last;
    }
    return new MagicArguments(values, strays, twice);
  }

  /** How far the magic and its arguments reach: the first word that is neither begins there. */
  static int end(String line) {
    int end = 0;
    for (String token : tokens(line, Character::isWhitespace)) {
      int start = line.indexOf(token, end);
      int equals = equalsSign(token);
      boolean isArgument =
          token.startsWith("%")
              || equals > 0 && ARGUMENT.matcher(token.substring(0, equals)).matches();
      if (!isArgument) {
        return start;
      }
      end = start + token.length();
    }
    return line.length();
  }

  /** A value as a job's own text has it: a substitution where it begins like one, else a string. */
  static ConfigValue value(String text) {
    if (!text.startsWith("${")) {
      return ConfigValueFactory.fromAnyRef(text);
    }
    // Without quotes the text is taken as it stands, for HOCON would cut it at a comment
    return text.indexOf('"') < 0
        ? Variables.typed(text)
        : ConfigFactory.parseString("v = " + text, Includes.refused()).root().get("v");
  }

  /** {@code a=b,c=${X}} as an object. */
  static ConfigObject parameters(String text) {
    ConfigObject parameters = ConfigFactory.empty().root();
    for (String pair : tokens(text, c -> c == ',')) {
      int equals = equalsSign(pair);
      if (equals > 0) {
        parameters =
            parameters.withValue(
                pair.substring(0, equals).strip(),
                value(unquote(pair.substring(equals + 1).strip())));
      }
    }
    return parameters;
  }

  /** {@code dev, test} as a list, blanks around the names removed. */
  static ConfigValue environments(String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split(",")) {
      if (!name.isBlank()) {
        names.add(name.strip());
      }
    }
    return ConfigValueFactory.fromIterable(names);
  }

  /** Renders a pair for a message. */
  static String quote(String key) {
    return ConfigUtil.quoteString(key);
  }

  /** Splits where a separator stands outside quotes and braces. */
  private static List<String> tokens(String line, java.util.function.IntPredicate separator) {
    List<String> tokens = new ArrayList<>();
    StringBuilder token = new StringBuilder();
    char quote = 0;
    int depth = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '"' || c == '\'' && token.toString().endsWith("=")) {
        quote = c;
      } else if (c == '{' || c == '}') {
        depth += c == '{' ? 1 : -1;
      }
      if (quote == 0 && depth <= 0 && separator.test(c)) {
        add(tokens, token);
      } else {
        token.append(c);
      }
    }
    add(tokens, token);
    return tokens;
  }

  private static void add(List<String> tokens, StringBuilder token) {
    if (!token.toString().isBlank()) {
      tokens.add(token.toString());
    }
    token.setLength(0);
  }

  /** The first equals sign that is neither doubled nor last, as Arc splits; -1 for none. */
  private static int equalsSign(String token) {
    for (int i = token.indexOf('='); i >= 0; i = token.indexOf('=', i + 1)) {
      if (i + 1 < token.length() && token.charAt(i + 1) != '=') {
        return i;
      }
    }
    return -1;
  }

  private static String unquote(String text) {
    boolean quoted =
        text.length() > 1
            && (text.charAt(0) == '"' || text.charAt(0) == '\'')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1).strip() : text.strip();
  }
}
