package io.sqletl.engine.stage.history;

import org.apache.spark.sql.catalyst.InternalRow;

/** A time at which something is said of a thing, and what becomes of it. */
final class Point {

  /** Who says it. Of several at one time the last of these counts. */
  enum Kind {
    /** What becomes true again after a late snapshot, which only spoke of its own time. */
    RESTORED,
    /** The table: a version ends. */
    ENDED,
    /** The table: a version begins. */
    BEGAN,
    /** The load. */
    EVENT
  }

  /**
   * What is said.
   *
   * @param deleted whether the thing is not there
   * @param values what it is like; may be null where it is not there
   */
  record State(boolean deleted, InternalRow values) {}

  final Object time;
  final Kind kind;
  final boolean deleted;
  InternalRow values;

  /** The version of the table that this stands for; null if it has none of this time. */
  TableVersion existing;

  /** What the table said at this time; null where it said nothing new. */
  State told;

  /** Whether the table has a version's end at this time. */
  boolean atEnd;

  /** Whether this is an event that is older than what the table knows of its thing. */
  boolean late;

  /** Whether this is late and says something that the table did not say. */
  boolean effective;

  /** Whether something other than before is true from here on. */
  boolean fresh;

  /** Whether a late event changed values in place. */
  boolean lateValues;

  /** When it ceases to be true; null for never. */
  Object end;

  /** Whether this is a version, and not a gap. */
  boolean isVersion;

  /** Whether the table has this version as it is. */
  boolean kept;

  Point(Object time, Kind kind, boolean deleted, InternalRow values, TableVersion existing) {
    this.time = time;
    this.kind = kind;
    this.deleted = deleted;
    this.values = values;
    this.existing = existing;
  }

  static Point event(Object time, boolean deleted, InternalRow values) {
    return new Point(time, Kind.EVENT, deleted, values, null);
  }

  boolean isEvent() {
    return kind == Kind.EVENT;
  }

  /** Whether the table says it. */
  boolean isKnown() {
    return kind == Kind.BEGAN || kind == Kind.ENDED;
  }

  boolean begins() {
    return kind == Kind.BEGAN;
  }

  boolean isNewVersion() {
    return isVersion && !kept;
  }

  State state() {
    return new State(deleted, values);
  }
}
