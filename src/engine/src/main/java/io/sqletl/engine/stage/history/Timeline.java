package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.deleted;
import static io.sqletl.engine.stage.history.Names.end;
import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;
import static io.sqletl.engine.stage.history.Names.values;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.last;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.StructField;

/**
 * The versions that things have when events are put among those that the table has. Each version is
 * a point where it begins, and one where it ends; each event is a point. In the order of time, a
 * point that says what the one before it says is none, and a version lasts from its point to the
 * next.
 */
final class Timeline {

  /** What becomes true again after a late snapshot, which only spoke of its own time. */
  private static final int RESTORED = -1;

  private static final int ENDED = 0;
  private static final int BEGAN = 1;
  static final int EVENT = 2;

  private static final String BEFORE = "before";
  private static final String KNOWN = "known";
  private static final String NEXT = "next";
  private static final String TOLD = "told";
  private static final String RUN = "run";
  private static final String FRESH = "fresh";

  /** Of one thing, by time; at one time what counts most comes first. */
  private static final WindowSpec IN_ORDER =
      Window.partitionBy(key()).orderBy(start().asc(), col(Names.KIND).desc());

  private static final WindowSpec SO_FAR =
      IN_ORDER.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
  private static final WindowSpec BEFORE_IT = IN_ORDER.rowsBetween(Window.unboundedPreceding(), -1);
  private static final WindowSpec OF_ONE_THING =
      IN_ORDER.rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());

  private final HistoryColumns columns;
  private final Choices.OnDelete onDelete;
  private final Choices.LateRows lateRows;

  Timeline(HistoryColumns columns, Choices.OnDelete onDelete, Choices.LateRows lateRows) {
    this.columns = columns;
    this.onDelete = onDelete;
    this.lateRows = lateRows;
  }

  /**
   * The versions and gaps of things; {@link Names#KEPT} says which the table has already.
   *
   * @param existing the versions that the table has of these things
   * @param events one a thing and time
   * @param until when a late snapshot ceases to be true; null for other loads
   */
  Dataset<Row> of(Dataset<Row> existing, Dataset<Row> events, Column until) {
    Dataset<Row> points = distinctTimes(withLateness(points(existing, events, until)));
    return columns.layout().type() == HistoryType.NEWEST ? newest(points) : versions(points);
  }

  private Dataset<Row> points(Dataset<Row> existing, Dataset<Row> events, Column until) {
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
    Dataset<Row> all =
        began
            .unionByName(
                point(existing.where(end().isNotNull()), end(), ENDED, lit(true), nothing, none))
            .unionByName(point(events, start(), EVENT, deleted(), values(), none));
    if (until == null) {
      return all;
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
    return all.unionByName(
        point(
            states,
            until,
            RESTORED,
            deleted(),
            when(deleted(), nothing).otherwise(values()),
            none));
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

  private static Column isKind(int kind) {
    return col(Names.KIND).equalTo(kind);
  }

  private static Column isKnown() {
    return isKind(BEGAN).or(isKind(ENDED));
  }

  private Dataset<Row> withLateness(Dataset<Row> points) {
    Dataset<Row> known =
        points
            .withColumn(Names.LAST, max(when(isKnown(), start())).over(OF_ONE_THING))
            .withColumn(
                Names.LATE, isKind(EVENT).and(coalesce(start().lt(col(Names.LAST)), lit(false))));
    return lateRows == Choices.LateRows.ignore
        ? known.where(col(Names.LATE).equalTo(false))
        : known;
  }

  /** Of several points at one time the one that counts, with the version that it stands for. */
  private static Dataset<Row> distinctTimes(Dataset<Row> points) {
    Column sameAsNext = col(NEXT).getField(Names.START).eqNullSafe(start());
    return points
        .withColumn(BEFORE, lag(start(), 1).over(IN_ORDER))
        .withColumn(
            NEXT, lead(struct(start(), col(Names.KIND), col(Names.EXISTING)), 1).over(IN_ORDER))
        .where(col(BEFORE).isNull().or(col(BEFORE).notEqual(start())))
        // An event hides what the table said at its time; what was side by side is told by that
        .withColumn(
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
                            .as(Names.VALUES))))
        .withColumn(
            Names.AT_END,
            coalesce(sameAsNext.and(col(NEXT).getField(Names.KIND).equalTo(ENDED)), lit(false)))
        .withColumn(
            Names.EXISTING,
            when(col(Names.EXISTING).isNull().and(sameAsNext), col(NEXT).getField(Names.EXISTING))
                .otherwise(col(Names.EXISTING)))
        .drop(BEFORE, NEXT);
  }

  private Dataset<Row> versions(Dataset<Row> points) {
    Column state = struct(deleted().as(Names.DELETED), values().as(Names.VALUES));
    Column asBefore = saysTheSame(col(BEFORE));
    Column fresh =
        asBefore
            .equalTo(false)
            // Versions that were there side by side stay so, whatever is tracked today
            .or(isKnown().and(col(KNOWN).isNotNull()).and(saysTheSame(col(KNOWN))))
            .or(isKind(BEGAN).and(deleted()).and(col(BEFORE).isNull()));
    Dataset<Row> judged =
        points
            .withColumn(BEFORE, lag(state, 1).over(IN_ORDER))
            .withColumn(KNOWN, last(col(TOLD), true).over(BEFORE_IT))
            .withColumn(FRESH, fresh)
            .drop(BEFORE, KNOWN, TOLD);
    if (onDelete == Choices.OnDelete.remove) {
      judged =
          judged.withColumn(
              NEXT, max(when(isKind(EVENT).and(deleted()), start())).over(OF_ONE_THING));
    }
    Dataset<Row> kept = latestValues(judged).where(col(FRESH));
    kept = kept.withColumn(Names.END, lead(start(), 1).over(IN_ORDER));
    if (onDelete == Choices.OnDelete.remove) {
      kept = kept.where(col(NEXT).isNull().or(start().geq(col(NEXT)))).drop(NEXT);
    }
    boolean tombstones = onDelete == Choices.OnDelete.tombstone;
    if (tombstones) {
      kept = kept.withColumn(Names.VALUES, coalesce(values(), last(values(), true).over(SO_FAR)));
    }
    return kept.withColumn(
            Names.VERSION,
            tombstones
                ? lit(true)
                : deleted()
                    .equalTo(false)
                    .or(coalesce(col(Names.EXISTING).getField(Names.DELETED), lit(false))))
        .withColumn(Names.KEPT, isAsExisting(col(Names.EXISTING), columns.untracked()))
        .drop(FRESH);
  }

  /** Columns that make no version are those of the last row that says the same. */
  private Dataset<Row> latestValues(Dataset<Row> points) {
    if (columns.untracked().isEmpty()) {
      return points;
    }
    WindowSpec run =
        Window.partitionBy(key(), col(RUN))
            .orderBy(start())
            .rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());
    Column latest = col(NEXT + "Values");
    List<Column> fields = new ArrayList<>();
    for (StructField field : columns.data()) {
      Column from = columns.sequence().contains(field) ? values() : latest;
      fields.add(from.getField(field.name()).as(field.name()));
    }
    return points
        .withColumn(RUN, sum(when(col(FRESH), lit(1)).otherwise(lit(0))).over(SO_FAR))
        .withColumn(NEXT + "Values", last(values()).over(run))
        .withColumn(
            Names.VALUES,
            when(deleted(), values()).otherwise(struct(fields.toArray(Column[]::new))))
        .drop(RUN, NEXT + "Values");
  }

  private Column saysTheSame(Column other) {
    Column otherDeleted = other.getField(Names.DELETED);
    return when(other.isNull(), deleted())
        .when(deleted().or(otherDeleted), deleted().and(otherDeleted))
        .otherwise(ValueComparison.same(values(), other.getField(Names.VALUES), columns.tracked()));
  }

  /** Whether a version of the table is this one; what is not compared may differ. */
  private Column isAsExisting(Column existing, List<StructField> untracked) {
    List<StructField> compared = new ArrayList<>(columns.tracked());
    compared.addAll(untracked);
    return existing
        .isNotNull()
        .and(existing.getField(Names.END).eqNullSafe(end()))
        .and(existing.getField(Names.DELETED).eqNullSafe(deleted()))
        .and(
            deleted()
                .or(ValueComparison.same(values(), existing.getField(Names.VALUES), compared)));
  }

  /** The last point of each thing. */
  private Dataset<Row> newest(Dataset<Row> points) {
    List<StructField> inPlace = new ArrayList<>(columns.untracked());
    inPlace.addAll(columns.sequence());
    boolean tombstones = onDelete == Choices.OnDelete.tombstone;
    Column ofTable = last(col(Names.EXISTING), true).over(OF_ONE_THING);
    return points
        .withColumn(NEXT, lead(start(), 1).over(IN_ORDER))
        .withColumn(Names.EXISTING, ofTable)
        .withColumn(
            Names.VALUES,
            tombstones ? coalesce(values(), last(values(), true).over(SO_FAR)) : values())
        .where(col(NEXT).isNull())
        .drop(NEXT)
        .withColumn(Names.END, lit(null).cast(columns.sequenceType()))
        .withColumn(Names.VERSION, tombstones ? values().isNotNull() : deleted().equalTo(false))
        .withColumn(Names.KEPT, isAsExisting(col(Names.EXISTING), inPlace));
  }
}
