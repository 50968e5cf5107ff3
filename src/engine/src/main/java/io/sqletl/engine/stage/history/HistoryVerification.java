package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.end;
import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.StageException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What holds of every history: no version overlaps another of the same thing, each ends after it
 * began, only the last may be open, and the mark of the current version is at the open one.
 */
final class HistoryVerification {

  private static final int SHOWN = 5;
  private static final String PROBLEM = "problem";

  private HistoryVerification() {}

  /**
   * Ends the run if versions are not a history.
   *
   * @param versions as {@link HistoryColumns#versions} makes them
   * @param where the table, for the message
   * @param remedy what to do about it
   */
  static void require(Dataset<Row> versions, HistoryType type, String where, String remedy) {
    List<Row> found =
        problems(versions, type)
            .select(Names.keyText(), Names.startText(), col(PROBLEM))
            .limit(SHOWN + 1)
            .collectAsList();
    if (!found.isEmpty()) {
      throw new StageException(
          String.format(
              Locale.ROOT,
              "The table at '%s' is not a sound history:%s%s",
              where,
              found.stream()
                  .limit(SHOWN)
                  .map(
                      row ->
                          row.getString(0)
                              + ", version of "
                              + row.getString(1)
                              + ": "
                              + row.getString(2))
                  .collect(
                      Collectors.joining("\n  ", "\n  ", found.size() > SHOWN ? "\n  …\n" : "\n")),
              remedy));
    }
  }

  private static Dataset<Row> problems(Dataset<Row> versions, HistoryType type) {
    return versions.withColumn(PROBLEM, problem(type)).where(col(PROBLEM).isNotNull());
  }

  /** What is wrong with a version of {@link HistoryColumns#versions}; null if nothing is. */
  static Column problem(HistoryType type) {
    WindowSpec order = Window.partitionBy(key()).orderBy(start().asc(), end().asc_nulls_last());
    Column isFirst = row_number().over(order).equalTo(1);
    Column previousEnd = lag(end(), 1).over(order);
    Column previousStart = lag(start(), 1).over(order);
    return type == HistoryType.NEWEST
        ? when(isFirst.equalTo(false), "another row has the same key")
        : when(start().isNull(), "it has no start")
            .when(coalesce(end().leq(start()), lit(false)), "it ends before it begins")
            .when(
                isFirst.equalTo(false).and(previousStart.eqNullSafe(start())),
                "another version begins at the same time")
            .when(
                isFirst.equalTo(false).and(previousEnd.isNull()),
                "the version before it has no end")
            .when(
                isFirst.equalTo(false).and(previousEnd.gt(start())),
                "it overlaps the version before it")
            .when(col(Names.MARKED).equalTo(false), "the mark of the current version is wrong");
  }
}
