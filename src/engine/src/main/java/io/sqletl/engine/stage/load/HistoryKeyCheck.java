package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.history.Choices;
import io.sqletl.engine.stage.history.HistoryRules;
import io.sqletl.engine.stage.history.HistoryType;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Keys of DeltaLakeHistoryLoad that cannot be meant together. */
final class HistoryKeyCheck {

  private static final String VALID_TO = "validTo";
  private static final String OPEN_END = "openEnd";

  private final DeltaLakeHistoryLoad keys;
  private final HistoryRules rules;
  private final StagePlanning planning;

  HistoryKeyCheck(DeltaLakeHistoryLoad keys, HistoryRules rules, StagePlanning planning) {
    this.keys = keys;
    this.rules = rules;
    this.planning = planning;
  }

  void check() {
    checkNames("keys", rules.keys());
    checkNames("sequenceBy", rules.sequenceBy());
    if (!rules.trackColumns().isEmpty() && !rules.ignoreColumns().isEmpty()) {
      planning.invalid(
          "ignoreColumns",
          "\"trackColumns\" names the columns that make a version, so that \"ignoreColumns\" says"
              + " nothing",
          "keep one of them");
    }
    if (rules.duplicates() == Choices.Duplicates.latest && rules.latestBy().isEmpty()) {
      planning.missing(
          "latestBy", "\"duplicates\": \"latest\" needs \"latestBy\", the column that decides");
    }
    if (rules.duplicates() != Choices.Duplicates.latest && rules.latestBy().isPresent()) {
      planning.invalid(
          "latestBy",
          "\"latestBy\" says nothing without \"duplicates\": \"latest\"",
          "add that, or take \"latestBy\" out");
    }
    if (rules.source() == Choices.Source.snapshot && rules.deleteWhen().isPresent()) {
      planning.invalid(
          "deleteWhen",
          "\"deleteWhen\" is for \"source\": \"changes\": what a snapshot lacks is deleted",
          "leave such rows out of the view");
    }
    if (rules.source() == Choices.Source.snapshot && rules.sequenceBy().size() > 1) {
      planning.invalid(
          "sequenceBy", "A snapshot has one time, and not several columns", "give it as ${…}");
    }
    checkMade();
  }

  private void checkNames(String key, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        planning.invalid(key, "\"" + key + "\" names \"" + name + "\" twice", "take one out");
      }
    }
    if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
      planning.invalid(key, "\"" + key + "\" names no column", "name at least one column");
    }
  }

  private void checkMade() {
    if (rules.type() == HistoryType.NEWEST) {
      return;
    }
    Set<String> seen = new HashSet<>();
    Stream.of(rules.validFrom(), rules.validTo(), rules.isCurrent())
        .flatMap(java.util.Optional::stream)
        .filter(name -> !seen.add(name.toLowerCase(Locale.ROOT)))
        .forEach(
            name ->
                planning.invalid(
                    VALID_TO, "Two columns would be called \"" + name + "\"", "rename one"));
    boolean deletes = rules.deleteWhen().isPresent() || rules.source() == Choices.Source.snapshot;
    if (rules.validTo().isEmpty() && deletes && rules.onDelete() == Choices.OnDelete.close) {
      planning.invalid(
          VALID_TO,
          "Without the column \"validTo\" nothing would tell when a deleted thing ended",
          "keep it, or set \"onDelete\" to \"tombstone\" or \"remove\"");
    }
    if (keys.openEnd().isPresent()
        && (rules.validTo().isEmpty() || rules.sequenceBy().size() > 1)) {
      planning.invalid(
          OPEN_END,
          "\"openEnd\" is the value of one column \"validTo\"",
          "take it out: an open end is then NULL");
    }
  }
}
