package io.sqletl.engine.stage.history;

import io.sqletl.engine.stage.history.Point.Kind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What is known of a thing and what a load says of it, in the order of time. Each version of the
 * table is a point where it begins, and one where it ends; each event is a point.
 */
final class Points implements Serializable {

  private static final long serialVersionUID = 1;

  private final boolean isNewest;
  private final Choices.LateRows lateRows;
  private final TimeOrder order;

  Points(boolean isNewest, Choices.LateRows lateRows, TimeOrder order) {
    this.isNewest = isNewest;
    this.lateRows = lateRows;
    this.order = order;
  }

  /**
   * Those of one thing.
   *
   * @param list one point a time, earliest first, those that are passed over left out
   * @param last the last time that the table knows of the thing; null if none
   * @param passedOver how many events were passed over as late
   */
  record InOrder(List<Point> list, Object last, int passedOver) {}

  /**
   * @param versions those that the table has of a thing
   * @param events what the load says of it, one a time
   * @param isLateSnapshot whether the events are what a late snapshot says
   * @param until when that ceases to be true
   */
  InOrder of(
      List<TableVersion> versions, List<Point> events, boolean isLateSnapshot, Object until) {
    List<Point> points = all(versions, events);
    if (isLateSnapshot) {
      restore(points, versions, until);
    }
    points.sort(
        Comparator.comparing((Point point) -> point.time, order)
            .thenComparing(point -> point.kind, Comparator.reverseOrder()));
    Object last = last(points);
    for (Point event : events) {
      event.late = isLateSnapshot || order.isBefore(event.time, last);
    }
    int passedOver = 0;
    if (lateRows == Choices.LateRows.ignore) {
      int before = points.size();
      points.removeIf(point -> point.late);
      passedOver = before - points.size();
    }
    return new InOrder(distinctTimes(points), last, passedOver);
  }

  private static List<Point> all(List<TableVersion> versions, List<Point> events) {
    List<Point> points = new ArrayList<>();
    for (TableVersion version : versions) {
      points.add(
          new Point(version.start(), Kind.BEGAN, version.deleted(), version.values(), version));
      if (version.end() != null) {
        points.add(new Point(version.end(), Kind.ENDED, true, null, null));
      }
    }
    points.addAll(events);
    return points;
  }

  private void restore(List<Point> points, List<TableVersion> versions, Object until) {
    boolean isThere = false;
    for (TableVersion version : versions) {
      boolean began = order.isBefore(version.start(), until) || order.isAt(version.start(), until);
      if (began && (version.end() == null || order.isBefore(until, version.end()))) {
        points.add(new Point(until, Kind.RESTORED, version.deleted(), version.values(), null));
        isThere = true;
      }
    }
    if (!isThere) {
      points.add(new Point(until, Kind.RESTORED, true, null, null));
    }
  }

  private Object last(List<Point> points) {
    Object last = null;
    for (Point point : points) {
      last = point.isKnown() ? order.later(point.time, last) : last;
    }
    return lateRows == Choices.LateRows.ignore ? withoutVanished(points, last) : last;
  }

  /**
   * A thing that is deleted at the time at which its last version began has never had that, so that
   * what the table knows of it ends before. Were it else, the same load would find that out the
   * second time, and let in rows that it passed over the first time.
   */
  private Object withoutVanished(List<Point> points, Object last) {
    Object lastEnd = null;
    boolean isDeletedAtLast = false;
    boolean wasDeleted = false;
    for (Point point : points) {
      if (point.begins() && !point.deleted) {
        lastEnd = order.later(point.existing.end(), lastEnd);
      }
      isDeletedAtLast |= point.isEvent() && point.deleted && order.isAt(point.time, last);
      wasDeleted |= point.begins() && point.deleted;
    }
    // Where the one row of a thing says so already, nothing vanishes
    boolean vanishes = isDeletedAtLast && !(isNewest && wasDeleted);
    return vanishes && (lastEnd == null || order.isBefore(lastEnd, last)) ? lastEnd : last;
  }

  /** Of several points at one time the one that counts, with the version that it stands for. */
  private List<Point> distinctTimes(List<Point> points) {
    List<Point> distinct = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      Point point = points.get(i);
      if (i > 0 && order.compare(points.get(i - 1).time, point.time) == 0) {
        continue;
      }
      Point next = i + 1 < points.size() ? points.get(i + 1) : null;
      boolean isAtOneTime = next != null && order.compare(next.time, point.time) == 0;
      if (point.isKnown()) {
        point.told = point.state();
      } else if (isAtOneTime && next.isKnown()) {
        // An event hides what the table said at its time; what was side by side is told by that
        point.told =
            next.existing == null
                ? new Point.State(true, null)
                : new Point.State(next.existing.deleted(), next.existing.values());
      }
      point.atEnd = isAtOneTime && next.kind == Kind.ENDED;
      if (point.existing == null && isAtOneTime) {
        point.existing = next.existing;
      }
      distinct.add(point);
    }
    return distinct;
  }
}
