package io.sqletl.engine.stage.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.spark.sql.Row;

/** Rows that are answered in groups, one group at a time as they are asked for. */
public final class Batches implements Iterator<Row> {

  private final Iterator<Row> rows;
  private final int size;
  private final Function<List<Row>, List<Row>> answer;
  private final Deque<Row> ready = new ArrayDeque<>();

  /**
   * @param size rows of a group, at least 1
   * @param answer makes of each group as many rows
   */
  public Batches(Iterator<Row> rows, int size, Function<List<Row>, List<Row>> answer) {
    this.rows = rows;
    this.size = size;
    this.answer = answer;
  }

  @Override
  public boolean hasNext() {
    if (ready.isEmpty() && rows.hasNext()) {
      List<Row> group = new ArrayList<>();
      while (group.size() < size && rows.hasNext()) {
        group.add(rows.next());
      }
      ready.addAll(answer.apply(group));
    }
    return !ready.isEmpty();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }
}
