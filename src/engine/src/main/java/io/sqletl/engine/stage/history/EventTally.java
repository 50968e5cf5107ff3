package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** What is to be known of all rows of a view before they are loaded. */
final class EventTally implements Serializable {

  private static final long serialVersionUID = 1;

  private final StructType schema;
  private final boolean isTimeOfSeveral;
  private final Object openEnd;
  private final TimeOrder times;
  private final TimeOrder firstKeys;
  private long rows;
  private long withoutKey;
  private long withoutTime;
  private long afterOpenEnd;
  private Object earliest;
  private Object latest;
  private boolean isFirstKeyNull;
  private Object leastKey;
  private Object greatestKey;

  /**
   * @param schema as {@link EventColumns} has them
   * @param isTimeOfSeveral whether the time is a struct of several columns
   * @param openEnd the time that no row may reach; Spark's own, null for none
   */
  EventTally(StructType schema, boolean isTimeOfSeveral, Object openEnd) {
    this.schema = schema;
    this.isTimeOfSeveral = isTimeOfSeveral;
    this.openEnd = openEnd;
    this.times = new TimeOrder(timeType());
    this.firstKeys = new TimeOrder(firstKeyType());
  }

  private DataType timeType() {
    return EventColumns.type(schema, EventColumns.START);
  }

  private DataType firstKeyType() {
    return ((StructType) EventColumns.type(schema, EventColumns.KEY)).fields()[0].dataType();
  }

  /** One of the same view's, with no rows. */
  EventTally empty() {
    return new EventTally(schema, isTimeOfSeveral, openEnd);
  }

  void add(InternalRow row) {
    rows++;
    InternalRow key = key(row);
    isFirstKeyNull |= key.isNullAt(0);
    addKey(key.get(0, firstKeyType()));
    addTime(time(row));
    withoutKey += isWithoutKey(row) ? 1 : 0;
    withoutTime += isWithoutTime(row) ? 1 : 0;
    afterOpenEnd += isAfterOpenEnd(row) ? 1 : 0;
  }

  private InternalRow key(InternalRow row) {
    return (InternalRow) EventColumns.get(row, schema, EventColumns.KEY);
  }

  private Object time(InternalRow row) {
    return EventColumns.get(row, schema, EventColumns.START);
  }

  /** Whether a row has NULL in a key. */
  boolean isWithoutKey(InternalRow row) {
    return isAnyNull(key(row));
  }

  /** Whether a row has NULL in what orders it. */
  boolean isWithoutTime(InternalRow row) {
    Object time = time(row);
    return time == null || isTimeOfSeveral && isAnyNull((InternalRow) time);
  }

  /** Whether a row has a time that none may reach. */
  boolean isAfterOpenEnd(InternalRow row) {
    return openEnd != null && !isWithoutTime(row) && times.compare(time(row), openEnd) >= 0;
  }

  private static boolean isAnyNull(InternalRow struct) {
    for (int i = 0; i < struct.numFields(); i++) {
      if (struct.isNullAt(i)) {
        return true;
      }
    }
    return false;
  }

  private void addKey(Object key) {
    if (key != null) {
      leastKey = leastKey == null || firstKeys.isBefore(key, leastKey) ? key : leastKey;
      greatestKey = firstKeys.later(key, greatestKey);
    }
  }

  private void addTime(Object time) {
    if (time != null) {
      earliest = earliest == null || times.isBefore(time, earliest) ? time : earliest;
      latest = times.later(time, latest);
    }
  }

  /** Adds the rows of others. */
  EventTally addAll(List<EventTally> others) {
    for (EventTally other : others) {
      rows += other.rows;
      withoutKey += other.withoutKey;
      withoutTime += other.withoutTime;
      afterOpenEnd += other.afterOpenEnd;
      isFirstKeyNull |= other.isFirstKeyNull;
      addKey(other.leastKey);
      addKey(other.greatestKey);
      addTime(other.earliest);
      addTime(other.latest);
    }
    return this;
  }

  long rows() {
    return rows;
  }

  /** How many rows are {@link #isWithoutKey without a key}. */
  long withoutKey() {
    return withoutKey;
  }

  /** How many rows are {@link #isWithoutTime without a time}. */
  long withoutTime() {
    return withoutTime;
  }

  /** How many rows are {@link #isAfterOpenEnd after the open end}. */
  long afterOpenEnd() {
    return afterOpenEnd;
  }

  /** The earliest time as users have it; null if no row has one. */
  Object earliest() {
    return CatalystTypeConverters.convertToScala(earliest, timeType());
  }

  /** The latest time as users have it; null if no row has one. */
  Object latest() {
    return CatalystTypeConverters.convertToScala(latest, timeType());
  }

  /** Whether a row has NULL in the first column of the keys. */
  boolean isFirstKeyNull() {
    return isFirstKeyNull;
  }

  /** The least of the first column of the keys as users have it; null if no row has one. */
  Object leastKey() {
    return CatalystTypeConverters.convertToScala(leastKey, firstKeyType());
  }

  /** The greatest of the first column of the keys as users have it; null if no row has one. */
  Object greatestKey() {
    return CatalystTypeConverters.convertToScala(greatestKey, firstKeyType());
  }
}
