package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.history.HistoryRules;
import io.sqletl.engine.stage.history.HistoryType;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Columns that DeltaLakeHistoryLoad names, against those of its view where a job says them. */
final class HistoryColumnCheck {

  private final String view;
  private final HistoryRules rules;
  private final StagePlanning planning;
  private final List<String> columns;

  /**
   * @param columns all of the view's, internal ones aside
   */
  HistoryColumnCheck(
      String view, HistoryRules rules, StagePlanning planning, List<String> columns) {
    this.view = view;
    this.rules = rules;
    this.planning = planning;
    this.columns = columns;
  }

  void check() {
    require("keys", rules.keys());
    if (!rules.hasGivenTime() || contains(columns, rules.sequenceBy().get(0))) {
      require("sequenceBy", rules.sequenceBy());
    }
    require("trackColumns", rules.trackColumns());
    require("ignoreColumns", rules.ignoreColumns());
    require("exceptColumns", rules.exceptColumns());
    require("latestBy", rules.latestBy().stream().toList());
    List<String> made = made(rules);
    require(
        "partitionBy", rules.partitionBy().stream().filter(name -> !contains(made, name)).toList());
    made.stream()
        .filter(name -> contains(columns, name) && !contains(rules.exceptColumns(), name))
        .forEach(this::taken);
  }

  /** The columns that the load makes. */
  static List<String> made(HistoryRules rules) {
    boolean versions = rules.type() == HistoryType.VERSIONS;
    Stream<Optional<String>> ofVersions =
        versions ? Stream.of(rules.validTo(), rules.isCurrent()) : Stream.empty();
    return Stream.concat(
            Stream.of(
                versions || rules.hasGivenTime() ? rules.validFrom() : Optional.<String>empty(),
                rules.tombstone()),
            ofVersions)
        .flatMap(Optional::stream)
        .toList();
  }

  private void require(String key, List<String> names) {
    for (String name : names) {
      if (!name.isBlank() && !contains(columns, name)) {
        planning
            .problems()
            .accept(
                new Problem(
                    ErrorCode.INVALID_VALUE,
                    at(planning, key, name),
                    "\""
                        + key
                        + "\" names the column \""
                        + name
                        + "\", which the view \""
                        + view
                        + "\" has not",
                    NearestName.question(name, columns)
                        .orElse("it has " + String.join(", ", columns))));
      }
    }
  }

  private void taken(String name) {
    planning.invalid(
        "inputView",
        "The view \""
            + view
            + "\" has a column \""
            + name
            + "\", and the load makes one of this name",
        "give \"validFrom\", \"validTo\", \"isCurrent\" or \"isDeleted\" another name, or leave the"
            + " view's column out by \"exceptColumns\"");
  }

  static boolean contains(List<String> names, String name) {
    return names.stream().anyMatch(name::equalsIgnoreCase);
  }

  /** Where a name stands in the value of a key. */
  static Position at(StagePlanning planning, String key, String name) {
    Position ofKey = planning.at(key);
    Position found = ofKey.source().find(ofKey.line(), name);
    return found.length() == 0 ? planning.block().valuePosition(key) : found;
  }
}
