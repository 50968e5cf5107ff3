package io.sqletl.engine.stage.execute;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transaction that the statements of a file begin and do not end: databases take back what was
 * done in it when the connection is closed, and say nothing. It is looked for where a file may hold
 * several statements, with semicolons between: in PostgreSQL, H2 and SQLite.
 */
final class OpenTransaction {

  /** What is no part of the words of a statement: comments, texts and quoted names. */
  private static final Pattern TOKEN =
      Pattern.compile(
          "--[^\\n]*|[eE]'(?:[^'\\\\]|\\\\.|'')*+'|/\\*.*?(?:\\*/|$)"
              + "|'(?:[^']|'')*+'|\"[^\"]*\"|`[^`]*`"
              + "|\\$(\\w*)\\$.*?\\$\\1\\$|;|[\\w$]+",
          Pattern.DOTALL);

  /** BEGIN with anything else behind it begins a block of a procedure. */
  private static final Pattern BEGINS =
      Pattern.compile(
          "START TRANSACTION\\b.*|BEGIN(?: (?:TRANSACTION|TRAN|WORK|DEFERRED|IMMEDIATE|EXCLUSIVE"
              + "|CONCURRENT|ISOLATION|READ|DEFERRABLE|NOT DEFERRABLE)\\b.*)?");

  /** Not to a savepoint, and not with the next one begun at once. */
  private static final Pattern ENDS =
      Pattern.compile("(?!.* AND CHAIN$)(?!ROLLBACK .*\\bTO\\b)(?:COMMIT|END|ROLLBACK|ABORT)\\b.*");

  private static final Pattern MADE_WITH_BODY =
      Pattern.compile(
          "(?:CREATE|ALTER)\\b.* (?:TRIGGER|PROCEDURE|FUNCTION|EVENT|PACKAGE)\\b.* BEGIN\\b.*");

  private static final Pattern SEVERAL = Pattern.compile("jdbc:(?:postgresql|h2|sqlite):");

  private boolean isOpen;
  private boolean isInBody;
  private int line;

  private OpenTransaction() {}

  /** The line, from 1, of the statement that begins it; nothing when none is left open. */
  static Optional<Integer> line(String url, String sql) {
    if (!SEVERAL.matcher(url).lookingAt()) {
      return Optional.empty();
    }
    OpenTransaction found = new OpenTransaction();
    StringBuilder words = new StringBuilder();
    int start = 0;
    Matcher token = TOKEN.matcher(sql);
    while (token.find()) {
      String text = token.group();
      if (text.equals(";")) {
        found.take(words.toString(), sql, start);
        words.setLength(0);
      } else if (Character.isLetterOrDigit(text.charAt(0))) {
        if (words.isEmpty()) {
          start = token.start();
        } else {
          words.append(' ');
        }
        words.append(text.toUpperCase(Locale.ROOT));
      }
    }
    found.take(words.toString(), sql, start);
    return found.isOpen ? Optional.of(found.line) : Optional.empty();
  }

  private void take(String statement, String sql, int start) {
    if (isInBody) {
      isInBody = !statement.matches("END\\b.*");
    } else if (MADE_WITH_BODY.matcher(statement).matches()) {
      isInBody = !statement.endsWith(" END");
    } else if (!isOpen && BEGINS.matcher(statement).matches()) {
      isOpen = true;
      line = 1 + (int) sql.substring(0, start).chars().filter(c -> c == '\n').count();
    } else if (ENDS.matcher(statement).matches()) {
      isOpen = false;
    }
  }
}
