package io.sqletl.engine.typing;

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.TaskContext;
import org.apache.spark.util.AccumulatorV2;

/**
 * Counts the values that one stage takes though their types have no place for all of their digits,
 * or though they are local times that come twice, by column. They are no errors: the format rounds
 * them, and takes the earlier time; but whoever runs the job is told.
 *
 * <p>Spark evaluates a view as often as it is used, and every Spark stage counts by itself; the one
 * that found most is believed.
 */
public final class AdjustedValues
    extends AccumulatorV2<AdjustedValues.Value, Map<AdjustedValues.Kind, AdjustedValues.Count>>
    implements Adjustments {

  /** What became of a value. */
  public enum Change {
    ROUNDED("rounded to the digits of "),
    CUT("cut to the microseconds of "),
    NEAREST("taken as the nearest number of "),
    FILLED("written with an exponent, as spreadsheets cut long numbers, with zeros for digits in "),
    EARLIER("local in an hour that comes twice, as clocks go back, and taken as the earlier "),
    /** A field that the schema lacks; its text is the file. */
    NOT_READ(""),
    /**
     * An answer whose field is its address, and whose target is the encoding that it is read in.
     */
    OTHER_ENCODING("");

    private final String text;

    Change(String text) {
      this.text = text;
    }

    /** As a message says it, before the type. */
    public String text() {
      return text;
    }
  }

  /**
   * A value that was adjusted.
   *
   * @param field the column
   * @param target its type, for people
   * @param text the value as it was
   */
  public record Value(String field, String target, Change change, String text)
      implements Serializable {}

  /**
   * What was adjusted in a column.
   *
   * @param target the column's type, for people
   */
  public record Kind(String field, String target, Change change)
      implements Comparable<Kind>, Serializable {
    @Override
    public int compareTo(Kind other) {
      int byField = field.compareTo(other.field);
      return byField != 0 ? byField : change.compareTo(other.change);
    }
  }

  /**
   * How many values, from 1.
   *
   * @param first one of them as it was
   */
  public record Count(long values, String first) implements Serializable {

    private Count larger(Count other) {
      return values < other.values ? other : this;
    }
  }

  /** Ordered as the input is. */
  private record Place(int stage, int partition, Kind kind)
      implements Comparable<Place>, Serializable {
    @Override
    public int compareTo(Place other) {
      int byStage = Integer.compare(stage, other.stage);
      int byPlace = byStage != 0 ? byStage : Integer.compare(partition, other.partition);
      return byPlace != 0 ? byPlace : kind.compareTo(other.kind);
    }
  }

  /** So many fields that were not read are named. */
  private static final int MOST_FIELDS = 5;

  private final Map<Place, Count> counts = new HashMap<>();

  @Override
  public synchronized void add(Value value) {
    TaskContext task = TaskContext.get();
    Kind kind = new Kind(value.field(), value.target(), value.change());
    Place place =
        task == null
            ? new Place(-1, -1, kind)
            : new Place(task.stageId(), task.partitionId(), kind);
    counts.merge(
        place,
        new Count(1, value.text()),
        (before, one) -> new Count(before.values() + 1, before.first()));
  }

  @Override
  public synchronized void merge(AccumulatorV2<Value, Map<Kind, Count>> added) {
    ((AdjustedValues) added)
        .counts.forEach((place, count) -> counts.merge(place, count, Count::larger));
  }

  @Override
  public synchronized Map<Kind, Count> value() {
    Map<Integer, Map<Kind, Count>> ofStages = new TreeMap<>();
    new TreeMap<>(counts)
        .forEach(
            (place, count) ->
                ofStages
                    .computeIfAbsent(place.stage(), stage -> new TreeMap<>())
                    .merge(
                        place.kind(),
                        count,
                        (one, other) -> new Count(one.values() + other.values(), one.first())));
    Map<Kind, Count> most = new TreeMap<>();
    ofStages
        .values()
        .forEach(
            ofStage -> ofStage.forEach((kind, count) -> most.merge(kind, count, Count::larger)));
    return most;
  }

  /** Whose digits did not fit, in one sentence without a full stop; empty for nothing. */
  public String describeDigits() {
    return describe(
        change ->
            change != Change.EARLIER
                && change != Change.NOT_READ
                && change != Change.OTHER_ENCODING);
  }

  /** What local times came twice, in one sentence without a full stop; empty for none. */
  public String describeTimes() {
    return describe(change -> change == Change.EARLIER);
  }

  /** Which fields were not read, as the schema lacks them; empty for none. */
  public String describeNotRead() {
    List<Map.Entry<Kind, Count>> fields =
        value().entrySet().stream()
            .filter(entry -> entry.getKey().change() == Change.NOT_READ)
            .toList();
    return fields.stream()
            .limit(MOST_FIELDS)
            .map(field -> "'" + field.getKey().field() + "' (" + field.getValue().first() + ")")
            .collect(Collectors.joining(", "))
        + (fields.size() > MOST_FIELDS ? ", and others" : "");
  }

  /** An answer that is read in another encoding than its bytes are in; empty for none. */
  public String describeEncodings() {
    return value().keySet().stream()
        .filter(kind -> kind.change() == Change.OTHER_ENCODING)
        .findFirst()
        .map(
            kind ->
                "the answer of "
                    + kind.field()
                    + " is read as "
                    + kind.target()
                    + ", as it says itself, and its bytes are those of UTF-8")
        .orElse("");
  }

  private String describe(Predicate<Change> told) {
    return value().entrySet().stream()
        .filter(entry -> told.test(entry.getKey().change()))
        .map(entry -> describe(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String describe(Kind kind, Count count) {
    return "'"
        + kind.field()
        + "': "
        + count.values()
        + (count.values() == 1 ? " value was " : " values were ")
        + kind.change().text()
        + kind.target()
        + ", such as '"
        + count.first()
        + "'";
  }

  @Override
  public synchronized boolean isZero() {
    return counts.isEmpty();
  }

  @Override
  public synchronized void reset() {
    counts.clear();
  }

  @Override
  public synchronized AdjustedValues copy() {
    AdjustedValues copy = new AdjustedValues();
    copy.merge(this);
    return copy;
  }

  private synchronized void writeObject(ObjectOutputStream out) throws IOException {
    out.defaultWriteObject();
  }
}
