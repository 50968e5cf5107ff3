package io.sqletl.engine.stage.extract;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.hive.ql.exec.vector.ColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.ListColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.MapColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.StructColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.TimestampColumnVector;
import org.apache.hadoop.hive.ql.exec.vector.VectorizedRowBatch;
import org.apache.orc.OrcProto;
import org.apache.orc.Reader;
import org.apache.orc.RecordReader;
import org.apache.orc.TypeDescription;

/**
 * Finds timestamps of ORC that a microsecond cannot hold: in the earliest and latest of each
 * column, which the footer has, and in the first rows.
 */
final class OrcNanoseconds {

  /** The type says nothing of the digits, and to read every value twice would cost too much. */
  private static final int ROWS = 1000;

  private static final String SPARK = "org.apache.spark.version";

  private static final int NANOS_OF_MICRO = 1000;

  private final Reader file;
  private final TypeDescription type;
  private final boolean[] timestamps;

  private OrcNanoseconds(Reader file) {
    this.file = file;
    this.type = file.getSchema();
    this.timestamps = new boolean[type.getMaximumId() + 1];
    markTimestamps(type);
  }

  /**
   * What is cut of the file's columns with such values, at the top or within structures: each in
   * one phrase.
   *
   * @param name of the file
   * @param looksAtRows whether its first rows are read where the footer does not tell
   */
  static List<String> notes(Reader file, String name, boolean looksAtRows) {
    return new OrcNanoseconds(file).notes(name, looksAtRows);
  }

  private List<String> notes(String name, boolean looksAtRows) {
    // Spark has no digits below the microsecond to write
    if (!timestamps[0] || file.hasMetadataValue(SPARK)) {
      return List.of();
    }
    Map<String, String> found = new TreeMap<>();
    Set<Integer> told = new HashSet<>();
    for (int i = 0; i < columns().size(); i++) {
      if (isToldByFooter(columns().get(i))) {
        found.put(type.getFieldNames().get(i), cut(type.getFieldNames().get(i)));
        told.add(i);
      }
    }
    if (looksAtRows) {
      try {
        look(told, found);
      } catch (IOException | RuntimeException e) {
        // Where the column is read, the extract meets the same fault; where it is not, this is all
        found.put("", notSeen(name, e));
      }
    }
    return List.copyOf(found.values());
  }

  /** What is said of a column with nanoseconds. */
  static String cut(String column) {
    return "column '" + column + "' has nanoseconds, and is cut to microseconds";
  }

  /** What is said of a file whose first rows could not be looked at. */
  static String notSeen(String file, Exception reason) {
    return "whether timestamps of '"
        + file
        + "' have nanoseconds, which are cut, is not known: its first rows cannot be read ("
        + reason.getMessage()
        + ")";
  }

  private List<TypeDescription> columns() {
    return type.getChildren();
  }

  private boolean markTimestamps(TypeDescription part) {
    boolean isMarked = part.getCategory() == TypeDescription.Category.TIMESTAMP;
    if (part.getChildren() != null) {
      for (TypeDescription child : part.getChildren()) {
        isMarked |= markTimestamps(child);
      }
    }
    timestamps[part.getId()] = isMarked;
    return isMarked;
  }

  private boolean isToldByFooter(TypeDescription column) {
    List<OrcProto.ColumnStatistics> statistics = file.getFileTail().getFooter().getStatisticsList();
    for (int id = column.getId(); id <= column.getMaximumId() && id < statistics.size(); id++) {
      OrcProto.TimestampStatistics range = statistics.get(id).getTimestampStatistics();
      // As the format keeps them, which is one more, so that none is told from zero
      if (range.hasMinimumNanos() && (range.getMinimumNanos() - 1) % NANOS_OF_MICRO != 0
          || range.hasMaximumNanos() && (range.getMaximumNanos() - 1) % NANOS_OF_MICRO != 0) {
        return true;
      }
    }
    return false;
  }

  private void look(Set<Integer> told, Map<String, String> found) throws IOException {
    boolean[] read = timestamps.clone();
    for (int i : told) {
      for (int id = columns().get(i).getId(); id <= columns().get(i).getMaximumId(); id++) {
        read[id] = false;
      }
    }
    if (columns().stream().noneMatch(column -> read[column.getId()])) {
      return;
    }
    VectorizedRowBatch batch = type.createRowBatch(ROWS);
    try (RecordReader rows = file.rows(file.options().include(read))) {
      if (!rows.nextBatch(batch)) {
        return;
      }
    }
    for (int i = 0; i < columns().size(); i++) {
      if (read[columns().get(i).getId()] && isCut(batch.cols[i], batch.size)) {
        found.put(type.getFieldNames().get(i), cut(type.getFieldNames().get(i)));
      }
    }
  }

  private static boolean isCut(ColumnVector column, int count) {
    if (column instanceof TimestampColumnVector times) {
      for (int i = 0; i < (times.isRepeating ? Math.min(1, count) : count); i++) {
        if ((times.noNulls || !times.isNull[i]) && times.nanos[i] % NANOS_OF_MICRO != 0) {
          return true;
        }
      }
      return false;
    }
    if (column instanceof ListColumnVector list) {
      return isCut(list.child, list.childCount);
    }
    if (column instanceof MapColumnVector map) {
      return isCut(map.keys, map.childCount) || isCut(map.values, map.childCount);
    }
    if (column instanceof StructColumnVector struct) {
      for (ColumnVector field : struct.fields) {
        if (isCut(field, count)) {
          return true;
        }
      }
    }
    return false;
  }
}
