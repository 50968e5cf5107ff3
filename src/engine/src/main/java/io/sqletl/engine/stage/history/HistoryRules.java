package io.sqletl.engine.stage.history;

import java.util.List;
import java.util.Optional;

/**
 * What a load is told to do.
 *
 * @param source what the rows of the view are
 * @param type whether versions are kept
 * @param keys the columns that name a thing
 * @param sequenceBy columns that order changes, or the one text that is the time of all rows
 * @param trackColumns columns whose change makes a version; empty for all
 * @param ignoreColumns columns whose change makes none
 * @param exceptColumns columns that the table does not have
 * @param deleteWhen the SQL condition of a row that means deleted
 * @param validFrom the name of a column, or none
 * @param validTo the name of a column, or none
 * @param isCurrent the name of a column, or none
 * @param isDeleted the name of a column, or none
 * @param openEnd the end of a version that has none, as text; none for NULL
 * @param latestBy the column that says which of several rows counts
 */
public record HistoryRules(
    Choices.Source source,
    HistoryType type,
    List<String> keys,
    List<String> sequenceBy,
    List<String> trackColumns,
    List<String> ignoreColumns,
    List<String> exceptColumns,
    Optional<String> deleteWhen,
    Optional<String> validFrom,
    Optional<String> validTo,
    Optional<String> isCurrent,
    Optional<String> isDeleted,
    Optional<String> openEnd,
    Choices.OnDelete onDelete,
    Choices.LateRows lateRows,
    Choices.Duplicates duplicates,
    Optional<String> latestBy,
    Choices.NullKeys nullKeys,
    Choices.EmptySnapshot emptySnapshot,
    boolean schemaEvolution,
    List<String> partitionBy) {

  /**
   * Whether "sequenceBy" is the time of all rows, unless the view has a column of such a name: a
   * date, a timestamp or a whole number.
   */
  public boolean hasGivenTime() {
    return sequenceBy.size() == 1 && LoadTime.of(sequenceBy.get(0)).isPresent();
  }

  /** The column of the versions that stand for a deletion; nothing if none is made. */
  public Optional<String> tombstone() {
    return onDelete == Choices.OnDelete.tombstone ? isDeleted : Optional.empty();
  }
}
