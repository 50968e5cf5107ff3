package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a load comes to, counted thing by thing. */
final class Tally implements Serializable {

  private static final long serialVersionUID = 1;

  /** What is counted. */
  enum Count {
    /** Things that had no current version and will have one. */
    APPEARED,
    /** Other things that will have other versions. */
    CHANGED,
    /** Things in the load that stay as they are. */
    UNCHANGED,
    /** Things that had a current version and will have none. */
    VANISHED,
    /** Late events that say something new. */
    LATE,
    /** Events that are passed over as late. */
    PASSED_OVER,
    /** Versions that are written, in place of others or new. */
    NEW_VERSIONS,
    /** Those of them that are written in place of another. */
    SUCCESSORS,
    /** Versions of the table that it will not have any more. */
    REMOVED,
    /** Things whose versions in the table are not a history. */
    UNSOUND,
    /** Rows of the view beside which another one counts. */
    FURTHER,
    /** Those of them of which nobody knows whether they count. */
    CONFLICTS
  }

  private final long[] counts = new long[Count.values().length];
  private final Map<String, Long> losses = new LinkedHashMap<>();

  void add(List<TableVersion> versions, int events, Timeline.Result result, boolean isSound) {
    int kept = 0;
    int fresh = 0;
    boolean isOpen = false;
    for (Point point : result.list()) {
      kept += point.isVersion && point.kept ? 1 : 0;
      fresh += point.isNewVersion() ? 1 : 0;
      isOpen |= point.isVersion && point.end == null && !point.deleted;
      add(Count.LATE, point.effective);
      add(Count.SUCCESSORS, point.isNewVersion() && point.existing != null);
    }
    boolean wasOpen =
        versions.stream().anyMatch(version -> version.end() == null && !version.deleted());
    boolean isChanged = fresh > 0 || kept != versions.size();
    add(Count.APPEARED, isChanged && !wasOpen && isOpen);
    add(Count.VANISHED, isChanged && wasOpen && !isOpen);
    add(Count.CHANGED, isChanged && wasOpen == isOpen);
    add(Count.UNCHANGED, !isChanged && events > 0);
    counts[Count.NEW_VERSIONS.ordinal()] += fresh;
    counts[Count.REMOVED.ordinal()] += versions.size() - kept;
    counts[Count.PASSED_OVER.ordinal()] += result.passedOver();
    add(Count.UNSOUND, !isSound);
  }

  private void add(Count count, boolean isSo) {
    counts[count.ordinal()] += isSo ? 1 : 0;
  }

  /** Adds the rows of a thing. */
  void add(List<Event> events) {
    for (Event event : events) {
      add(Count.FURTHER, event.isFurther);
      add(Count.CONFLICTS, event.isConflict);
    }
  }

  /** Adds what others counted. */
  void add(long[] other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other[i];
    }
  }

  /** Adds what others counted. */
  void add(Tally other) {
    add(other.counts);
    other.losses.forEach(this::lose);
  }

  /** Adds rows that a file loses. */
  void lose(String file, long rows) {
    losses.merge(file, rows, Long::sum);
  }

  /** How many rows each file loses, at least 1, by the path that its rows' metadata have. */
  Map<String, Long> losses() {
    return losses;
  }

  long get(Count count) {
    return counts[count.ordinal()];
  }

  long[] counts() {
    return counts.clone();
  }
}
