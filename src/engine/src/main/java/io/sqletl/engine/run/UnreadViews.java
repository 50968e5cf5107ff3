package io.sqletl.engine.run;

import io.sqletl.engine.job.Key;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Views whose values a stage accounts for and that nobody has used when the run ends. A view is
 * computed when it is used, so that what does not fit its types did not come to light.
 */
final class UnreadViews {

  private static final String ENGINE = "io.sqletl.engine.";

  private UnreadViews() {}

  /**
   * The views by the stages that make them.
   *
   * @param accounting the stages that account for their values
   * @param shown the views that are shown at the end
   */
  static Map<PlannedStage, String> of(
      PlannedJob job, Set<PlannedStage> accounting, List<String> shown) {
    Map<PlannedStage, String> unread = new LinkedHashMap<>();
    if (job.options().streaming() || !job.plugins().lifecycle().isEmpty()) {
      return unread; // A stream goes on by itself, and a plugin may look at what a stage made
    }
    List<PlannedStage> stages = job.stages();
    for (int i = 0; i < stages.size(); i++) {
      PlannedStage stage = stages.get(i);
      List<PlannedStage> later = stages.subList(i + 1, stages.size());
      if (accounting.contains(stage) && !Boolean.TRUE.equals(stage.keys().get("persist"))) {
        for (String view : stage.references(Key.Role.OUTPUT_VIEW)) {
          boolean isShown = shown.stream().anyMatch(view::equalsIgnoreCase);
          if (!isShown && later.stream().noneMatch(each -> mayUse(each, view))) {
            unread.put(stage, view);
          }
        }
      }
    }
    return unread;
  }

  /** Whether a stage reads the view, or makes it again, which was told before the run. */
  private static boolean mayUse(PlannedStage stage, String view) {
    boolean mayReadAnything =
        stage.views().isOpaque()
            || stage.type().equals(LazyPlanner.TYPE)
            || !stage.plugin().startsWith(ENGINE);
    List<StageIo> used = new ArrayList<>(stage.reads());
    used.addAll(stage.makes());
    return mayReadAnything
        || used.stream()
            .filter(io -> io.kind() == StageIo.Kind.VIEW)
            .anyMatch(io -> io.name().equalsIgnoreCase(view));
  }
}
