package io.sqletl.engine.stage.history;

import org.apache.spark.sql.catalyst.InternalRow;

/** A row of the view: its thing is like that from a time on, or is deleted then. */
final class Event {

  final Object time;

  /** What tells which of several rows of one time counts; may be null. */
  final Object tie;

  final boolean deleted;
  final InternalRow values;

  /** Whether another row of the same thing and time counts. */
  boolean isFurther;

  /** Whether that is not known: the other row says something else. */
  boolean isConflict;

  Event(Object time, Object tie, boolean deleted, InternalRow values) {
    this.time = time;
    this.tie = tie;
    this.deleted = deleted;
    this.values = values;
  }
}
