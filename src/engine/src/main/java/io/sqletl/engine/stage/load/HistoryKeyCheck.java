package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.history.Choices;
import io.sqletl.engine.stage.history.HistoryRules;
import io.sqletl.engine.stage.history.HistoryType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keys of DeltaLakeHistoryLoad that cannot be meant together. */
final class HistoryKeyCheck {

  static final String VECTORS = "delta.enableDeletionVectors";

  private static final String KEYS = "keys";
  private static final String SEQUENCE_BY = "sequenceBy";
  private static final String TRACK = "trackColumns";
  private static final String IGNORE = "ignoreColumns";
  private static final String EXCEPT = "exceptColumns";
  private static final String LATEST_BY = "latestBy";
  private static final String VALID_FROM = "validFrom";
  private static final String VALID_TO = "validTo";
  private static final String IS_CURRENT = "isCurrent";
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
    checkNames(KEYS, rules.keys(), true);
    checkNames(SEQUENCE_BY, rules.sequenceBy(), true);
    checkNames(TRACK, rules.trackColumns(), false);
    checkNames(IGNORE, rules.ignoreColumns(), false);
    checkNames(EXCEPT, rules.exceptColumns(), false);
    checkNames("partitionBy", rules.partitionBy(), false);
    if (!rules.trackColumns().isEmpty() && !rules.ignoreColumns().isEmpty()) {
      planning.invalid(
          IGNORE,
          "\"trackColumns\" names the columns that make a version, so that \"ignoreColumns\" says"
              + " nothing",
          "keep one of them");
    }
    checkDuplicates();
    checkSource();
    checkRoles();
    checkMade();
    checkManifest();
    planning
        .views()
        .columnsOf(keys.inputView())
        .ifPresent(
            columns -> new HistoryColumnCheck(keys.inputView(), rules, planning, columns).check());
  }

  private void checkNames(String key, List<String> names, boolean required) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(low(name))) {
        planning.invalid(key, "\"" + key + "\" names \"" + name + "\" twice", "take one out");
      }
    }
    if (required && names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
      planning.invalid(key, "\"" + key + "\" names no column", "name at least one column");
    }
  }

  private void checkDuplicates() {
    if (rules.duplicates() == Choices.Duplicates.latest && rules.latestBy().isEmpty()) {
      planning.missing(
          LATEST_BY, "\"duplicates\": \"latest\" needs \"latestBy\", the column that decides");
    }
    if (rules.duplicates() != Choices.Duplicates.latest && rules.latestBy().isPresent()) {
      planning.invalid(
          LATEST_BY,
          "\"latestBy\" says nothing without \"duplicates\": \"latest\"",
          "add that, or take \"latestBy\" out");
    }
  }

  private void checkSource() {
    if (rules.source() != Choices.Source.snapshot) {
      return;
    }
    if (rules.deleteWhen().isPresent()) {
      planning.invalid(
          "deleteWhen",
          "\"deleteWhen\" is for \"source\": \"changes\": what a snapshot lacks is deleted",
          "leave such rows out of the view");
    }
    if (rules.sequenceBy().size() > 1) {
      planning.invalid(
          SEQUENCE_BY, "A snapshot has one time, and not several columns", "give it as ${…}");
    }
  }

  private void checkManifest() {
    boolean hasVectors =
        keys.tableProperties().entrySet().stream()
            .anyMatch(
                property ->
                    property.getKey().equalsIgnoreCase(VECTORS)
                        && property.getValue().strip().equalsIgnoreCase("true"));
    if (hasVectors && keys.generateSymlinkManifest().orElse(false)) {
      planning.invalid(
          "generateSymlinkManifest",
          "A manifest for Athena and Presto lists whole files, and \"tableProperties\" sets \""
              + VECTORS
              + "\": they would read rows that are deleted",
          "keep one of them");
    }
  }

  /** A column that would be two things of which one says that it is not the other. */
  private void checkRoles() {
    List<String> sequence = rules.hasGivenTime() ? List.of() : rules.sequenceBy();
    List<String> latest = rules.latestBy().stream().toList();
    String ofKeys = "a key is the same in all versions of a thing";
    if (sequence.stream().allMatch(name -> HistoryColumnCheck.contains(rules.keys(), name))) {
      exclude(KEYS, rules.keys(), SEQUENCE_BY, sequence, "each time would be a thing of its own");
    }
    exclude(KEYS, rules.keys(), TRACK, rules.trackColumns(), ofKeys);
    exclude(KEYS, rules.keys(), IGNORE, rules.ignoreColumns(), ofKeys);
    exclude(KEYS, rules.keys(), LATEST_BY, latest, "rows of one key cannot be told apart by it");
    exclude(
        SEQUENCE_BY, sequence, LATEST_BY, latest, "rows of one time cannot be told apart by it");
    exclude(
        SEQUENCE_BY,
        sequence,
        IGNORE,
        rules.ignoreColumns(),
        "a change of it alone makes no version anyway");
    String absent = "the table does not have it";
    exclude(KEYS, rules.keys(), EXCEPT, rules.exceptColumns(), absent);
    exclude(TRACK, rules.trackColumns(), EXCEPT, rules.exceptColumns(), absent);
    exclude(IGNORE, rules.ignoreColumns(), EXCEPT, rules.exceptColumns(), absent);
    List<String> made = HistoryColumnCheck.made(rules);
    List<String> folders =
        rules.partitionBy().stream()
            .filter(name -> !HistoryColumnCheck.contains(made, name))
            .toList();
    exclude("partitionBy", folders, EXCEPT, rules.exceptColumns(), absent);
    boolean hasStart = rules.type() == HistoryType.VERSIONS && rules.validFrom().isPresent();
    if (!hasStart) {
      exclude(
          SEQUENCE_BY,
          sequence,
          EXCEPT,
          rules.exceptColumns(),
          "nothing would tell when a version began");
    }
  }

  private void exclude(
      String key, List<String> names, String other, List<String> others, String reason) {
    for (String name : others) {
      if (HistoryColumnCheck.contains(names, name)) {
        report(
            other,
            name,
            "The column \"" + name + "\" is in \"" + key + "\" and in \"" + other + "\": " + reason,
            "take it out of one of them");
      }
    }
  }

  private void report(String key, String name, String message, String remedy) {
    planning
        .problems()
        .accept(
            new Problem(
                ErrorCode.INVALID_VALUE,
                HistoryColumnCheck.at(planning, key, name),
                message,
                remedy));
  }

  private void checkMade() {
    if (rules.hasGivenTime() && rules.validFrom().isEmpty()) {
      planning.invalid(
          VALID_FROM,
          "\"sequenceBy\" is a time that no column has, and without the column \"validFrom\""
              + " nothing would tell when a version began",
          "keep it, or name a column in \"sequenceBy\"");
    }
    if (rules.type() == HistoryType.NEWEST) {
      keys.openEnd()
          .ifPresent(
              end ->
                  planning.invalid(
                      OPEN_END,
                      "With \"historyType\": 1 versions have no end, so that \"openEnd\" says"
                          + " nothing",
                      "take it out"));
      return;
    }
    checkMadeNames();
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

  /** The columns that the load makes have names of their own, which the view's others have not. */
  private void checkMadeNames() {
    Map<String, String> seen = new HashMap<>();
    checkMadeName(VALID_FROM, rules.validFrom(), seen);
    checkMadeName(VALID_TO, rules.validTo(), seen);
    checkMadeName(IS_CURRENT, rules.isCurrent(), seen);
    checkMadeName("isDeleted", rules.tombstone(), seen);
  }

  private void checkMadeName(String key, Optional<String> made, Map<String, String> seen) {
    if (made.isEmpty()) {
      return;
    }
    String name = made.get();
    String other = seen.putIfAbsent(low(name), key);
    boolean isWritten = planning.block().object().containsKey(key);
    if (other != null) {
      planning.invalid(
          isWritten ? key : other,
          "\"" + other + "\" and \"" + key + "\" would be two columns called \"" + name + "\"",
          "rename one");
      return;
    }
    List<String> sequence = rules.hasGivenTime() ? List.of() : rules.sequenceBy();
    boolean isKey = HistoryColumnCheck.contains(rules.keys(), name);
    boolean isInTable =
        HistoryColumnCheck.contains(sequence, name)
            && !HistoryColumnCheck.contains(rules.exceptColumns(), name);
    // Where the view's columns are known, all of them are looked at
    if ((isKey || isInTable) && planning.views().columnsOf(keys.inputView()).isEmpty()) {
      planning.invalid(
          isWritten ? key : isKey ? KEYS : SEQUENCE_BY,
          "The load makes a column \"" + name + "\", and the view has one of this name",
          isKey
              ? "give \"" + key + "\" another name"
              : "give \"" + key + "\" another name, or add \"exceptColumns\": [\"" + name + "\"]");
    }
  }

  private static String low(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
