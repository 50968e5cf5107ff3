package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts values that are written and do not read back as they were, while they are written, and
 * tells them.
 */
final class LossyValues {

  /**
   * Values to count.
   *
   * @param isLossy true for such a row
   * @param message what is told, behind the number of rows
   * @param remedy what to do about it
   */
  record Kind(Column isLossy, String message, String remedy) {}

  private record Counted(Kind kind, LossyRows rows) {}

  private final List<Counted> counted;

  LossyValues(StageContext context, List<Kind> kinds) {
    counted =
        kinds.stream()
            .map(kind -> new Counted(kind, LossyRows.counter(context.spark().sparkContext())))
            .toList();
  }

  /**
   * The same rows, counted when they are computed; to be used once. By a filter that lets all pass,
   * as Spark's own way to observe rows makes a copy of each.
   */
  Dataset<Row> counting(Dataset<Row> rows) {
    return counted.stream()
        .map(each -> when(each.kind().isLossy(), each.rows().count()).otherwise(lit(true)))
        .reduce(Column::and)
        .map(rows::filter)
        .orElse(rows);
  }

  /** Warns of each kind of which a row was written. */
  void tell(StageContext context) {
    for (Counted each : counted) {
      long rows = each.rows().found();
      if (rows > 0) {
        context.warn(
            ErrorCode.LOSSY_WRITE,
            context.type() + ": " + rows + (rows == 1 ? " row " : " rows ") + each.kind().message(),
            each.kind().remedy());
      }
    }
  }
}
