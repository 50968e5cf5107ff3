package io.sqletl.engine.stage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a stage did to the rows of a table that was there, from 0 each. How many rows were written
 * says little of it: a file is written anew for one row that changes.
 *
 * @param inserted rows that were not there
 * @param updated rows that were there and were changed
 * @param deleted rows that are no longer there
 * @param copied rows that were written anew as they were, because they share a file with others
 */
public record RowChanges(long inserted, long updated, long deleted, long copied) {

  /** The field of a stage's detail. */
  public static final String FIELD = "rowChanges";

  /** Those of a stage that told them. */
  public static Optional<RowChanges> of(Map<String, Object> detail) {
    if (!(detail.get(FIELD) instanceof Map<?, ?> changes)) {
      return Optional.empty();
    }
    return Optional.of(
        new RowChanges(
            number(changes, "inserted"),
            number(changes, "updated"),
            number(changes, "deleted"),
            number(changes, "copied")));
  }

  /** As a field of the log. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("inserted", inserted);
    fields.put("updated", updated);
    fields.put("deleted", deleted);
    fields.put("copied", copied);
    return fields;
  }

  /** Rows that are other than before; those that were copied are not. */
  public long total() {
    return inserted + updated + deleted;
  }

  /** For the stage's line, such as {@code 3 inserted, 6 updated}; without what is none. */
  public String describe() {
    List<String> parts = new ArrayList<>();
    add(parts, inserted, "inserted");
    add(parts, updated, "updated");
    add(parts, deleted, "deleted");
    return parts.isEmpty() ? "no rows changed" : String.join(", ", parts);
  }

  private static void add(List<String> parts, long rows, String what) {
    if (rows > 0) {
      parts.add(String.format(Locale.ROOT, "%,d %s", rows, what));
    }
  }

  private static long number(Map<?, ?> changes, String field) {
    return changes.get(field) instanceof Number number ? number.longValue() : 0;
  }
}
