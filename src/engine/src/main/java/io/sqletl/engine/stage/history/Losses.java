package io.sqletl.engine.stage.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.Option;

/** The files that lose rows in a load, and what becomes of each. */
final class Losses {

  /** One hidden row in so many is as much as readers are made to pass over. */
  private static final int MOST_HIDDEN = 5;

  private final boolean hasVectors;
  private final Map<String, Long> numbers;
  private final Map<String, AddFile> marked = new LinkedHashMap<>();
  private final List<AddFile> rewritten = new ArrayList<>();
  private final List<AddFile> removed = new ArrayList<>();
  private long copied;

  private Losses(boolean hasVectors, Map<String, Long> numbers) {
    this.hasVectors = hasVectors;
    this.numbers = numbers;
  }

  static Losses none() {
    return new Losses(false, Map.of());
  }

  /**
   * @param numbers how many rows each file loses, at least 1, by the path that its rows' metadata
   *     have
   */
  static Losses of(Map<String, Long> numbers, HistoryTable table) {
    Losses losses = new Losses(table.hasVectors(), numbers);
    table.files(numbers.keySet()).forEach(losses::decide);
    return losses;
  }

  private void decide(String path, AddFile file) {
    long lost = numbers.get(path);
    long rows = number(file.numPhysicalRecords());
    long hidden = file.numDeletedRecords() + lost;
    if (hasVectors && hidden < rows && hidden * MOST_HIDDEN <= rows) {
      marked.put(path, file);
      return;
    }
    removed.add(file);
    if (!hasVectors || hidden != rows) {
      rewritten.add(file);
      copied += Math.max(0, number(file.numLogicalRecords()) - lost);
    }
  }

  /** 0 where the log does not tell, as of files that others wrote without statistics. */
  private static long number(Option<Object> records) {
    return records.isDefined() ? (Long) records.get() : 0;
  }

  /** How many rows each file loses, at least 1, by the path that its rows' metadata have. */
  Map<String, Long> numbers() {
    return numbers;
  }

  /** Files that stay, each with a deletion vector that says which rows no longer count; by path. */
  Map<String, AddFile> marked() {
    return marked;
  }

  /** Files whose other rows are written anew. */
  List<AddFile> rewritten() {
    return rewritten;
  }

  /** Files that the table will not have any more: those that are rewritten, or have no row left. */
  List<AddFile> removed() {
    return removed;
  }

  /** How many rows are written anew as they are. */
  long copied() {
    return copied;
  }
}
