package io.sqletl.engine.stage.extract;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first record of a file, and where in it the columns of the view are.
 *
 * @param line its bytes
 * @param places of the columns of the view among the values of a record; null where they are the
 *     same, -1 for a column that the file does not have
 * @param values how many values a record of the file has
 */
record DelimitedHeader(byte[] line, int[] places, int values) implements Serializable {

  boolean isLine(byte[] text, int from, int to) {
    return to - from == line.length && Arrays.equals(text, from, to, line, 0, line.length);
  }

  /** Where the columns of the view are among those of a file, by name whatever its case. */
  static int[] places(List<String> view, List<String> file) {
    Map<String, Integer> byName = new HashMap<>();
    for (int i = 0; i < file.size(); i++) {
      byName.putIfAbsent(key(file.get(i)), i);
    }
    return view.stream().mapToInt(name -> byName.getOrDefault(key(name), -1)).toArray();
  }

  static String key(String name) {
    return name.strip().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
