package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The values of columns whose change makes no version. Of the rows that fall into a version the
 * newest counts. The table knows of which time its own values are where it has the columns of the
 * sequence; where it has not, what the load says counts more.
 */
final class InPlace implements Serializable {

  private static final long serialVersionUID = 1;

  private final Values values;
  private final TimeOrder order;
  private final boolean isNeeded;
  private final boolean tellsTime;
  private final boolean[] isOfBeginning;
  private final RowFunction time;

  InPlace(SparkSession spark, HistoryColumns columns, Values values, TimeOrder order) {
    this.values = values;
    this.order = order;
    this.isNeeded = !columns.untracked().isEmpty();
    this.tellsTime = columns.tellsTime();
    this.isOfBeginning = new boolean[columns.data().size()];
    for (int i = 0; i < isOfBeginning.length; i++) {
      isOfBeginning[i] = !tellsTime && columns.sequence().contains(columns.data().get(i));
    }
    this.time =
        isNeeded && tellsTime
            ? RowFunction.of(
                spark,
                DataTypes.createStructType(
                    new StructField[] {
                      DataTypes.createStructField("values", columns.dataType(), true)
                    }),
                columns.sequenceIn(functions.col("values")))
            : null;
  }

  /**
   * What a point says of the columns.
   *
   * @param at of which time it is
   * @param isFromEvent whether the load says so
   */
  private record Given(InternalRow values, Object at, boolean isFromEvent, boolean isLate) {}

  /** Gives each point of a version the values of its newest. */
  void setLatest(List<Point> points, boolean isLateSnapshot) {
    if (!isNeeded) {
      return;
    }
    int from = 0;
    for (int i = 1; i <= points.size(); i++) {
      if (i == points.size() || points.get(i).fresh) {
        setLatestOfRun(points.subList(from, i), isLateSnapshot);
        from = i;
      }
    }
  }

  private void setLatestOfRun(List<Point> run, boolean isLateSnapshot) {
    Given latest = null;
    for (Point point : run) {
      Given given = given(point, isLateSnapshot);
      latest = latest == null || countsMore(given, latest, isLateSnapshot) ? given : latest;
    }
    for (Point point : run) {
      InternalRow known = point.existing == null ? null : point.existing.values();
      point.lateValues =
          !point.deleted && latest.isLate() && !values.areOthersSame(latest.values(), known);
      if (!point.deleted) {
        point.values = values.mixed(isOfBeginning, point.values, latest.values());
      }
    }
  }

  private Given given(Point point, boolean isLateSnapshot) {
    boolean isToldNewer =
        tellsTime
            && !isLateSnapshot
            && point.isEvent()
            && point.told != null
            && !point.told.deleted()
            && values.areTrackedSame(point.told.values(), point.values)
            && order.isBefore(point.time, timeOf(point.told.values(), point));
    boolean isFromEvent = point.isEvent() && !isToldNewer;
    InternalRow given = isToldNewer ? point.told.values() : point.values;
    boolean isOfOwnTime = isFromEvent || isLateSnapshot || !tellsTime;
    Object at = isOfOwnTime ? point.time : timeOf(given, point);
    return new Given(given, at, isFromEvent, isFromEvent && point.late);
  }

  private Object timeOf(InternalRow given, Point point) {
    Object known = time.apply(given);
    return known == null ? point.time : known;
  }

  private boolean countsMore(Given one, Given other, boolean isLateSnapshot) {
    if (isLateSnapshot) {
      // It speaks of its own time only: what was known to be so afterwards still is
      return order.compare(one.at(), other.at()) >= 0;
    }
    int bySource = Boolean.compare(one.isFromEvent(), other.isFromEvent());
    int byTime = order.compare(one.at(), other.at());
    return tellsTime
        ? byTime > 0 || byTime == 0 && bySource >= 0
        : bySource > 0 || bySource == 0 && byTime >= 0;
  }
}
