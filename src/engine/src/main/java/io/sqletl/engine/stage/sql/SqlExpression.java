package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.StagePlanning;

/** SQL expressions that stand in keys of a stage. */
public final class SqlExpression {

  private SqlExpression() {}

  /** Checks the expression that is the value of a key. */
  public static void check(String key, String text, StagePlanning planning) {
    check(SqlText.ofKey(key, text, planning.block()), planning);
  }

  /** Checks an expression inside the object that is the value of a key. */
  public static void checkWithin(String key, String text, StagePlanning planning) {
    Position ofKey = planning.at(key);
    Position found = ofKey.source().find(ofKey.line(), text);
    check(SqlText.at(text, found.length() == 0 ? ofKey : found), planning);
  }

  private static void check(SqlText text, StagePlanning planning) {
    try {
      SqlSyntax.parseExpression(text.text());
    } catch (SqlSyntax.Failure e) {
      planning
          .problems()
          .accept(
              new Problem(
                  ErrorCode.SQL_SYNTAX,
                  text.at(e.offset(), e.length()),
                  e.getMessage(),
                  e.remedy()));
    }
  }
}
