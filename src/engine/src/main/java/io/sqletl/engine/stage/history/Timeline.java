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
import org.apache.spark.sql.types.StructField;

/**
 * The versions that things have when events are put among those that the table has. Each version is
 * a point where it begins, and one where it ends; each event is a point. In the order of time, a
 * point that says what the one before it says is none, and a version lasts from its point to the
 * next.
 */
final class Timeline {

  private static final String BEFORE = "before";
  private static final String KNOWN = "known";
  private static final String NEXT = "next";
  static final String FRESH = "fresh";
  private static final String HAD = "had";

  private final HistoryColumns columns;
  private final Choices.OnDelete onDelete;
  private final Points points;

  Timeline(HistoryColumns columns, Choices.OnDelete onDelete, Choices.LateRows lateRows) {
    this.columns = columns;
    this.onDelete = onDelete;
    this.points = new Points(columns, lateRows);
  }

  /**
   * The versions and gaps of things; {@link Names#KEPT} says which the table has already.
   *
   * @param existing the versions that the table has of these things
   * @param events one a thing and time
   * @param until when a late snapshot ceases to be true; null for other loads
   */
  Dataset<Row> of(Dataset<Row> existing, Dataset<Row> events, Column until) {
    Dataset<Row> told = points.of(existing, events, until);
    return columns.isNewest() ? newest(told) : versions(told, until != null);
  }

  /**
   * How many events {@link Choices.LateRows#ignore} passes over.
   *
   * @param existing as in {@link #of}
   * @param events as in {@link #of}
   */
  long passedOver(Dataset<Row> existing, Dataset<Row> events) {
    return points.passedOver(existing, events);
  }

  private Dataset<Row> versions(Dataset<Row> points, boolean isLateSnapshot) {
    boolean tombstones = onDelete == Choices.OnDelete.tombstone;
    boolean removes = onDelete == Choices.OnDelete.remove;
    Column state = struct(deleted().as(Names.DELETED), values().as(Names.VALUES));
    Column asBefore = saysTheSame(col(BEFORE));
    // Deleted when it began: of what the table knew of it, a tombstone is all that is left
    Column onlyDeleted =
        deleted()
            .and(col(Points.TOLD).isNotNull())
            .and(not(coalesce(col(HAD), lit(false))))
            .and(tombstones ? lit(true) : col(Points.TOLD).getField(Names.DELETED));
    Column fresh =
        not(asBefore)
            // Versions that were there side by side stay so, whatever is tracked today
            .or(Points.isKnown().and(col(KNOWN).isNotNull()).and(saysTheSame(col(KNOWN))))
            .or(onlyDeleted)
            // What decided which rows are late has to decide it the same way the next time
            .or(col(Points.PASSED).and(start().equalTo(col(Names.LAST))).and(not(deleted())));
    Dataset<Row> judged =
        points
            .withColumns(
                Map.of(
                    BEFORE,
                    lag(state, 1).over(Points.IN_ORDER),
                    KNOWN,
                    last(col(Points.TOLD), true).over(Points.BEFORE_IT),
                    HAD,
                    max(not(deleted())).over(Points.BEFORE_IT)))
            .withColumns(
                Map.of(
                    FRESH,
                    coalesce(fresh, lit(false)),
                    Names.EFFECTIVE,
                    col(Names.LATE).and(not(saysTheSame(coalesce(col(Points.TOLD), col(KNOWN)))))))
            .drop(BEFORE, KNOWN, HAD, Points.PASSED);
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
        .drop(FRESH, Points.TOLD, NEXT, InPlace.LATE);
  }

  /** When a thing was last deleted; a deletion that removes nothing says nothing new. */
  private static Dataset<Row> withRemoval(Dataset<Row> judged) {
    return judged
        .withColumn(
            NEXT, max(when(Points.isEvent().and(deleted()), start())).over(Points.OF_ONE_THING))
        .withColumn(
            Names.AT_END,
            col(Names.AT_END)
                .or(
                    coalesce(
                        min(col(Names.EXISTING).getField(Names.START))
                            .over(Points.OF_ONE_THING)
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
    Column told = col(Points.TOLD).getField(Names.VALUES);
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
    Column tells = columns.isNewest() ? not(deleted()).or(Points.begins()) : not(deleted());
    return points
        .withColumn(KNOWN, last(when(col(FRESH).and(tells), values()), true).over(Points.BEFORE_IT))
        .withColumn(
            Names.VALUES,
            when(deleted().and(not(Points.begins())), struct(fields.toArray(Column[]::new)))
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
    Column ofTable = last(col(Names.EXISTING), true).over(Points.OF_ONE_THING);
    Dataset<Row> newest =
        points.withColumns(
            Map.of(
                NEXT,
                lead(start(), 1).over(Points.IN_ORDER),
                Names.EXISTING,
                ofTable,
                HAD,
                max(not(deleted())).over(Points.BEFORE_IT),
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
        .drop(NEXT, HAD, FRESH, Points.TOLD, Points.PASSED);
  }
}
