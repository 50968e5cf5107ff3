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

  /** A list of {@link Tally.Count}s. */
  static final String COUNTS = "counts";

  /** A row of {@link #COUNTS}. */
  static final int NONE = 0;

  /** A version that is written. */
  static final int WRITTEN = 1;

  /** A version that goes. */
  static final int REMOVED = 2;

  private static final int KEY = 0;
  private static final int EVENT = 1;
  private static final int START = 2;
  private static final int END = 3;
  private static final int DELETED = 4;
  private static final int VALUES = 5;
  private static final int MARKED = 6;
  private static final int PLACE = 7;

  private final StructType input;
  private final Timeline timeline;
  private final HistoryOrder order;
  private final boolean isLateSnapshot;
  private final Object until;

  /**
   * @param input the rows: those of one thing follow each other
   * @param isLateSnapshot whether the events are what a late snapshot says
   * @param until when that ceases to be true; Spark's own value
   */
  ThingChanges(
      StructType input,
      Timeline timeline,
      HistoryOrder order,
      boolean isLateSnapshot,
      Object until) {
    this.input = input;
    this.timeline = timeline;
    this.order = order;
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

    private final Iterator<InternalRow> rows;
    private final TimeOrder keys = new TimeOrder(type(KEY));
    private final Tally tally = new Tally();
    private final Queue<InternalRow> changes = new ArrayDeque<>();
    private InternalRow first;
    private boolean isTold;

    Pass(Iterator<InternalRow> rows) {
      this.rows = rows;
      advance();
    }

    private void advance() {
      // Spark uses one row again and again
      first = rows.hasNext() ? rows.next().copy() : null;
    }

    @Override
    public boolean hasNext() {
      while (changes.isEmpty() && first != null) {
        readThing();
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
      ArrayData counts = ArrayData.toArrayData(tally.counts());
      return new GenericInternalRow(
          new Object[] {NONE, null, null, null, null, null, null, counts});
    }

    private void readThing() {
      InternalRow key = (InternalRow) get(first, KEY);
      List<TableVersion> versions = new ArrayList<>();
      List<Point> events = new ArrayList<>();
      do {
        InternalRow values = (InternalRow) get(first, VALUES);
        Object start = get(first, START);
        boolean deleted = first.getBoolean(DELETED);
        if (first.getBoolean(EVENT)) {
          events.add(Point.event(start, deleted, values));
        } else {
          versions.add(
              new TableVersion(
                  start,
                  get(first, END),
                  deleted,
                  values,
                  first.getBoolean(MARKED),
                  get(first, PLACE)));
        }
        advance();
      } while (first != null && keys.compare(key, get(first, KEY)) == 0);
      Timeline.Result result = timeline.of(versions, events, isLateSnapshot, until);
      tally.add(versions, events.size(), result, order.isSound(versions));
      tell(key, versions, result);
    }

    private void tell(InternalRow key, List<TableVersion> versions, Timeline.Result result) {
      Set<TableVersion> kept = Collections.newSetFromMap(new IdentityHashMap<>());
      for (Point point : result.list()) {
        if (point.isNewVersion()) {
          changes.add(
              new GenericInternalRow(
                  new Object[] {
                    WRITTEN, key, point.time, point.end, point.deleted, point.values, null, null
                  }));
        } else if (point.isVersion) {
          kept.add(point.existing);
        }
      }
      for (TableVersion version : versions) {
        if (kept.contains(version)) {
          continue;
        }
        changes.add(
            new GenericInternalRow(
                new Object[] {
                  REMOVED, key, version.start(), null, null, null, version.place(), null
                }));
      }
    }

    private Object get(InternalRow row, int index) {
      return row.isNullAt(index) ? null : row.get(index, type(index));
    }
  }
}
