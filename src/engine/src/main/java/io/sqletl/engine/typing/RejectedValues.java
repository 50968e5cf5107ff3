package io.sqletl.engine.typing;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.TaskContext;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts the values or records that one stage rejects, and keeps the first of them.
 *
 * <p>Spark evaluates a view as often as it is used and repeats tasks that fail, so what is added
 * may be added again. With {@code _filename} and {@code _index} values are told apart, so that the
 * count is exact up to {@value #MOST_EXACT}. Beyond, and without them, every Spark stage counts by
 * itself, a partition that it evaluates again counts once, and the stage that found most is
 * believed.
 *
 * <p>Use one for each stage. Spark's heartbeat reads it while tasks write, hence the locks.
 */
public final class RejectedValues extends AccumulatorV2<RejectedValue, RejectedValues.Summary> {

  /** How many values are told apart. */
  static final int MOST_EXACT = 10_000;

  /** How many values are kept with their texts. */
  static final int MOST_SHOWN = 20;

  /** Where Spark evaluates without a task: while it plans, on the driver. */
  private static final Evaluation DRIVER = new Evaluation(-1, -1);

  private final Map<String, Set<Cell>> seen = new HashMap<>();
  private final Map<Evaluation, Long> counts = new HashMap<>();
  private final NavigableSet<Sample> samples = new TreeSet<>();
  private int distinct;
  private long added;
  private boolean exact = true;

  /**
   * What has been rejected so far.
   *
   * @param count how many values
   * @param first the first of them by file and row, at most {@value #MOST_SHOWN}
   */
  public record Summary(long count, List<RejectedValue> first) {}

  private record Cell(long block, long index, int position) implements Serializable {}

  /** One partition of one Spark stage. */
  private record Evaluation(int stage, int partition) implements Serializable {}

  /** A value, and where it was the how-manieth to be found. */
  private record Sample(RejectedValue value, Evaluation evaluation, long number)
      implements Comparable<Sample>, Serializable {

    private static final Comparator<Sample> BY_ROW =
        Comparator.<Sample, String>comparing(sample -> sample.value.file())
            .thenComparing(sample -> block(sample.value))
            .thenComparing(sample -> sample.value.index())
            .thenComparing(sample -> sample.value.position());

    private static final Comparator<Sample> BY_EVALUATION =
        Comparator.<Sample>comparingInt(sample -> sample.evaluation.stage)
            .thenComparingInt(sample -> sample.evaluation.partition)
            .thenComparingLong(sample -> sample.number);

    @Override
    public int compareTo(Sample other) {
      boolean placed = value.isPlaced() && other.value.isPlaced();
      return (placed ? BY_ROW : BY_EVALUATION).compare(this, other);
    }
  }

  @Override
  public synchronized void add(RejectedValue value) {
    TaskContext task = TaskContext.get();
    Evaluation evaluation =
        task == null ? DRIVER : new Evaluation(task.stageId(), task.partitionId());
    if (value.isPlaced()) {
      if (!tellApart(value.file(), new Cell(block(value), value.index(), value.position()))) {
        return;
      }
    } else {
      exact = false;
    }
    counts.merge(evaluation, 1L, Long::sum);
    show(new Sample(value, evaluation, added++));
  }

  private static long block(RejectedValue value) {
    return value.block() == null ? -1 : value.block();
  }

  /** Whether the value is new, as far as this can be known. */
  private boolean tellApart(String file, Cell cell) {
    Set<Cell> cells = seen.computeIfAbsent(file, name -> new HashSet<>());
    if (cells.contains(cell)) {
      return false;
    }
    if (distinct == MOST_EXACT) {
      exact = false;
    } else {
      cells.add(cell);
      distinct++;
    }
    return true;
  }

  private void show(Sample sample) {
    if (samples.size() < MOST_SHOWN || sample.compareTo(samples.last()) < 0) {
      samples.add(sample);
      if (samples.size() > MOST_SHOWN) {
        samples.pollLast();
      }
    }
  }

  @Override
  public synchronized void merge(AccumulatorV2<RejectedValue, Summary> added) {
    RejectedValues other = (RejectedValues) added;
    exact &= other.exact;
    other.seen.forEach((file, cells) -> cells.forEach(cell -> tellApart(file, cell)));
    other.counts.forEach((evaluation, count) -> counts.merge(evaluation, count, Math::max));
    other.samples.forEach(this::show);
  }

  @Override
  public synchronized Summary value() {
    return new Summary(count(), first());
  }

  private long count() {
    if (exact) {
      return distinct;
    }
    Map<Integer, Long> ofStages = new HashMap<>();
    counts.forEach((evaluation, count) -> ofStages.merge(evaluation.stage, count, Long::sum));
    return ofStages.values().stream().mapToLong(Long::longValue).reduce(distinct, Math::max);
  }

  /** Values without a place would stand here once for each stage, so those of one stage do. */
  private List<RejectedValue> first() {
    return samples.stream()
        .filter(
            sample ->
                sample.value.isPlaced()
                    || sample.evaluation.stage == samples.first().evaluation.stage)
        .map(Sample::value)
        .toList();
  }

  @Override
  public synchronized boolean isZero() {
    return counts.isEmpty();
  }

  @Override
  public synchronized void reset() {
    seen.clear();
    counts.clear();
    samples.clear();
    distinct = 0;
    added = 0;
    exact = true;
  }

  @Override
  public synchronized RejectedValues copy() {
    RejectedValues copy = new RejectedValues();
    copy.added = added;
    copy.merge(this);
    return copy;
  }

  private synchronized void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
  }
}
