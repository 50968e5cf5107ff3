package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.deleted;
import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;
import static io.sqletl.engine.stage.history.Names.values;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.last;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
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
 * The values of columns whose change makes no version. Of the rows that fall into a version the
 * newest counts. The table knows of which time its own values are where it has the columns of the
 * sequence; where it has not, what the load says counts more.
 */
final class InPlace {

  /** Whether a late row changed a version in place. */
  static final String LATE = "lateValues";

  private static final String RUN = "run";
  private static final String LATEST = "latest";
  private static final String AT = "at";
  private static final String IS_EVENT = "isEvent";

  private final HistoryColumns columns;
  private final boolean isLateSnapshot;

  InPlace(HistoryColumns columns, boolean isLateSnapshot) {
    this.columns = columns;
    this.isLateSnapshot = isLateSnapshot;
  }

  /** Gives each first point of a version the values of its newest. */
  Dataset<Row> latestValues(Dataset<Row> points) {
    if (columns.untracked().isEmpty()) {
      return points.withColumn(LATE, lit(false));
    }
    Column told = col(Points.TOLD).getField(Names.VALUES);
    Column isEvent = Points.isEvent();
    Column toldIsNewer =
        columns.tellsTime() && !isLateSnapshot
            ? isEvent
                .and(col(Points.TOLD).isNotNull())
                .and(not(col(Points.TOLD).getField(Names.DELETED)))
                .and(ValueComparison.same(told, values(), columns.tracked()))
                .and(timeOf(told).gt(start()))
            : lit(false);
    Column isFromEvent = isEvent.and(not(coalesce(toldIsNewer, lit(false))));
    Column given = when(isFromEvent.or(not(isEvent)), values()).otherwise(told);
    WindowSpec run =
        Window.partitionBy(key(), col(RUN))
            .orderBy(order(isFromEvent, given))
            .rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());
    Column latest = col(LATEST).getField(Names.VALUES);
    Column known = col(Names.EXISTING).getField(Names.VALUES);
    return points
        .withColumn(
            RUN, sum(when(col(Timeline.FRESH), lit(1)).otherwise(lit(0))).over(Points.SO_FAR))
        .withColumn(
            LATEST,
            last(struct(given.as(Names.VALUES), isFromEvent.and(col(Names.LATE)).as(Names.LATE)))
                .over(run))
        .withColumn(
            LATE,
            coalesce(
                not(deleted())
                    .and(col(LATEST).getField(Names.LATE))
                    .and(not(ValueComparison.same(latest, known, columns.untracked()))),
                lit(false)))
        .withColumn(Names.VALUES, when(deleted(), values()).otherwise(with(latest)))
        .drop(RUN, LATEST);
  }

  /** What counts least comes first. */
  private Column order(Column isFromEvent, Column given) {
    if (isLateSnapshot) {
      // It speaks of its own time only: what was known to be so afterwards still is
      return start();
    }
    if (!columns.tellsTime()) {
      return struct(isFromEvent.as(IS_EVENT), start().as(AT));
    }
    return struct(
        when(isFromEvent, start()).otherwise(timeOf(given)).as(AT), isFromEvent.as(IS_EVENT));
  }

  private Column timeOf(Column values) {
    return coalesce(columns.sequenceIn(values), start());
  }

  private Column with(Column latest) {
    List<Column> fields = new ArrayList<>();
    for (StructField field : columns.data()) {
      boolean isOfBeginning = columns.sequence().contains(field) && !columns.tellsTime();
      fields.add((isOfBeginning ? values() : latest).getField(field.name()).as(field.name()));
    }
    return struct(fields.toArray(Column[]::new));
  }
}
