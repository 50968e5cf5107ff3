package io.sqletl.engine.stage.history;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;

/** The rows of one thing after those of another, out of rows that are sorted by their keys. */
final class Things implements Iterator<List<InternalRow>> {

  private final Iterator<InternalRow> rows;
  private final int keyIndex;
  private final DataType keyType;
  private final TimeOrder keys;
  private InternalRow first;

  /**
   * @param keyIndex which column is the struct of the keys
   */
  Things(Iterator<InternalRow> rows, int keyIndex, DataType keyType) {
    this.rows = rows;
    this.keyIndex = keyIndex;
    this.keyType = keyType;
    this.keys = new TimeOrder(keyType);
    advance();
  }

  private void advance() {
    // Spark uses one row again and again
    first = rows.hasNext() ? rows.next().copy() : null;
  }

  @Override
  public boolean hasNext() {
    return first != null;
  }

  @Override
  public List<InternalRow> next() {
    if (first == null) {
      throw new NoSuchElementException();
    }
    List<InternalRow> thing = new ArrayList<>();
    Object key = first.get(keyIndex, keyType);
    do {
      thing.add(first);
      advance();
    } while (first != null && keys.compare(key, first.get(keyIndex, keyType)) == 0);
    return thing;
  }
}
