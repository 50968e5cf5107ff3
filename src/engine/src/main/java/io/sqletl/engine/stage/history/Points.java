package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.deleted;
import static io.sqletl.engine.stage.history.Names.end;
import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;
import static io.sqletl.engine.stage.history.Names.values;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * What is known of things and what a load says of them, in the order of time. Each version of the
 * table is a point where it begins, and one where it ends; each event is a point.
 */
final class Points {

  /** What becomes true again after a late snapshot, which only spoke of its own time. */
  private static final int RESTORED = -1;

  private static final int ENDED = 0;
  private static final int BEGAN = 1;
  private static final int EVENT = 2;

  /** What the table said at the time of a point; null where it said nothing new. */
  static final String TOLD = "told";

  /** Whether an event of a point's thing was passed over as late. */
  static final String PASSED = "passed";

  private static final String BEFORE = "before";
  private static final String NEXT = "next";
  private static final String LAST_END = "lastEnd";

  /** Of one thing, by time; at one time what counts most comes first. */
  static final WindowSpec IN_ORDER =
      Window.partitionBy(key()).orderBy(start().asc(), col(Names.KIND).desc());

  static final WindowSpec SO_FAR =
      IN_ORDER.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
  static final WindowSpec BEFORE_IT = IN_ORDER.rowsBetween(Window.unboundedPreceding(), -1);
  static final WindowSpec OF_ONE_THING =
      IN_ORDER.rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());

  private final HistoryColumns columns;
  private final Choices.LateRows lateRows;

  Points(HistoryColumns columns, Choices.LateRows lateRows) {
    this.columns = columns;
    this.lateRows = lateRows;
  }

  /**
   * One point a thing and time, those that are passed over left out.
   *
   * @param existing the versions that the table has of these things
   * @param events one a thing and time
   * @param until when a late snapshot ceases to be true; null for other loads
   */
  Dataset<Row> of(Dataset<Row> existing, Dataset<Row> events, Column until) {
    return distinctTimes(counting(withLateness(all(existing, events, until), until != null)));
  }

  private Dataset<Row> all(Dataset<Row> existing, Dataset<Row> events, Column until) {
    Column version =
        struct(
            start().as(Names.START),
            end().as(Names.END),
            deleted().as(Names.DELETED),
            values().as(Names.VALUES),
            col(Names.FILE).as(Names.FILE));
    Dataset<Row> began = point(existing, start(), BEGAN, deleted(), values(), version);
    Column none = lit(null).cast(began.schema().apply(Names.EXISTING).dataType());
    Column nothing = lit(null).cast(columns.dataType());
    Dataset<Row> known =
        began
            .unionByName(
                point(existing.where(end().isNotNull()), end(), ENDED, lit(true), nothing, none))
            .unionByName(point(events, start(), EVENT, deleted(), values(), none));
    if (until == null) {
      return known;
    }
    Column holds = start().leq(until).and(end().isNull().or(end().gt(until)));
    Dataset<Row> things = existing.select(key()).union(events.select(key())).distinct();
    Dataset<Row> states =
        things
            .join(
                existing
                    .where(holds)
                    .select(
                        key().as("held"), deleted().as(Names.DELETED), values().as(Names.VALUES)),
                key().equalTo(col("held")),
                "left_outer")
            .withColumn(Names.DELETED, coalesce(deleted(), lit(true)));
    return known.unionByName(point(states, until, RESTORED, deleted(), values(), none));
  }

  private static Dataset<Row> point(
      Dataset<Row> rows, Column at, int kind, Column deleted, Column values, Column existing) {
    return rows.select(
        key().as(Names.KEY),
        at.as(Names.START),
        lit(kind).as(Names.KIND),
        deleted.as(Names.DELETED),
        values.as(Names.VALUES),
        existing.as(Names.EXISTING));
  }

  /** Whether a point is what a load says. */
  static Column isEvent() {
    return isKind(EVENT);
  }

  /** Whether a version of the table begins at a point. */
  static Column begins() {
    return isKind(BEGAN);
  }

  private static Column isKind(int kind) {
    return col(Names.KIND).equalTo(kind);
  }

  /** Whether a point is what the table says. */
  static Column isKnown() {
    return begins().or(isKind(ENDED));
  }

  private Dataset<Row> withLateness(Dataset<Row> points, boolean isLateSnapshot) {
    Dataset<Row> known =
        points.withColumn(Names.LAST, max(when(isKnown(), start())).over(OF_ONE_THING));
    Column event = isEvent();
    if (isLateSnapshot) {
      return known.withColumn(Names.LATE, event);
    }
    if (lateRows == Choices.LateRows.ignore) {
      known = withoutVanished(known);
    }
    return known.withColumn(
        Names.LATE, event.and(coalesce(start().lt(col(Names.LAST)), lit(false))));
  }

  /**
   * A thing that is deleted at the time at which its last version began has never had that, so that
   * what the table knows of it ends before. Were it else, the same load would find that out the
   * second time, and let in rows that it passed over the first time.
   */
  private Dataset<Row> withoutVanished(Dataset<Row> known) {
    Column lastEnd =
        max(when(isKind(BEGAN).and(not(deleted())), col(Names.EXISTING).getField(Names.END)))
            .over(OF_ONE_THING);
    Column isDeletedAtLast =
        max(when(isEvent().and(deleted()).and(start().equalTo(col(Names.LAST))), lit(true)))
            .over(OF_ONE_THING);
    if (columns.isNewest()) {
      // Where the one row of a thing says so already, nothing vanishes
      Column wasDeleted = max(when(isKind(BEGAN), deleted())).over(OF_ONE_THING);
      isDeletedAtLast = when(not(coalesce(wasDeleted, lit(false))), isDeletedAtLast);
    }
    return known
        .withColumn(LAST_END, lastEnd)
        .withColumn(
            Names.LAST,
            when(
                    isDeletedAtLast
                        .isNotNull()
                        .and(coalesce(col(LAST_END).lt(col(Names.LAST)), lit(true))),
                    col(LAST_END))
                .otherwise(col(Names.LAST)))
        .drop(LAST_END);
  }

  /**
   * How many events {@link Choices.LateRows#ignore} passes over.
   *
   * @param existing as in {@link #of}
   * @param events as in {@link #of}
   */
  long passedOver(Dataset<Row> existing, Dataset<Row> events) {
    return lateRows == Choices.LateRows.ignore
        ? withLateness(all(existing, events, null), false).where(col(Names.LATE)).count()
        : 0;
  }

  private Dataset<Row> counting(Dataset<Row> points) {
    return lateRows == Choices.LateRows.ignore
        ? points
            .withColumn(PASSED, max(col(Names.LATE)).over(OF_ONE_THING))
            .where(not(col(Names.LATE)))
        : points.withColumn(PASSED, lit(false));
  }

  /** Of several points at one time the one that counts, with the version that it stands for. */
  private static Dataset<Row> distinctTimes(Dataset<Row> points) {
    Column sameAsNext = col(NEXT).getField(Names.START).eqNullSafe(start());
    return points
        .withColumns(
            Map.of(
                BEFORE,
                lag(start(), 1).over(IN_ORDER),
                NEXT,
                lead(struct(start(), col(Names.KIND), col(Names.EXISTING)), 1).over(IN_ORDER)))
        .where(col(BEFORE).isNull().or(col(BEFORE).notEqual(start())))
        // An event hides what the table said at its time; what was side by side is told by that
        .withColumns(
            Map.of(
                TOLD,
                when(isKnown(), struct(deleted().as(Names.DELETED), values().as(Names.VALUES)))
                    .when(
                        sameAsNext.and(col(NEXT).getField(Names.KIND).geq(ENDED)),
                        struct(
                            coalesce(
                                    col(NEXT).getField(Names.EXISTING).getField(Names.DELETED),
                                    lit(true))
                                .as(Names.DELETED),
                            col(NEXT)
                                .getField(Names.EXISTING)
                                .getField(Names.VALUES)
                                .as(Names.VALUES))),
                Names.AT_END,
                coalesce(sameAsNext.and(col(NEXT).getField(Names.KIND).equalTo(ENDED)), lit(false)),
                Names.EXISTING,
                when(
                        col(Names.EXISTING).isNull().and(sameAsNext),
                        col(NEXT).getField(Names.EXISTING))
                    .otherwise(col(Names.EXISTING))))
        .drop(BEFORE, NEXT);
  }
}
