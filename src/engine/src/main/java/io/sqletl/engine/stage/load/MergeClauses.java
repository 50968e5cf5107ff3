package io.sqletl.engine.stage.load;

import io.delta.tables.DeltaMergeBuilder;
import io.delta.tables.DeltaMergeMatchedActionBuilder;
import io.delta.tables.DeltaMergeNotMatchedActionBuilder;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.load.DeltaLakeMergeLoad.Delete;
import io.sqletl.engine.stage.load.DeltaLakeMergeLoad.Write;
import io.sqletl.engine.stage.sql.SqlExpression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The clauses of a merge as Delta is given them. */
final class MergeClauses {

  private static final String CONDITION = "condition";
  private static final String MATCHED_DELETE = "whenMatchedDelete";
  private static final String MATCHED_UPDATE = "whenMatchedUpdate";
  private static final String INSERT = "whenNotMatchedByTargetInsert";
  private static final String SOURCE_DELETE = "whenNotMatchedBySourceDelete";

  private final DeltaLakeMergeLoad keys;

  MergeClauses(DeltaLakeMergeLoad keys) {
    this.keys = keys;
  }

  /** Reports expressions that do not parse, and clauses that could never be reached. */
  void check(StagePlanning planning) {
    SqlExpression.check(CONDITION, keys.condition(), planning);
    keys.whenMatchedDelete().ifPresent(clause -> check(MATCHED_DELETE, clause, planning));
    keys.whenMatchedUpdate().ifPresent(clause -> check(MATCHED_UPDATE, clause, planning));
    keys.whenNotMatchedByTargetInsert().ifPresent(clause -> check(INSERT, clause, planning));
    keys.whenNotMatchedBySourceDelete().ifPresent(clause -> check(SOURCE_DELETE, clause, planning));
    if (keys.whenMatchedDelete().isEmpty()
        && keys.whenMatchedUpdate().isEmpty()
        && keys.whenNotMatchedByTargetInsert().isEmpty()
        && keys.whenNotMatchedBySourceDelete().isEmpty()) {
      planning.missing(
          INSERT,
          "DeltaLakeMergeLoad needs at least one of the keys "
              + String.join(", ", MATCHED_DELETE, MATCHED_UPDATE, INSERT, SOURCE_DELETE));
    }
    checkOrder(planning);
    checkSides(planning);
  }

  /** A condition that compares nothing of the view with the table is true of all rows, or none. */
  private void checkSides(StagePlanning planning) {
    Optional<String> side = new MergeSides(keys.condition()).only();
    if (side.isEmpty()) {
      return;
    }
    planning
        .warnings()
        .accept(
            new Problem(
                ErrorCode.LOST_IN_LOAD,
                planning.at(CONDITION),
                "\"condition\" names columns of "
                    + side.get()
                    + " alone, so that where it is true each row of the view matches every row of"
                    + " the table",
                "compare both sides, as in source.id = target.id"));
  }

  private void checkOrder(StagePlanning planning) {
    boolean deleteFirst = keys.whenMatchedDeleteFirst();
    boolean firstTakesAll =
        deleteFirst
            ? keys.whenMatchedDelete().filter(clause -> clause.condition().isEmpty()).isPresent()
            : keys.whenMatchedUpdate().filter(clause -> clause.condition().isEmpty()).isPresent();
    if (keys.whenMatchedDelete().isPresent()
        && keys.whenMatchedUpdate().isPresent()
        && firstTakesAll) {
      planning.invalid(
          deleteFirst ? MATCHED_DELETE : MATCHED_UPDATE,
          "This clause takes every matched row, so that the other one has none",
          "give it a condition, or turn \"whenMatchedDeleteFirst\" round");
    }
  }

  private static void check(String key, Delete clause, StagePlanning planning) {
    clause.condition().ifPresent(text -> SqlExpression.checkWithin(key, text, planning));
  }

  private static void check(String key, Write clause, StagePlanning planning) {
    clause.condition().ifPresent(text -> SqlExpression.checkWithin(key, text, planning));
    clause.values().values().forEach(text -> SqlExpression.checkWithin(key, text, planning));
  }

  /**
   * @param columns those of the table
   * @param conditions what a condition of the job is to Delta
   */
  DeltaMergeBuilder addTo(
      DeltaMergeBuilder merge, List<String> columns, UnaryOperator<String> conditions) {
    DeltaMergeBuilder matched =
        keys.whenMatchedDeleteFirst()
            ? update(delete(merge, conditions), columns, conditions)
            : delete(update(merge, columns, conditions), conditions);
    return deleteUnmatched(insert(matched, columns, conditions), conditions);
  }

  private DeltaMergeBuilder delete(DeltaMergeBuilder merge, UnaryOperator<String> conditions) {
    return keys.whenMatchedDelete()
        .map(clause -> matched(merge, clause.condition().map(conditions)).delete())
        .orElse(merge);
  }

  private DeltaMergeBuilder update(
      DeltaMergeBuilder merge, List<String> columns, UnaryOperator<String> conditions) {
    return keys.whenMatchedUpdate()
        .map(
            clause -> {
              DeltaMergeMatchedActionBuilder matched =
                  matched(merge, clause.condition().map(conditions));
              return clause.values().isEmpty()
                  ? matched.updateAll()
                  : matched.updateExpr(quoted(clause.values(), columns));
            })
        .orElse(merge);
  }

  private static DeltaMergeMatchedActionBuilder matched(
      DeltaMergeBuilder merge, Optional<String> condition) {
    return condition.map(merge::whenMatched).orElseGet(merge::whenMatched);
  }

  private DeltaMergeBuilder insert(
      DeltaMergeBuilder merge, List<String> columns, UnaryOperator<String> conditions) {
    return keys.whenNotMatchedByTargetInsert()
        .map(
            clause -> {
              DeltaMergeNotMatchedActionBuilder notMatched =
                  clause
                      .condition()
                      .map(conditions)
                      .map(merge::whenNotMatched)
                      .orElseGet(merge::whenNotMatched);
              return clause.values().isEmpty()
                  ? notMatched.insertAll()
                  : notMatched.insertExpr(quoted(clause.values(), columns));
            })
        .orElse(merge);
  }

  private DeltaMergeBuilder deleteUnmatched(
      DeltaMergeBuilder merge, UnaryOperator<String> conditions) {
    return keys.whenNotMatchedBySourceDelete()
        .map(
            clause ->
                clause
                    .condition()
                    .map(conditions)
                    .map(merge::whenNotMatchedBySource)
                    .orElseGet(merge::whenNotMatchedBySource)
                    .delete())
        .orElse(merge);
  }

  /** Delta reads a name with dots as a field of a column, unless the table has such a column. */
  private static Map<String, String> quoted(Map<String, String> values, List<String> columns) {
    Map<String, String> quoted = new LinkedHashMap<>();
    values.forEach(
        (name, value) ->
            quoted.put(columns.contains(name) ? "`" + name.replace("`", "``") + "`" : name, value));
    return quoted;
  }
}
