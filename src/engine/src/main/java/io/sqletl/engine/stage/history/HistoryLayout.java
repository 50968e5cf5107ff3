package io.sqletl.engine.stage.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a table keeps its history. It is a property of the table, so that whoever reads the table
 * need not be told.
 *
 * @param type whether versions are kept
 * @param keys the columns that name a thing, as the table calls them
 * @param sequence the columns that order changes, as the table calls them; none for loads that are
 *     told their time
 * @param validFrom the column of a version's start; none if that is in the columns of the sequence
 * @param validTo the column of a version's end
 * @param isCurrent the column that says whether a version is the current one
 * @param isDeleted the column that says whether a version stands for a deletion
 * @param openEnd what the end of a version is that has none, as text; none for NULL
 */
public record HistoryLayout(
    HistoryType type,
    List<String> keys,
    List<String> sequence,
    Optional<String> validFrom,
    Optional<String> validTo,
    Optional<String> isCurrent,
    Optional<String> isDeleted,
    Optional<String> openEnd) {

  /** The table property that holds the layout. */
  public static final String PROPERTY = "sqletl.history";

  private static final ObjectMapper JSON = new ObjectMapper();

  public HistoryLayout {
    keys = List.copyOf(keys);
    sequence = List.copyOf(sequence);
  }

  /** The columns that the load makes. */
  public List<String> made() {
    return Stream.of(validFrom, validTo, isCurrent, isDeleted).flatMap(Optional::stream).toList();
  }

  /** As the value of the property. */
  public String toJson() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("type", type.text());
    fields.put("keys", keys);
    fields.put("sequence", sequence);
    fields.put("validFrom", validFrom.orElse(null));
    fields.put("validTo", validTo.orElse(null));
    fields.put("isCurrent", isCurrent.orElse(null));
    fields.put("isDeleted", isDeleted.orElse(null));
    fields.put("openEnd", openEnd.orElse(null));
    try {
      return JSON.writeValueAsString(fields);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A layout that JSON cannot say", e);
    }
  }

  /** Nothing if the text is not the value of such a property. */
  public static Optional<HistoryLayout> ofJson(String json) {
    try {
      Map<?, ?> fields = JSON.readValue(json, Map.class);
      return Optional.of(
          new HistoryLayout(
              HistoryType.NEWEST.text().equals(fields.get("type"))
                  ? HistoryType.NEWEST
                  : HistoryType.VERSIONS,
              texts(fields.get("keys")),
              texts(fields.get("sequence")),
              text(fields.get("validFrom")),
              text(fields.get("validTo")),
              text(fields.get("isCurrent")),
              text(fields.get("isDeleted")),
              text(fields.get("openEnd"))));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(Object value) {
    return Optional.ofNullable(value).map(String::valueOf);
  }

  private static List<String> texts(Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }
}
