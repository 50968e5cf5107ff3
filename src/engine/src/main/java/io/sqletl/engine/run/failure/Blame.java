package io.sqletl.engine.run.failure;

import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.stage.sql.RanStatements.Ran;
import io.sqletl.engine.stage.sql.SqlPlace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.QueryContext;
import org.apache.spark.QueryContextType;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.catalyst.trees.SQLQueryContext;

/**
 * Where the mistake was written that made a run fail. Views are computed when they are read, so
 * that is mostly an earlier stage than the one that failed.
 *
 * @param position the part of the statement
 * @param stage the name of the stage whose statement it is; null for the stage that failed
 * @param ofStage where that stage stands; null for the stage that failed, or when it stands in no
 *     file
 */
public record Blame(Position position, String stage, Position ofStage) {

  /**
   * @param statements those that ran, the last one first
   * @param failed the stage that ran
   */
  public static Optional<Blame> find(
      Throwable exception, Diagnosis diagnosis, List<Ran> statements, FailedStage failed) {
    Chain chain = new Chain(exception);
    return placed(chain)
        .or(() -> byContext(chain, statements, failed.block()))
        .or(() -> byWords(diagnosis, statements));
  }

  /** What a stage found out about its own statement. */
  private static Optional<Blame> placed(Chain chain) {
    for (Throwable error : chain.outermostFirst()) {
      for (Throwable suppressed : error.getSuppressed()) {
        if (suppressed instanceof SqlPlace place && place.position() != null) {
          return Optional.of(new Blame(place.position(), null, null));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Blame> byContext(Chain chain, List<Ran> statements, Block failed) {
    List<Throwable> innermostFirst = new ArrayList<>(chain.outermostFirst());
    Collections.reverse(innermostFirst);
    for (Throwable error : innermostFirst) {
      if (!(error instanceof SparkThrowable spark) || spark.getQueryContext() == null) {
        continue;
      }
      for (QueryContext context : spark.getQueryContext()) {
        if (context.contextType() == QueryContextType.SQL
            && context instanceof SQLQueryContext sql
            && sql.sqlText().isDefined()
            && sql.startIndex() >= 0) {
          Optional<Blame> found =
              ofView(sql, statements)
                  .or(() -> inStatements(sql, statements))
                  .or(() -> inBlock(sql, failed));
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Of a view that SQL made, Spark knows only where it is read. */
  private static Optional<Blame> ofView(SQLQueryContext context, List<Ran> statements) {
    String fragment = context.fragment().strip();
    if (!fragment.matches("[\\w`]+")) {
      return Optional.empty();
    }
    Pattern makes =
        Pattern.compile(
            "\\bview\\s+(?:if\\s+not\\s+exists\\s+)?`?("
                + Pattern.quote(fragment.replace("`", ""))
                + ")\\b",
            Pattern.CASE_INSENSITIVE);
    for (Ran ran : statements) {
      Matcher made = makes.matcher(ran.statement().text());
      if (made.find()) {
        return Optional.of(in(ran, made.start(1), made.end(1) - made.start(1)));
      }
    }
    return Optional.empty();
  }

  private static Optional<Blame> inStatements(SQLQueryContext context, List<Ran> statements) {
    String text = context.sqlText().get();
    Optional<Ran> whole =
        statements.stream().filter(ran -> ran.statement().text().equals(text)).findFirst();
    // A view that was made by a statement is a part of it
    return whole
        .or(
            () ->
                statements.stream()
                    .filter(ran -> ran.statement().text().contains(text))
                    .findFirst())
        .map(
            ran -> {
              int start = ran.statement().text().indexOf(text) + offset(text, context.startIndex());
              return in(ran, start, length(context));
            });
  }

  /** A key that holds an expression, such as the condition of a merge. */
  private static Optional<Blame> inBlock(SQLQueryContext context, Block block) {
    SourceText source = block.source();
    String text = context.sqlText().get();
    int from = 0;
    for (int line = 1; line < block.line() && from >= 0; line++) {
      from = source.text().indexOf('\n', from) + 1;
    }
    int found = source.text().indexOf(text, from);
    if (found < 0) {
      return Optional.empty();
    }
    int start = found + offset(text, context.startIndex());
    String before = source.text().substring(0, start);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    return Optional.of(
        new Blame(
            new Position(source, line, start - before.lastIndexOf('\n'), length(context)),
            null,
            null));
  }

  /** Some conditions do not tell their place; one statement alone may be able to end so. */
  private static Optional<Blame> byWords(Diagnosis diagnosis, List<Ran> statements) {
    if (diagnosis.sql().isEmpty()) {
      return Optional.empty();
    }
    Pattern words = diagnosis.sql().get();
    Map<String, Blame> found = new LinkedHashMap<>();
    Map<String, Blame> saying = new LinkedHashMap<>();
    for (Ran ran : statements) {
      String text = ran.statement().text();
      Matcher matcher = words.matcher(text);
      if (matcher.find()) {
        Blame blame = in(ran, matcher.start(), callLength(text, matcher.start()));
        found.putIfAbsent(text, blame);
        if (text.contains(diagnosis.cause())) {
          saying.putIfAbsent(text, blame);
        }
      }
    }
    Map<String, Blame> best = saying.size() == 1 ? saying : found;
    return best.size() == 1 ? best.values().stream().findFirst() : Optional.empty();
  }

  /** To the bracket that closes the call, if it stands on the same line. */
  private static int callLength(String text, int start) {
    int depth = 0;
    for (int i = start; i < text.length() && text.charAt(i) != '\n'; i++) {
      if (text.charAt(i) == '(') {
        depth++;
      } else if (text.charAt(i) == ')' && --depth <= 0) {
        return i - start + 1;
      }
    }
    return 1;
  }

  private static Blame in(Ran ran, int start, int length) {
    return new Blame(ran.statement().at(start, length), ran.stage(), ran.position());
  }

  private static int length(SQLQueryContext context) {
    return context.stopIndex() - context.startIndex() + 1;
  }

  /** Spark's parser counts characters beyond the first 65,536 as one, Java as two. */
  private static int offset(String text, int codePoints) {
    return text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
  }
}
