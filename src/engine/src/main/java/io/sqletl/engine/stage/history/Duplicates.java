package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.types.StructType;

/** Of several rows of one key and one time the one that counts. */
final class Duplicates implements Serializable {

  private static final long serialVersionUID = 1;

  private final Choices.Duplicates rule;
  private final TimeOrder times;
  private final TimeOrder ties;
  private final Values values;

  /**
   * @param schema of the rows, as {@link EventColumns} has them
   */
  Duplicates(Choices.Duplicates rule, StructType schema, Values values) {
    this.rule = rule;
    this.times = new TimeOrder(schema.apply(Names.START).dataType());
    this.ties = new TimeOrder(schema.apply(Names.TIE).dataType());
    this.values = values;
  }

  /** Marks the rows of one thing, and puts them in the order of time. */
  void mark(List<Event> events) {
    if (events.size() < 2) {
      return;
    }
    events.sort(
        Comparator.comparing((Event event) -> event.time, times)
            // The greatest first, and NULL last
            .thenComparing(event -> event.tie, Collections.reverseOrder(ties)));
    Event first = events.get(0);
    for (Event event : events.subList(1, events.size())) {
      if (times.compare(first.time, event.time) != 0) {
        first = event;
        continue;
      }
      event.isFurther = true;
      event.isConflict = isConflict(first, event);
    }
  }

  private boolean isConflict(Event first, Event other) {
    return switch (rule) {
      case fail -> true;
      case identical -> !isCopy(first, other);
      case latest -> ties.compare(first.tie, other.tie) == 0 && !isCopy(first, other);
    };
  }

  private boolean isCopy(Event first, Event other) {
    return first.deleted == other.deleted
        && (first.deleted || values.areSame(first.values, other.values));
  }
}
