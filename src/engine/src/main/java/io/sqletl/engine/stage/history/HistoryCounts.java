package io.sqletl.engine.stage.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a load did to a history, from 0 each.
 *
 * @param inserted things that had no current version and have one now
 * @param changed other things that have other versions now
 * @param unchanged things in the load that are as they were
 * @param deleted things that had a current version and have none now
 * @param late rows that were older than what the table knew, and counted
 * @param ignored rows that were passed over: late ones, and further copies of a row
 */
public record HistoryCounts(
    long inserted, long changed, long unchanged, long deleted, long late, long ignored) {

  /** The field of a stage's detail. */
  public static final String FIELD = "history";

  /** Those of a stage that told them. */
  public static Optional<HistoryCounts> of(Map<String, Object> detail) {
    if (!(detail.get(FIELD) instanceof Map<?, ?> counts)) {
      return Optional.empty();
    }
    return Optional.of(
        new HistoryCounts(
            number(counts, "inserted"),
            number(counts, "changed"),
            number(counts, "unchanged"),
            number(counts, "deleted"),
            number(counts, "late"),
            number(counts, "ignored")));
  }

  /** As a field of the log and of the results file. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("inserted", inserted);
    fields.put("changed", changed);
    fields.put("unchanged", unchanged);
    fields.put("deleted", deleted);
    fields.put("late", late);
    fields.put("ignored", ignored);
    return fields;
  }

  /** For the stage's line: {@code 6 changed, 3 inserted}; without what is none, changes aside. */
  public String describe() {
    List<String> parts = new ArrayList<>();
    parts.add(String.format(Locale.ROOT, "%,d changed", changed));
    add(parts, inserted, "inserted");
    add(parts, deleted, "deleted");
    add(parts, unchanged, "unchanged");
    add(parts, late, "late");
    add(parts, ignored, "ignored");
    return String.join(", ", parts);
  }

  private static void add(List<String> parts, long number, String what) {
    if (number > 0) {
      parts.add(String.format(Locale.ROOT, "%,d %s", number, what));
    }
  }

  private static long number(Map<?, ?> counts, String field) {
    return counts.get(field) instanceof Number number ? number.longValue() : 0;
  }
}
