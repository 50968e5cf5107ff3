package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.run.PlannedStage;
import io.sqletl.engine.run.RunEvent.StageResult;
import io.sqletl.engine.run.StageIo;
import io.sqletl.engine.stage.RowChanges;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The stages that ran so far in a notebook, and what they read and made. */
final class JobGraph {

  /** A notebook in which cells run again and again must not grow without end. */
  private static final int MOST_STAGES = 500;

  /**
   * A view, or a place where data is.
   *
   * @param name as written
   * @param isPlace whether it is a URI
   */
  record Node(String name, boolean isPlace) {}

  /** A stage that ran. */
  record Step(PlannedStage stage, String name, String type, List<Node> reads, List<Node> makes) {}

  private final Map<String, Step> steps = new LinkedHashMap<>();
  private final Map<String, Long> rows = new LinkedHashMap<>();

  /** Adds a stage; a stage of the same name and outputs ran again, and takes the first's place. */
  synchronized void add(StageResult result, Map<PlannedStage, ResultTable> tables) {
    PlannedStage stage = result.stage();
    Set<Node> reads = new LinkedHashSet<>();
    stage.reads().stream()
        .filter(read -> read.kind() != StageIo.Kind.TEXT)
        .forEach(read -> reads.add(node(read)));
    Set<Node> makes = new LinkedHashSet<>();
    stage.makes().forEach(made -> makes.add(node(made)));
    boolean isLook = stage.references(Key.Role.OUTPUT_VIEW).contains(StageCells.PLACEHOLDER);
    if (isLook || reads.isEmpty() && makes.isEmpty()) {
      return;
    }
    makes.forEach(node -> rows.remove(key(node.name())));
    knownRows(result, tables.get(stage))
        .ifPresent(number -> makes.forEach(node -> rows.put(key(node.name()), number)));
    String name = stage.header().name();
    steps.put(
        name + " -> " + makes,
        new Step(stage, name, stage.type(), List.copyOf(reads), List.copyOf(makes)));
    if (steps.size() > MOST_STAGES) {
      steps.remove(steps.keySet().iterator().next());
    }
  }

  private static Node node(StageIo data) {
    return new Node(data.name(), data.kind() != StageIo.Kind.VIEW);
  }

  /** Rows that are known without counting them. */
  private static java.util.Optional<Long> knownRows(StageResult result, ResultTable table) {
    if (result.detail().get("records") instanceof Number records) {
      return java.util.Optional.of(records.longValue());
    }
    // A merge writes files anew for rows that it leaves alone; the table's rows are not counted
    if (!result.outputs().isEmpty()
        && result.metrics().rowsWritten() > 0
        && RowChanges.of(result.detail()).isEmpty()) {
      return java.util.Optional.of(result.metrics().rowsWritten());
    }
    return table != null && table.isWhole()
        ? java.util.Optional.of((long) table.rows().size())
        : java.util.Optional.empty();
  }

  /** Remembers the rows of a view that were counted. */
  synchronized void counted(String view, long number) {
    rows.put(key(view), number);
  }

  synchronized java.util.Optional<Long> rows(String name) {
    return java.util.Optional.ofNullable(rows.get(key(name)));
  }

  synchronized List<Step> steps() {
    return List.copyOf(steps.values());
  }

  synchronized List<PlannedStage> stages() {
    return new ArrayList<>(steps.values().stream().map(Step::stage).toList());
  }

  synchronized void clear() {
    steps.clear();
    rows.clear();
  }

  /** Spark's names mind no letter case. */
  static String key(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
