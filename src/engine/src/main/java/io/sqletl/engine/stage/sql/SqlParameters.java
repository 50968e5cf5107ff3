package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SecretNames;
import io.sqletl.engine.stage.StagePlanning;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts parameters into a statement: every <code>${ name }</code> and <code>${name=anything}</code>,
 * in comments and literals too, becomes the parameter's text as it is. A value may hold
 * placeholders of other parameters.
 */
final class SqlParameters {

  /** A colon is none of a name: ${hiveconf:x} is left to Spark. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\{\\s*([^\\s{}=:]+)\\s*(?:=[^}]*)?}");

  private static final Pattern WORD = Pattern.compile("\\w+");

  private final SqlText sql;
  private final Map<String, String> values;
  private final StagePlanning planning;
  private final Set<String> used = new LinkedHashSet<>();
  private final Deque<String> open = new ArrayDeque<>();
  private final StringBuilder injected = new StringBuilder();
  private final StringBuilder shown = new StringBuilder();
  private int[] offsets = new int[64];
  private boolean complete = true;

  private SqlParameters(SqlText sql, Map<String, String> values, StagePlanning planning) {
    this.sql = sql;
    this.values = values;
    this.planning = planning;
  }

  /**
   * A statement with its parameters in it.
   *
   * @param text what Spark gets
   * @param shown the same without the values of secret parameters
   * @param offsets for each character of the text, and for its end, the offset in what was written
   */
  record Injected(String text, String shown, int[] offsets) {}

  /**
   * Puts the parameters in. Every one that is unused and every one that is missing is reported;
   * there is no statement then.
   */
  static Optional<Injected> inject(
      SqlText sql, Map<String, String> values, StagePlanning planning) {
    SqlParameters parameters = new SqlParameters(sql, values, planning);
    parameters.append(sql.text(), -1, false);
    values.keySet().stream()
        .filter(name -> !parameters.used.contains(name))
        .forEach(parameters::reportUnused);
    parameters.offset(parameters.injected.length(), sql.text().length());
    return parameters.complete
        ? Optional.of(
            new Injected(
                parameters.injected.toString(),
                parameters.shown.toString(),
                Arrays.copyOf(parameters.offsets, parameters.injected.length() + 1)))
        : Optional.empty();
  }

  /**
   * @param origin where in the statement the text was put in; -1 for the statement itself
   */
  private void append(String text, int origin, boolean secret) {
    Matcher matcher = PLACEHOLDER.matcher(text);
    int from = 0;
    while (matcher.find()) {
      String name = matcher.group(1);
      int place = origin < 0 ? matcher.start() : origin;
      if (values.containsKey(name) && !open.contains(name)) {
        copy(text, from, matcher.start(), origin, secret);
        used.add(name);
        open.push(name);
        boolean hidden = SecretNames.isSecret(name);
        if (hidden && !secret) {
          shown.append(SecretNames.MASK);
        }
        append(values.get(name), place, secret || hidden);
        open.pop();
        from = matcher.end();
      } else if (WORD.matcher(name).matches()) {
        reportMissing(name, place, matcher.group().length());
      }
    }
    copy(text, from, text.length(), origin, secret);
  }

  private void copy(String text, int from, int to, int origin, boolean secret) {
    for (int i = from; i < to; i++) {
      offset(injected.length(), origin < 0 ? i : origin);
      injected.append(text.charAt(i));
    }
    if (!secret) {
      shown.append(text, from, to);
    }
  }

  private void offset(int index, int offset) {
    if (index >= offsets.length) {
      offsets = Arrays.copyOf(offsets, offsets.length * 2);
    }
    offsets[index] = offset;
  }

  private void reportMissing(String name, int place, int length) {
    Problem problem =
        Problem.of(
            ErrorCode.SQL_PARAMETER,
            sql.at(place, length),
            "No replacement value found in parameters: ["
                + String.join(", ", values.keySet())
                + "] for placeholders: [${"
                + name
                + "}]");
    report(
        problem.withRemedy(
            "add \""
                + name
                + "\" to \"sqlParams\""
                + NearestName.of(name, values.keySet())
                    .map(nearest -> ", or did you mean \"" + nearest + "\"?")
                    .orElse("")));
  }

  private void reportUnused(String name) {
    report(
        Problem.of(
                ErrorCode.SQL_PARAMETER,
                planning.block().source().find(planning.at("sqlParams").line(), name),
                "No placeholder found for parameter: '" + name + "'")
            .withRemedy("write ${" + name + "} in the SQL or remove the parameter"));
  }

  private void report(Problem problem) {
    complete = false;
    planning.problems().accept(problem);
  }
}
