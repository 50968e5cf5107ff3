package io.sqletl.engine.job;

import java.util.Map;
import java.util.Optional;

/**
 * Finds signs that look like those of a language and are others: quotes, blanks and punctuation
 * that word processors, chats and web pages put in their place.
 */
public final class TypographicSigns {

  private static final String QUOTES = "“”„‟«»‘’‚‛‹›＂＇｀´";
  private static final String ZERO_WIDTH = "\u200B\u200C\u200D\u2060\u00AD";
  private static final String BLANKS = "\u00A0\u2007\u202F";
  private static final String FULL_WIDTH = "：，；｛｝［］（）＝＊＜＞＋－／．";

  /** After these a key or a value begins. */
  private static final String OPENING = ":=,[{(\n";

  private static final Map<String, String> STRAIGHT =
      Map.of(QUOTES, "a straight quote", BLANKS, "a plain blank", FULL_WIDTH, "the plain sign");

  private TypographicSigns() {}

  /** Whether a failed parser may have met such a sign, or none that matters was found. */
  enum Parser {
    WENT_ON,
    FAILED
  }

  /** The first such sign that stands in HOCON outside of quotes and comments. */
  static Optional<Problem> inHocon(SourceText source, Parser parser) {
    String text = source.text();
    int at = 0;
    char before = '\n';
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#' || text.startsWith("//", at)) {
        at = indexOrEnd(text, "\n", at);
        continue;
      }
      if (text.startsWith("\"\"\"", at)) {
        at = indexOrEnd(text, "\"\"\"", at + 3) + 3;
        before = '"';
        continue;
      }
      if (c == '"') {
        at = afterString(text, at, '"');
        before = '"';
        continue;
      }
      boolean opens = QUOTES.indexOf(c) >= 0 && OPENING.indexOf(before) >= 0;
      boolean fullWidth = parser == Parser.FAILED && FULL_WIDTH.indexOf(c) >= 0;
      boolean quote = parser == Parser.FAILED && QUOTES.indexOf(c) >= 0 && c != '’' && c != '´';
      if (opens || fullWidth || quote || ZERO_WIDTH.indexOf(c) >= 0) {
        return Optional.of(problem(ErrorCode.CONFIG_SYNTAX, position(source, at), c));
      }
      if (!Character.isWhitespace(c) || c == '\n') {
        before = c;
      }
      at++;
    }
    return Optional.empty();
  }

  /**
   * Where such a sign stands in SQL outside of texts, quoted names and comments; -1 when it does
   * not.
   */
  public static int inSql(String sql) {
    int at = 0;
    while (at < sql.length()) {
      char c = sql.charAt(at);
      if (sql.startsWith("--", at)) {
        at = indexOrEnd(sql, "\n", at);
      } else if (sql.startsWith("/*", at)) {
        at = indexOrEnd(sql, "*/", at) + 2;
      } else if (c == '\'' || c == '"' || c == '`') {
        at = afterString(sql, at, c);
      } else if (isAny(c)) {
        return at;
      } else {
        at++;
      }
    }
    return -1;
  }

  /**
   * Such a sign in a name or an address, where it cannot be meant: around it, or not to be seen.
   */
  public static Optional<Character> inName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isEnd = i == 0 || i == name.length() - 1;
      boolean quote = QUOTES.indexOf(c) >= 0 && c != '´';
      if (ZERO_WIDTH.indexOf(c) >= 0 || isEnd && (BLANKS.indexOf(c) >= 0 || quote)) {
        return Optional.of(c);
      }
    }
    return Optional.empty();
  }

  /** What is wrong where such a sign stands, and what to write instead. */
  public static Problem problem(ErrorCode code, Position position, char sign) {
    return Problem.of(code, position, "Here stands " + describe(sign)).withRemedy(remedy(sign));
  }

  /** {@code the typographic quote “}. */
  public static String describe(char sign) {
    String number = String.format("U+%04X", (int) sign);
    if (QUOTES.indexOf(sign) >= 0) {
      return "the typographic quote " + sign + " (" + number + ")";
    }
    if (ZERO_WIDTH.indexOf(sign) >= 0) {
      return "a sign that cannot be seen (" + number + ")";
    }
    return BLANKS.indexOf(sign) >= 0
        ? "a non-breaking blank (" + number + ")"
        : "the full-width sign " + sign + " (" + number + ")";
  }

  /** What to do about a sign. */
  public static String remedy(char sign) {
    return STRAIGHT.entrySet().stream()
        .filter(kind -> kind.getKey().indexOf(sign) >= 0)
        .map(kind -> "write " + kind.getValue() + " in its place")
        .findFirst()
        .orElse("delete it, and type the text around it anew");
  }

  private static boolean isAny(char c) {
    return QUOTES.indexOf(c) >= 0
        || ZERO_WIDTH.indexOf(c) >= 0
        || BLANKS.indexOf(c) >= 0
        || FULL_WIDTH.indexOf(c) >= 0;
  }

  private static Position position(SourceText source, int index) {
    String before = source.text().substring(0, index);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return new Position(source, line, index - before.lastIndexOf('\n'), 1);
  }

  private static int indexOrEnd(String text, String wanted, int from) {
    int found = text.indexOf(wanted, from);
    return found < 0 ? text.length() : found;
  }

  private static int afterString(String text, int start, char quote) {
    for (int i = start + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return text.length();
  }
}
