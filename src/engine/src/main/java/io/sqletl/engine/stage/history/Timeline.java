package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The versions that a thing has when events are put among those that the table has. In the order of
 * time, a point that says what the one before it says is none, and a version lasts from its point
 * to the next.
 */
final class Timeline implements Serializable {

  private static final long serialVersionUID = 1;

  private final Points points;
  private final InPlace inPlace;
  private final Values values;
  private final TimeOrder order;
  private final Choices.OnDelete onDelete;
  private final boolean isNewest;

  Timeline(SparkSession spark, HistoryColumns columns, HistoryRules rules, Values values) {
    this.order = new TimeOrder(columns.sequenceType());
    this.values = values;
    this.points = new Points(columns.isNewest(), rules.lateRows(), order);
    this.inPlace = new InPlace(spark, columns, values, order);
    this.onDelete = rules.onDelete();
    this.isNewest = columns.isNewest();
  }

  /**
   * The versions and gaps of one thing.
   *
   * @param list earliest first
   * @param passedOver how many events were passed over as late
   */
  record Result(List<Point> list, int passedOver) {}

  /**
   * @param versions those that the table has of a thing
   * @param events what the load says of it, one a time
   * @param isLateSnapshot whether the events are what a late snapshot says
   * @param until when that ceases to be true
   */
  Result of(List<TableVersion> versions, List<Point> events, boolean isLateSnapshot, Object until) {
    Points.InOrder told = points.of(versions, events, isLateSnapshot, until);
    List<Point> list = told.list();
    if (list.isEmpty()) {
      return new Result(list, told.passedOver());
    }
    return new Result(isNewest ? newest(list) : versions(told, isLateSnapshot), told.passedOver());
  }

  private List<Point> versions(Points.InOrder told, boolean isLateSnapshot) {
    List<Point> points = told.list();
    judge(told);
    Object removed = onDelete == Choices.OnDelete.remove ? removed(points) : null;
    inPlace.setLatest(points, isLateSnapshot);
    List<Point> counting = points.stream().filter(point -> point.fresh || point.effective).toList();
    Point next = null;
    for (int i = counting.size() - 1; i >= 0; i--) {
      Point point = counting.get(i);
      if (point.fresh) {
        point.end = next == null ? null : next.time;
        next = point;
      }
    }
    if (onDelete == Choices.OnDelete.tombstone) {
      setLastKnown(counting);
    }
    for (Point point : counting) {
      boolean isLeft = removed == null || !order.isBefore(point.time, removed);
      point.isVersion = isLeft && point.fresh && isRow(point);
      point.kept = isAsExisting(point);
      point.effective = isLeft && isEffective(point);
    }
    return counting;
  }

  /** Finds the points at which something else becomes true. */
  private void judge(Points.InOrder told) {
    boolean tombstones = onDelete == Choices.OnDelete.tombstone;
    Point.State before = null;
    Point.State known = null;
    boolean isAnyFresh = false;
    for (Point point : told.list()) {
      // Deleted when it began: of what the table knew of it, one tombstone is all that is left
      boolean isOnlyDeleted =
          point.deleted
              && point.told != null
              && !isAnyFresh
              && (tombstones || point.told.deleted());
      // Versions that were there side by side stay so, whatever is tracked today
      boolean wasSideBySide = point.isKnown() && known != null && saysTheSame(point, known);
      // What decided which rows are late has to decide it the same way the next time
      boolean decides =
          told.passedOver() > 0 && !point.deleted && order.isAt(point.time, told.last());
      point.fresh = wasSideBySide || isOnlyDeleted || decides || !saysTheSame(point, before);
      point.effective = point.late && !saysTheSame(point, point.told == null ? known : point.told);
      before = point.state();
      known = point.told == null ? known : point.told;
      isAnyFresh |= point.fresh;
    }
  }

  private boolean saysTheSame(Point point, Point.State other) {
    if (other == null) {
      return point.deleted;
    }
    return point.deleted || other.deleted()
        ? point.deleted && other.deleted()
        : values.areTrackedSame(point.values, other.values());
  }

  /**
   * When a thing was last deleted, null for never; a deletion that removes nothing says nothing.
   */
  private Object removed(List<Point> points) {
    Object removed = null;
    Object first = null;
    for (Point point : points) {
      removed = point.isEvent() && point.deleted ? point.time : removed;
      first = first == null && point.existing != null ? point.existing.start() : first;
    }
    for (Point point : points) {
      point.atEnd |= first == null || removed == null || !order.isBefore(first, removed);
    }
    return removed;
  }

  private boolean isRow(Point point) {
    return onDelete == Choices.OnDelete.tombstone
        || !point.deleted
        || point.existing != null && point.existing.deleted();
  }

  /** Whether a late event says something that the table did not say. */
  private static boolean isEffective(Point point) {
    return point.effective
        || point.late && point.isNewVersion()
        || point.late && point.fresh && !point.isVersion && !point.atEnd
        || point.lateValues && point.isNewVersion();
  }

  /** What a row that deletes leaves open, its tombstone has from what was known before. */
  private void setLastKnown(List<Point> points) {
    InternalRow known = null;
    for (Point point : points) {
      // The one row of a thing that was deleted before has what was known of it
      boolean tells = point.fresh && (!point.deleted || isNewest && point.begins());
      InternalRow own = point.values;
      if (point.deleted && !point.begins()) {
        point.values =
            values.firstKnown(own, point.told == null ? null : point.told.values(), known);
      }
      known = tells && own != null ? own : known;
    }
  }

  /** Whether a version of the table is this one; what is not compared may differ. */
  private boolean isAsExisting(Point point) {
    TableVersion existing = point.existing;
    return existing != null
        && order.compare(existing.end(), point.end) == 0
        && existing.deleted() == point.deleted
        && (point.deleted && onDelete != Choices.OnDelete.tombstone
            || values.areTrackedSame(point.values, existing.values())
                && values.areOthersSame(point.values, existing.values()));
  }

  /** The last point. */
  private List<Point> newest(List<Point> points) {
    boolean had = false;
    TableVersion existing = null;
    for (Point point : points) {
      point.fresh = true;
      existing = point.existing == null ? existing : point.existing;
    }
    for (Point point : points.subList(0, points.size() - 1)) {
      had |= !point.deleted;
    }
    boolean tombstones = onDelete == Choices.OnDelete.tombstone;
    if (tombstones) {
      setLastKnown(points);
    }
    Point last = points.get(points.size() - 1);
    last.existing = existing;
    last.isVersion = !last.deleted || tombstones && (had || existing != null);
    last.kept = isAsExisting(last);
    return List.of(last);
  }
}
