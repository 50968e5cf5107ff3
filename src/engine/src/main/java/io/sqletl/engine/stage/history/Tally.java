package io.sqletl.engine.stage.history;

import java.util.List;

/** What a load comes to, counted thing by thing. */
final class Tally {

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
    UNSOUND
  }

  private final long[] counts = new long[Count.values().length];

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

  void add(List<Long> other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.get(i);
    }
  }

  long get(Count count) {
    return counts[count.ordinal()];
  }

  long[] counts() {
    return counts.clone();
  }
}
