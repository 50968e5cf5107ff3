package io.sqletl.engine.stage.extract;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * Turns the numbers that Spark gives rows within their partition into numbers within their file.
 * Public because generated code calls it; no interface for anybody else.
 *
 * <p>Rows come block by block, so what a number needs is looked up once for each block.
 */
public final class RowNumbers implements Serializable {

  private static final int FIELDS = 4;

  private transient ArrayData source;
  private transient Block[] blocks;
  private transient Block current;

  /**
   * The rows of one part of a file that a task reads in one go.
   *
   * @param start the number that Spark gives the first of them
   * @param count how many they are
   * @param offset what leads from Spark's number to the one in the file
   */
  private record Block(long start, long count, String file, long position, long offset) {

    private boolean holds(long id) {
      return id >= start && id - start < count;
    }

    private Block after(long rows) {
      return new Block(start, count, file, position, rows - start + 1);
    }
  }

  /**
   * The number of a row in its file, from 1.
   *
   * @param counted of each block the first number, the count, the file and the place in the file
   * @param id the number that Spark gives the row
   */
  public long number(ArrayData counted, long id) {
    if (source != counted) {
      blocks = read(counted);
      source = counted;
      current = null;
    }
    if (current == null || !current.holds(id)) {
      current = find(id);
    }
    return id + current.offset;
  }

  private Block find(long id) {
    int low = 0;
    int high = blocks.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (blocks[middle].holds(id)) {
        return blocks[middle];
      }
      if (blocks[middle].start < id) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    throw new IllegalStateException(
        "The input changed while it was read: row " + id + " was not there when rows were counted");
  }

  private static Block[] read(ArrayData counted) {
    Block[] blocks = new Block[counted.numElements()];
    for (int i = 0; i < blocks.length; i++) {
      InternalRow row = counted.getStruct(i, FIELDS);
      blocks[i] =
          new Block(
              row.getLong(0), row.getLong(1), row.getUTF8String(2).toString(), row.getLong(3), 0);
    }
    Arrays.sort(blocks, Comparator.comparing(Block::file).thenComparing(Block::position));
    Map<String, Long> rowsBefore = new HashMap<>();
    for (int i = 0; i < blocks.length; i++) {
      long rows = rowsBefore.getOrDefault(blocks[i].file, 0L);
      rowsBefore.put(blocks[i].file, rows + blocks[i].count);
      blocks[i] = blocks[i].after(rows);
    }
    Arrays.sort(blocks, Comparator.comparing(Block::start));
    return blocks;
  }
}
