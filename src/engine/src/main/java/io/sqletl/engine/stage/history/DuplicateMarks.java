package io.sqletl.engine.stage.history;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Of events, those of one thing after those of another, which count beside others of their time.
 */
final class DuplicateMarks
    implements FlatMapFunction<Iterator<InternalRow>, InternalRow>, Serializable {

  private static final long serialVersionUID = 1;

  /** Whether another row of the same thing and time counts. */
  static final String FURTHER = "further";

  /** Whether that is not known. */
  static final String CONFLICT = "conflict";

  private final StructType input;
  private final Duplicates duplicates;

  /**
   * @param input as {@link EventColumns} has them
   */
  DuplicateMarks(StructType input, Duplicates duplicates) {
    this.input = input;
    this.duplicates = duplicates;
  }

  /** Of the rows that come out. */
  StructType schema() {
    return input
        .add(FURTHER, DataTypes.BooleanType, false)
        .add(CONFLICT, DataTypes.BooleanType, false);
  }

  @Override
  public Iterator<InternalRow> call(Iterator<InternalRow> rows) {
    Things things = new Things(rows, EventColumns.KEY, EventColumns.type(input, EventColumns.KEY));
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(things, 0), false)
        .flatMap(this::marked)
        .iterator();
  }

  private Stream<InternalRow> marked(List<InternalRow> thing) {
    Object key = EventColumns.get(thing.get(0), input, EventColumns.KEY);
    List<Event> events = new ArrayList<>();
    thing.forEach(row -> events.add(EventColumns.event(row, input)));
    duplicates.mark(events);
    return events.stream()
        .map(
            event ->
                new GenericInternalRow(
                    new Object[] {
                      key,
                      event.time,
                      event.deleted,
                      event.values,
                      event.tie,
                      event.isFurther,
                      event.isConflict
                    }));
  }
}
