package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.typing.TimePatterns;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.types.StringType;
import scala.jdk.javaapi.CollectionConverters;

/** Patterns of times that functions of SQL are given and that probably mean something else. */
final class TimePatternSlips {

  private static final Set<String> WRITING = Set.of("date_format", "from_unixtime");
  private static final Set<String> READING =
      Set.of(
          "to_date",
          "try_to_date",
          "to_timestamp",
          "to_timestamp_ltz",
          "to_timestamp_ntz",
          "try_to_timestamp",
          "unix_timestamp",
          "to_unix_timestamp");

  private TimePatternSlips() {}

  /** Warns of each in a statement. */
  static void warn(SqlStatement statement, LogicalPlan parsed, Consumer<Problem> warnings) {
    ParsedParts.expressions(parsed)
        .filter(UnresolvedFunction.class::isInstance)
        .map(UnresolvedFunction.class::cast)
        .forEach(call -> warn(call, statement, warnings));
  }

  private static void warn(
      UnresolvedFunction call, SqlStatement statement, Consumer<Problem> warnings) {
    String function = call.nameParts().last().toLowerCase(Locale.ROOT);
    List<Expression> arguments = CollectionConverters.asJava(call.arguments());
    if (arguments.size() == 2
        && arguments.get(1) instanceof Literal literal
        && literal.dataType() instanceof StringType
        && literal.value() != null) {
      String pattern = literal.value().toString();
      Optional<WrittenPart> part = WrittenPart.of(literal.origin(), statement);
      slip(function, pattern)
          .ifPresent(
              slip ->
                  part.ifPresent(
                      place ->
                          warnings.accept(
                              place.problem(
                                  ErrorCode.TIME_PATTERN,
                                  "The pattern '"
                                      + pattern
                                      + "' of "
                                      + function
                                      + " "
                                      + slip.what(),
                                  slip.remedy()))));
    }
  }

  /** Those with letters that Spark refuses, such as YYYY, are told when they are used. */
  private static Optional<TimePatterns.Slip> slip(String function, String pattern) {
    if (pattern.replaceAll("'[^']*'", "").matches(".*[YWwuec].*")) {
      return Optional.empty();
    }
    if (WRITING.contains(function)) {
      return TimePatterns.slipInWriting(pattern);
    }
    return READING.contains(function)
        ? TimePatterns.slip(pattern)
            .map(slip -> new TimePatterns.Slip(slip.what(), slip.remedy().replace("uuuu", "yyyy")))
        : Optional.empty();
  }
}
