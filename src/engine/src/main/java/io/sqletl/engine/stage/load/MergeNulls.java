package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Rows of a merge's view that go nowhere, whether they match or not, since conditions of its
 * clauses are NULL for them. Conditions that name the table say nothing of a row of the view alone.
 */
final class MergeNulls {

  private MergeNulls() {}

  /**
   * Warns with their number, which a query of the view counts.
   *
   * @param source the view under its alias
   * @param exists whether there was a table, whose rows they may match
   */
  static void tell(
      Dataset<Row> source, DeltaLakeMergeLoad keys, boolean exists, StageContext context) {
    Optional<Column> lost = lost(keys, exists);
    long rows = lost.isEmpty() ? 0 : source.where(lost.get()).count();
    if (rows > 0) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "The "
              + (keys.whenMatchedUpdate().isPresent() || keys.whenMatchedDelete().isPresent()
                  ? "conditions of the clauses are"
                  : "condition of \"whenNotMatchedByTargetInsert\" is")
              + " NULL for "
              + String.format(Locale.ROOT, "%,d", rows)
              + (rows == 1 ? " row" : " rows")
              + " of the view \""
              + keys.inputView()
              + "\", and NULL is not true: the merge does nothing with "
              + (rows == 1 ? "it" : "them"),
          "say what NULL means, as in coalesce(source.op, 'U') <> 'D', or leave such rows out"
              + " before");
    }
  }

  /** Nothing where that cannot be said of a row of the view alone. */
  private static Optional<Column> lost(DeltaLakeMergeLoad keys, boolean exists) {
    Optional<String> insert =
        keys.whenNotMatchedByTargetInsert().flatMap(DeltaLakeMergeLoad.Write::condition);
    if (insert.isEmpty() || !isOfSource(insert.get())) {
      return Optional.empty();
    }
    Column notInserted = functions.expr(insert.get()).isNull();
    List<Optional<String>> matched = new ArrayList<>();
    keys.whenMatchedUpdate().ifPresent(clause -> matched.add(clause.condition()));
    keys.whenMatchedDelete().ifPresent(clause -> matched.add(clause.condition()));
    if (!exists || matched.isEmpty()) {
      return Optional.of(notInserted);
    }
    if (!matched.stream().allMatch(text -> text.filter(MergeNulls::isOfSource).isPresent())) {
      return Optional.empty();
    }
    List<Column> conditions = matched.stream().map(text -> functions.expr(text.get())).toList();
    Column noneIsTrue =
        conditions.stream()
            .map(each -> functions.not(functions.coalesce(each, functions.lit(false))))
            .reduce(Column::and)
            .orElseThrow();
    Column anyIsNull = conditions.stream().map(Column::isNull).reduce(Column::or).orElseThrow();
    return Optional.of(notInserted.and(noneIsTrue).and(anyIsNull));
  }

  private static boolean isOfSource(String condition) {
    return new MergeSides(condition).only().filter("source"::equals).isPresent();
  }
}
