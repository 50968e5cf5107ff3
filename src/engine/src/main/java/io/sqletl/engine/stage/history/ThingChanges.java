package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Set;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Of the table's versions and a load's events, thing by thing, the versions that are written and
 * those that go, and one row more that counts. Spark's own rows and no windows: the plan of these
 * would take longer than a load of some thousand rows.
 */
final class ThingChanges
    implements FlatMapFunction<Iterator<InternalRow>, InternalRow>, Serializable {

  private static final long serialVersionUID = 1;

  /** Whether a row is an event, and not a version of the table. */
  static final String IS_EVENT = "isEvent";

  /** What a row that comes out is. */
  static final String CHANGE = "change";

  private static final String COUNTS = "counts";

  /** A row that counts. */
  private static final int NONE = 0;

  /** A version that is written. */
  static final int WRITTEN = 1;

  /** A version that goes. */
  static final int REMOVED = 2;

  /** An event that came late and says something new; only where none may. */
  static final int LATE = 3;

  /** Which column of a row that comes out is {@link Names#PLACE}. */
  private static final int CHANGED_PLACE = 6;

  /** Which column of a row that comes out is {@link #COUNTS}. */
  private static final int CHANGED_COUNTS = 7;

  private static final int KEY = 0;
  private static final int EVENT = 1;
  private static final int START = 2;
  private static final int END = 3;
  private static final int DELETED = 4;
  private static final int VALUES = 5;
  private static final int MARKED = 6;
  private static final int PLACE = 7;
  private static final int TIE = 8;

  private final StructType input;
  private final Timeline timeline;
  private final HistoryOrder order;
  private final Duplicates duplicates;
  private final boolean mayNoneBeLate;
  private final boolean isLateSnapshot;
  private final Object until;

  /**
   * @param input the rows: those of one thing follow each other
   * @param mayNoneBeLate whether late events end the load, so that they are told
   * @param isLateSnapshot whether the events are what a late snapshot says
   * @param until when that ceases to be true; Spark's own value
   */
  ThingChanges(
      StructType input,
      Timeline timeline,
      HistoryOrder order,
      Duplicates duplicates,
      boolean mayNoneBeLate,
      boolean isLateSnapshot,
      Object until) {
    this.input = input;
    this.timeline = timeline;
    this.order = order;
    this.duplicates = duplicates;
    this.mayNoneBeLate = mayNoneBeLate;
    this.isLateSnapshot = isLateSnapshot;
    this.until = until;
  }

  /** Of the rows that come out. */
  StructType schema() {
    return DataTypes.createStructType(
        List.of(
            DataTypes.createStructField(CHANGE, DataTypes.IntegerType, false),
            field(Names.KEY, KEY),
            field(Names.START, START),
            field(Names.END, END),
            DataTypes.createStructField(Names.DELETED, DataTypes.BooleanType, true),
            field(Names.VALUES, VALUES),
            field(Names.PLACE, PLACE),
            DataTypes.createStructField(
                COUNTS, DataTypes.createArrayType(DataTypes.LongType, false), true)));
  }

  /** What rows that came out come to. */
  static Tally tally(Iterator<InternalRow> changes) {
    Tally tally = new Tally();
    while (changes.hasNext()) {
      InternalRow change = changes.next();
      switch (change.getInt(0)) {
        case NONE -> tally.add(change.getArray(CHANGED_COUNTS).toLongArray());
        case REMOVED ->
            tally.lose(change.getStruct(CHANGED_PLACE, 2).getUTF8String(0).toString(), 1);
        default -> {
          // Counted where it came out
        }
      }
    }
    return tally;
  }

  private StructField field(String name, int index) {
    return DataTypes.createStructField(name, type(index), true);
  }

  private DataType type(int index) {
    return input.fields()[index].dataType();
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    return new Pass(rows);
  }

  private final class Pass implements Iterator<InternalRow> {

    private final Things things;
    private final Tally tally = new Tally();
    private final Queue<InternalRow> changes = new ArrayDeque<>();
    private boolean isTold;

    Pass(Iterator<InternalRow> rows) {
      this.things = new Things(rows, KEY, type(KEY));
    }

    @Override
    public boolean hasNext() {
      while (changes.isEmpty() && things.hasNext()) {
        readThing(things.next());
      }
      return !changes.isEmpty() || !isTold;
    }

    @Override
    public InternalRow next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (!changes.isEmpty()) {
        return changes.remove();
      }
      isTold = true;
      return change(
          NONE, null, null, null, null, null, null, ArrayData.toArrayData(tally.counts()));
    }

    private static InternalRow change(Object... columns) {
      return new GenericInternalRow(columns);
    }

    private void readThing(List<InternalRow> rows) {
      InternalRow key = (InternalRow) get(rows.get(0), KEY);
      List<TableVersion> versions = new ArrayList<>();
      List<Event> told = new ArrayList<>();
      for (InternalRow row : rows) {
        InternalRow values = (InternalRow) get(row, VALUES);
        Object start = get(row, START);
        boolean deleted = row.getBoolean(DELETED);
        if (row.getBoolean(EVENT)) {
          told.add(new Event(start, get(row, TIE), deleted, values));
        } else {
          versions.add(
              new TableVersion(
                  start, get(row, END), deleted, values, row.getBoolean(MARKED), get(row, PLACE)));
        }
      }
      duplicates.mark(told);
      tally.add(told);
      List<Point> events = new ArrayList<>();
      for (Event event : told) {
        if (!event.isFurther) {
          events.add(Point.event(event.time, event.deleted, event.values));
        }
      }
      Timeline.Result result = timeline.of(versions, events, isLateSnapshot, until);
      tally.add(versions, events.size(), result, order.isSound(versions));
      tell(key, versions, result);
    }

    private void tell(InternalRow key, List<TableVersion> versions, Timeline.Result result) {
      Set<TableVersion> kept = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Point point : result.list()) {
        if (point.isNewVersion()) {
          changes.add(
              change(WRITTEN, key, point.time, point.end, point.deleted, point.values, null, null));
        } else if (point.isVersion) {
          kept.add(point.existing);
        }
        if (mayNoneBeLate && point.effective) {
          changes.add(change(LATE, key, point.time, null, null, null, null, null));
        }
      }
      for (TableVersion version : versions) {
        if (kept.contains(version)) {
          continue;
        }
        changes.add(change(REMOVED, key, version.start(), null, null, null, version.place(), null));
      }
    }

    private Object get(InternalRow row, int index) {
      return row.get(index, type(index));
    }
  }
}
