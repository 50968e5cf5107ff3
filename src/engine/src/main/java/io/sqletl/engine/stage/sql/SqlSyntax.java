package io.sqletl.engine.stage.sql;

import io.delta.sql.parser.DeltaSqlParser;
import io.sqletl.engine.job.TypographicSigns;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.catalyst.parser.ParserInterface;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.execution.SparkSqlParser;

/** Spark's SQL parser, and Delta's for its own statements; neither needs a session. */
final class SqlSyntax {

  private static final Pattern NOISE =
      Pattern.compile("^\\s*(?:\\[[A-Z0-9_.]+]\\s*)?(.*?)\\.?(?:\\s*SQLSTATE: \\w+.*)?$");

  /** ANTLR names the same token twice. */
  private static final Pattern EXTRA_INPUT =
      Pattern.compile("( at or near ('.*')): extra input \\2$", Pattern.DOTALL);

  private static final Pattern TOKEN = Pattern.compile("^'(.*)'$", Pattern.DOTALL);

  private SqlSyntax() {}

  /** One statement as a plan whose names are not resolved. */
  static LogicalPlan parse(String sql) throws Failure {
    ParserInterface spark = new SparkSqlParser();
    try {
      return spark.parsePlan(sql);
    } catch (Exception e) {
      return parseAsDelta(spark, sql, failure(sql, e));
    }
  }

  /** Checks an expression. */
  static void parseExpression(String sql) throws Failure {
    try {
      new SparkSqlParser().parseExpression(sql);
    } catch (Exception e) {
      throw failure(sql, e);
    }
  }

  /**
   * Delta's parser takes what is its own and hands on the rest; asking it second spares its cost to
   * the jobs that have no such statement.
   */
  private static LogicalPlan parseAsDelta(ParserInterface spark, String sql, Failure ofSpark)
      throws Failure {
    try {
      return new DeltaSqlParser(spark).parsePlan(sql);
    } catch (Exception e) {
      Failure ofDelta = failure(sql, e);
      throw ofDelta.offset > ofSpark.offset ? ofDelta : ofSpark;
    }
  }

  /**
   * Both parsers throw ParseException without declaring it.
   *
   * @return what is wrong, for a person
   */
  private static Failure failure(String sql, Exception e) {
    int sign = TypographicSigns.inSql(sql);
    if (sign >= 0) {
      return new Failure(
          "Here stands " + TypographicSigns.describe(sql.charAt(sign)),
          sign,
          1,
          TypographicSigns.remedy(sql.charAt(sign)),
          e);
    }
    if (!(e instanceof ParseException parse)) {
      return new Failure("This SQL cannot be read: " + firstLine(e.getMessage()), 0, 1, null, e);
    }
    int offset = 0;
    int length = 1;
    if (parse.start().line().isDefined() && parse.start().startPosition().isDefined()) {
      offset =
          offset(
              sql,
              (Integer) parse.start().line().get(),
              (Integer) parse.start().startPosition().get());
    }
    Matcher token = TOKEN.matcher(parse.getMessageParameters().getOrDefault("error", ""));
    if (token.matches()) {
      length = token.group(1).length();
    }
    boolean second =
        sql.substring(0, offset).stripTrailing().endsWith(";") && offset < sql.length();
    String remedy = second ? "write one statement per stage" : null;
    return new Failure(firstLine(e.getMessage()), offset, length, remedy, e);
  }

  /** ANTLR counts lines from 1 and code points of a line from 0. */
  static int offset(String sql, int line, int codePoints) {
    int start = 0;
    for (int number = 1; number < line; number++) {
      int lineBreak = sql.indexOf('\n', start);
      if (lineBreak < 0) {
        return sql.length();
      }
      start = lineBreak + 1;
    }
    int available = sql.codePointCount(start, sql.length());
    return sql.offsetByCodePoints(start, Math.min(codePoints, available));
  }

  private static String firstLine(String message) {
    String line = message.strip().lines().findFirst().orElse("Syntax error");
    Matcher matcher = NOISE.matcher(line);
    return EXTRA_INPUT.matcher(matcher.matches() ? matcher.group(1) : line).replaceFirst("$1");
  }

  /** SQL that does not parse. */
  static final class Failure extends Exception {

    private final int offset;
    private final int length;
    private final String remedy;

    private Failure(String message, int offset, int length, String remedy, Throwable cause) {
      super(message, cause);
      this.offset = offset;
      this.length = length;
      this.remedy = remedy;
    }

    int offset() {
      return offset;
    }

    int length() {
      return length;
    }

    String remedy() {
      return remedy;
    }
  }
}
