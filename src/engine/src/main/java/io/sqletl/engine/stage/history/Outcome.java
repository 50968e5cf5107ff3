package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.deleted;
import static io.sqletl.engine.stage.history.Names.end;
import static io.sqletl.engine.stage.history.Names.key;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a load comes to, counted thing by thing before anything is written. */
final class Outcome {

  private static final String THERE = "there";
  private static final String THERE_OPEN = "thereOpen";
  private static final String KEPT = "keptVersions";
  private static final String NEW = "newVersions";
  private static final String SUCCEEDS = "succeeds";
  private static final String OPEN = "open";
  private static final String EVENTS = "events";
  private static final String UNSOUND = "unsound";
  private static final String LATE = "lateEvents";
  private static final List<String> MEASURES =
      List.of(THERE, THERE_OPEN, KEPT, NEW, SUCCEEDS, OPEN, EVENTS, LATE, UNSOUND);

  private final Row sums;
  private final HistoryRules rules;

  private Outcome(Row sums, HistoryRules rules) {
    this.sums = sums;
    this.rules = rules;
  }

  /**
   * Counts, in one pass over what the load touches.
   *
   * @param existing the versions of the table
   * @param versions those that there will be, and gaps
   * @param events what is loaded
   */
  static Outcome of(
      Dataset<Row> existing,
      Dataset<Row> versions,
      Dataset<Row> events,
      HistoryType type,
      HistoryRules rules) {
    Column isVersion = col(Names.VERSION);
    Column isKept = isVersion.and(col(Names.KEPT));
    Column isNew = isVersion.and(col(Names.KEPT).equalTo(false));
    Dataset<Row> all =
        measures(
                existing,
                Map.of(
                    THERE,
                    lit(1L),
                    THERE_OPEN,
                    one(end().isNull().and(deleted().equalTo(false))),
                    UNSOUND,
                    one(HistoryVerification.problem(type).isNotNull())))
            .unionAll(
                measures(
                    versions,
                    Map.of(
                        KEPT,
                        one(isKept),
                        NEW,
                        one(isNew),
                        SUCCEEDS,
                        one(isNew.and(col(Names.EXISTING).isNotNull())),
                        OPEN,
                        one(isVersion.and(end().isNull()).and(deleted().equalTo(false))),
                        LATE,
                        one(col(Names.EFFECTIVE)))))
            .unionAll(measures(events, Map.of(EVENTS, lit(1L))));
    List<Column> perThing = new ArrayList<>();
    for (String measure : MEASURES) {
      perThing.add(sum(measure).as(measure));
    }
    Dataset<Row> things =
        all.groupBy(key())
            .agg(perThing.get(0), perThing.subList(1, perThing.size()).toArray(Column[]::new));
    Column changed = col(NEW).gt(0).or(col(KEPT).notEqual(col(THERE)));
    Column appeared = changed.and(col(THERE_OPEN).equalTo(0)).and(col(OPEN).gt(0));
    Column vanished = changed.and(col(THERE_OPEN).gt(0)).and(col(OPEN).equalTo(0));
    Row sums =
        things
            .agg(
                total(one(appeared)),
                total(one(changed.and(appeared.or(vanished).equalTo(false)))),
                total(one(changed.equalTo(false).and(col(EVENTS).gt(0)))),
                total(one(vanished)),
                total(col(LATE)),
                total(col(NEW)),
                total(col(SUCCEEDS)),
                total(col(THERE)),
                total(col(KEPT)),
                total(col(UNSOUND)))
            .head();
    return new Outcome(sums, rules);
  }

  /** In one step, since each costs more to plan than to run. */
  private static Dataset<Row> measures(Dataset<Row> rows, Map<String, Column> given) {
    List<Column> columns = new ArrayList<>();
    columns.add(key().as(Names.KEY));
    for (String measure : MEASURES) {
      columns.add(given.getOrDefault(measure, lit(0L)).as(measure));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static Column one(Column condition) {
    return when(condition, 1L).otherwise(0L);
  }

  private static Column total(Column number) {
    return coalesce(sum(number), lit(0L));
  }

  /**
   * Ends the run if rows came late that would change something, and must not.
   *
   * @throws StageException with their number
   */
  void requireInTime(String view, String uri) {
    long late = sums.getLong(4);
    if (late > 0 && rules.lateRows() == Choices.LateRows.fail) {
      throw new StageException(
          late
              + (late == 1 ? " row" : " rows")
              + " of the view \""
              + view
              + "\" came late: the table at '"
              + uri
              + "' has later versions of the same key, and \"lateRows\" is \"fail\".");
    }
  }

  HistoryCounts counts(long unchanged, long copies) {
    return new HistoryCounts(
        sums.getLong(0),
        sums.getLong(1),
        sums.getLong(2) + unchanged,
        sums.getLong(3),
        sums.getLong(4),
        copies);
  }

  /** Whether the versions that the table has of the things are a history. */
  boolean isSound() {
    return sums.getLong(9) == 0;
  }

  /** Versions that are written, in place of others or new. */
  long newVersions() {
    return sums.getLong(5);
  }

  /** Those of them that are written in place of another. */
  long successors() {
    return sums.getLong(6);
  }

  /** Versions of the table that it will not have any more. */
  long removed() {
    return sums.getLong(7) - sums.getLong(8);
  }
}
