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
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
  static final String TOLD = "told";
  static final String FRESH = "fresh";
  private static final String HAD = "had";
  private static final String PASSED = "passed";
  private static final String LAST_END = "lastEnd";

  /** Of one thing, by time; at one time what counts most comes first. */
  private static final WindowSpec IN_ORDER =
      Window.partitionBy(key()).orderBy(start().asc(), col(Names.KIND).desc());

  static final WindowSpec SO_FAR =
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
    Dataset<Row> points =
        distinctTimes(counting(withLateness(points(existing, events, until), until != null)));
    return isNewest() ? newest(points) : versions(points, until != null);
  }

  private boolean isNewest() {
    return columns.layout().type() == HistoryType.NEWEST;
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
    return all.unionByName(point(states, until, RESTORED, deleted(), values(), none));
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

  private Dataset<Row> withLateness(Dataset<Row> points, boolean isLateSnapshot) {
    Dataset<Row> known =
        points.withColumn(Names.LAST, max(when(isKnown(), start())).over(OF_ONE_THING));
    Column isEvent = isKind(EVENT);
    if (isLateSnapshot) {
      return known.withColumn(Names.LATE, isEvent);
    }
    if (lateRows == Choices.LateRows.ignore) {
      known = withoutVanished(known);
    }
    return known.withColumn(
        Names.LATE, isEvent.and(coalesce(start().lt(col(Names.LAST)), lit(false))));
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
        max(when(isKind(EVENT).and(deleted()).and(start().equalTo(col(Names.LAST))), lit(true)))
            .over(OF_ONE_THING);
    if (isNewest()) {
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
        ? withLateness(points(existing, events, null), false).where(col(Names.LATE)).count()
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

  private Dataset<Row> versions(Dataset<Row> points, boolean isLateSnapshot) {
    boolean tombstones = onDelete == Choices.OnDelete.tombstone;
    boolean removes = onDelete == Choices.OnDelete.remove;
    Column state = struct(deleted().as(Names.DELETED), values().as(Names.VALUES));
    Column asBefore = saysTheSame(col(BEFORE));
    // Deleted when it began: of what the table knew of it, a tombstone is all that is left
    Column onlyDeleted =
        deleted()
            .and(col(TOLD).isNotNull())
            .and(not(coalesce(col(HAD), lit(false))))
            .and(tombstones ? lit(true) : col(TOLD).getField(Names.DELETED));
    Column fresh =
        not(asBefore)
            // Versions that were there side by side stay so, whatever is tracked today
            .or(isKnown().and(col(KNOWN).isNotNull()).and(saysTheSame(col(KNOWN))))
            .or(onlyDeleted)
            // What decided which rows are late has to decide it the same way the next time
            .or(col(PASSED).and(start().equalTo(col(Names.LAST))).and(not(deleted())));
    Dataset<Row> judged =
        points
            .withColumns(
                Map.of(
                    BEFORE,
                    lag(state, 1).over(IN_ORDER),
                    KNOWN,
                    last(col(TOLD), true).over(BEFORE_IT),
                    HAD,
                    max(not(deleted())).over(BEFORE_IT)))
            .withColumns(
                Map.of(
                    FRESH,
                    coalesce(fresh, lit(false)),
                    Names.EFFECTIVE,
                    col(Names.LATE).and(not(saysTheSame(coalesce(col(TOLD), col(KNOWN)))))))
            .drop(BEFORE, KNOWN, HAD, PASSED);
    if (removes) {
      judged = withRemoval(judged);
    }
    Dataset<Row> kept =
        new InPlace(columns, isLateSnapshot)
            .latestValues(judged)
            .where(col(FRESH).or(col(Names.EFFECTIVE)))
            .withColumn(
                Names.END,
                lead(start(), 1).over(Window.partitionBy(key(), col(FRESH)).orderBy(start())));
    if (tombstones) {
      kept = withLastKnown(kept);
    }
    Column isVersion =
        tombstones
            ? col(FRESH)
            : col(FRESH)
                .and(
                    not(deleted())
                        .or(coalesce(col(Names.EXISTING).getField(Names.DELETED), lit(false))));
    if (removes) {
      isVersion = isVersion.and(col(NEXT).isNull().or(start().geq(col(NEXT))));
    }
    return kept.withColumn(Names.VERSION, isVersion)
        .withColumn(Names.KEPT, isAsExisting(col(Names.EXISTING), columns.untracked()))
        .withColumn(Names.EFFECTIVE, isEffective(removes))
        .drop(FRESH, TOLD, NEXT, InPlace.LATE);
  }

  /** When a thing was last deleted; a deletion that removes nothing says nothing new. */
  private static Dataset<Row> withRemoval(Dataset<Row> judged) {
    return judged
        .withColumn(NEXT, max(when(isKind(EVENT).and(deleted()), start())).over(OF_ONE_THING))
        .withColumn(
            Names.AT_END,
            col(Names.AT_END)
                .or(
                    coalesce(
                        min(col(Names.EXISTING).getField(Names.START))
                            .over(OF_ONE_THING)
                            .geq(col(NEXT)),
                        lit(true))));
  }

  /** Whether a late event says something that the table did not say. */
  private static Column isEffective(boolean removes) {
    Column isNew = col(Names.VERSION).and(not(col(Names.KEPT)));
    Column effective =
        col(Names.EFFECTIVE)
            .or(col(Names.LATE).and(isNew))
            .or(
                col(Names.LATE)
                    .and(col(FRESH))
                    .and(not(col(Names.VERSION)))
                    .and(not(col(Names.AT_END))))
            .or(isNew.and(col(InPlace.LATE)));
    return removes ? effective.and(col(NEXT).isNull().or(start().geq(col(NEXT)))) : effective;
  }

  /** What a row that deletes leaves open, its tombstone has from what was known before. */
  private Dataset<Row> withLastKnown(Dataset<Row> points) {
    Column before = col(KNOWN);
    Column told = col(TOLD).getField(Names.VALUES);
    List<Column> fields = new ArrayList<>();
    for (StructField field : columns.data()) {
      fields.add(
          coalesce(
                  values().getField(field.name()),
                  told.getField(field.name()),
                  before.getField(field.name()))
              .as(field.name()));
    }
    // The one row of a thing that was deleted before has what was known of it
    Column tells = isNewest() ? not(deleted()).or(isKind(BEGAN)) : not(deleted());
    return points
        .withColumn(KNOWN, last(when(col(FRESH).and(tells), values()), true).over(BEFORE_IT))
        .withColumn(
            Names.VALUES,
            when(deleted().and(not(isKind(BEGAN))), struct(fields.toArray(Column[]::new)))
                .otherwise(values()))
        .drop(KNOWN);
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
    Column isSame = ValueComparison.same(values(), existing.getField(Names.VALUES), compared);
    return coalesce(
        existing
            .isNotNull()
            .and(existing.getField(Names.END).eqNullSafe(end()))
            .and(existing.getField(Names.DELETED).eqNullSafe(deleted()))
            .and(onDelete == Choices.OnDelete.tombstone ? isSame : deleted().or(isSame)),
        lit(false));
  }

  /** The last point of each thing. */
  private Dataset<Row> newest(Dataset<Row> points) {
    List<StructField> inPlace = new ArrayList<>(columns.untracked());
    inPlace.addAll(columns.sequence());
    boolean tombstones = onDelete == Choices.OnDelete.tombstone;
    Column ofTable = last(col(Names.EXISTING), true).over(OF_ONE_THING);
    Dataset<Row> newest =
        points.withColumns(
            Map.of(
                NEXT,
                lead(start(), 1).over(IN_ORDER),
                Names.EXISTING,
                ofTable,
                HAD,
                max(not(deleted())).over(BEFORE_IT),
                FRESH,
                lit(true)));
    if (tombstones) {
      newest = withLastKnown(newest);
    }
    Column wasThere = coalesce(col(HAD), lit(false)).or(col(Names.EXISTING).isNotNull());
    return newest
        .where(col(NEXT).isNull())
        .withColumn(Names.END, lit(null).cast(columns.sequenceType()))
        .withColumn(Names.VERSION, not(deleted()).or(tombstones ? wasThere : lit(false)))
        .withColumn(Names.KEPT, isAsExisting(col(Names.EXISTING), inPlace))
        // What is late is not the newest
        .withColumn(Names.EFFECTIVE, lit(false))
        .drop(NEXT, HAD, FRESH, TOLD, PASSED);
  }
}
