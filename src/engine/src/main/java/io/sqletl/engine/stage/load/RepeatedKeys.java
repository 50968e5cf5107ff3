package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.delta.AddedFiles;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Looks whether a merge has put a key into the table more than once. Delta refuses two rows for one
 * of the table, and inserts both where the table has none. The files that the merge wrote are read,
 * their keys alone: the view may be dear to compute a second time.
 */
final class RepeatedKeys {

  private static final String COUNT = InternalColumn.PREFIX + "rows";
  private static final int MOST_SHOWN = 3;

  /** Up to here one task is faster than to deal the keys out. */
  private static final long ONE_TASK = 16L << 20;

  private RepeatedKeys() {}

  /**
   * Warns of those that are there.
   *
   * @param keys columns of the table
   * @param plain those of them in which NULL is no key, as it equals nothing
   */
  static void warn(List<String> keys, List<String> plain, AddedFiles added, StageContext context) {
    Optional<Dataset<Row>> rows = added.rows();
    if (rows.isEmpty()) {
      return;
    }
    Column[] columns = keys.stream().map(ColumnName::column).toArray(Column[]::new);
    Column isThere =
        plain.stream()
            .map(key -> ColumnName.column(key).isNotNull())
            .reduce(Column::and)
            .orElse(functions.lit(true));
    Dataset<Row> values = rows.get().select(columns).where(isThere);
    List<Row> found =
        (added.bytes() > ONE_TASK ? values : values.coalesce(1))
            .groupBy(columns)
            .agg(functions.count(functions.lit(1)).as(COUNT))
            .where(functions.col(COUNT).gt(1))
            .orderBy(columns)
            .takeAsList(MOST_SHOWN + 1);
    if (found.isEmpty()) {
      return;
    }
    context.warnOf(
        ErrorCode.REPEATED_KEY,
        "keys that are in the table more than once: "
            + found.stream()
                .limit(MOST_SHOWN)
                .map(row -> MergeDuplicates.key(row, keys))
                .collect(Collectors.joining(", "))
            + (found.size() > MOST_SHOWN ? " and more" : "")
            + ". A merge inserts each row of the view that matches none of the table, and the next"
            + " one that matches these fails",
        "keep one row of each key before the merge, as with row_number() OVER (PARTITION BY "
            + String.join(", ", keys)
            + " ORDER BY …) = 1");
  }
}
