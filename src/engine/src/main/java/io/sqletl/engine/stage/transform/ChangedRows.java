package io.sqletl.engine.stage.transform;

import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.ViewReferences;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.plans.logical.DeleteFromTable;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.UpdateTable;

/** What a statement such as MERGE, UPDATE or INSERT did, told as of a load. */
final class ChangedRows {

  private static final String AFFECTED = "num_affected_rows";
  private static final String INSERTED = "num_inserted_rows";
  private static final String UPDATED = "num_updated_rows";
  private static final String DELETED = "num_deleted_rows";

  private final ViewReferences statement;

  /**
   * @param statement what the statement reads and changes
   */
  ChangedRows(ViewReferences statement) {
    this.statement = statement;
  }

  /** Where the tables are whose rows the statement changes; it has not run yet. */
  List<String> places(StageContext context) {
    return Stream.concat(
            statement.changesData().stream().map(ViewReferences.Data::uri),
            statement.changes().stream()
                .filter(view -> context.spark().catalog().tableExists(quoted(view)))
                .flatMap(view -> DeltaCommits.place(context.view(quoted(view))).stream()))
        .distinct()
        .toList();
  }

  /** Delta gives the numbers as the result of the statement, in one row. */
  void tell(SqlStatement ran, Dataset<Row> result, List<String> places, StageContext context) {
    if (statement.changes().isEmpty() && statement.changesData().isEmpty()) {
      return;
    }
    Optional<RowChanges> changes = changes(ran, result);
    changes.ifPresent(context::changed);
    if (changes.isEmpty() || changes.get().total() > 0) {
      places.forEach(context::wrote);
    }
  }

  private static Optional<RowChanges> changes(SqlStatement ran, Dataset<Row> result) {
    List<String> columns = Arrays.asList(result.columns());
    if (!columns.contains(AFFECTED)) {
      return Optional.empty();
    }
    List<Row> rows = result.collectAsList();
    if (rows.size() != 1) {
      return Optional.empty();
    }
    Row row = rows.get(0);
    if (columns.contains(UPDATED)) {
      return Optional.of(
          new RowChanges(
              number(row, columns, INSERTED),
              number(row, columns, UPDATED),
              number(row, columns, DELETED),
              0));
    }
    long affected = number(row, columns, AFFECTED);
    LogicalPlan statement = ran.plan().orElse(null);
    return statement instanceof UpdateTable
        ? Optional.of(new RowChanges(0, affected, 0, 0))
        : statement instanceof DeleteFromTable
            ? Optional.of(new RowChanges(0, 0, affected, 0))
            : Optional.empty();
  }

  private static String quoted(String view) {
    return "`" + view.replace("`", "``") + "`";
  }

  private static long number(Row row, List<String> columns, String name) {
    int at = columns.indexOf(name);
    return at >= 0 && row.get(at) instanceof Number number ? number.longValue() : 0;
  }
}
