package io.sqletl.engine.run;

import io.sqletl.engine.stage.Rejected;
import io.sqletl.engine.typing.RejectedValues.Summary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers what the typing stages of a run rejected. A stage's values come to light when its view is
 * used, so they are read when the run has ended.
 */
final class RejectionReport {

  /** How many values are shown; a person looks at the first, a machine reads the quarantine. */
  private static final int MOST_SHOWN = 10;

  private final Map<PlannedStage, Rejected> byStage = new LinkedHashMap<>();

  void add(PlannedStage stage, Rejected rejected) {
    byStage.put(stage, rejected);
  }

  Rejections read() {
    long total = 0;
    List<String> first = new ArrayList<>();
    for (Map.Entry<PlannedStage, Rejected> entry : byStage.entrySet()) {
      Summary summary = entry.getValue().values().value();
      total += summary.count();
      summary.first().stream()
          .limit(MOST_SHOWN - first.size())
          .map(value -> entry.getValue().render(value) + " -> " + entry.getKey().describe())
          .forEach(first::add);
    }
    return new Rejections(total, first);
  }
}
