package io.sqletl.engine.run;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.DataLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Finds loads that add the rows of a view to a place where an earlier load of the job has written
 * them, as a stage that was copied does.
 */
final class RepeatedLoads {

  private static final String SAVE_MODE = "saveMode";

  private final Map<String, Integer> made = new HashMap<>();
  private final Map<String, Set<DataLocation>> behind = new HashMap<>();
  private final List<Load> loads = new ArrayList<>();

  /** A stage that writes a place, with the views that it reads. */
  private record Load(PlannedStage stage, int number, DataLocation at, Set<String> views) {

    boolean isAppend() {
      return "Append".equalsIgnoreCase(String.valueOf(stage.keys().get(SAVE_MODE)));
    }
  }

  private RepeatedLoads() {}

  /** Warns of each. */
  static void check(List<PlannedStage> stages, Consumer<Problem> warnings) {
    RepeatedLoads check = new RepeatedLoads();
    for (int i = 0; i < stages.size(); i++) {
      check.follow(stages.get(i), i, warnings);
    }
  }

  private void follow(PlannedStage stage, int number, Consumer<Problem> warnings) {
    Set<String> views = new LinkedHashSet<>();
    Set<DataLocation> sources = new LinkedHashSet<>();
    for (StageIo read : stage.reads()) {
      if (read.kind() == StageIo.Kind.VIEW) {
        views.add(low(read.name()));
        sources.addAll(behind.getOrDefault(low(read.name()), Set.of()));
      } else if (read.kind() == StageIo.Kind.DATASET) {
        sources.add(DataLocation.of(read.name()));
      }
    }
    for (StageIo io : stage.makes()) {
      if (io.kind() == StageIo.Kind.VIEW) {
        made.put(low(io.name()), number);
        behind.put(low(io.name()), sources);
      } else if (io.kind() == StageIo.Kind.DATASET) {
        Load load = new Load(stage, number, DataLocation.of(io.name()), views);
        loads.stream()
            .filter(first -> addsTheSame(first, load))
            .findFirst()
            .ifPresent(first -> warnings.accept(warning(first, load, io.name())));
        loads.add(load);
      }
    }
  }

  /** Whether views are written again that were neither made nor changed in between. */
  private boolean addsTheSame(Load first, Load second) {
    return first.isAppend()
        && second.isAppend()
        && first.stage().ownType().equals(second.stage().ownType())
        && first.at().isAt(second.at())
        && !second.views().isEmpty()
        && first.views().equals(second.views())
        && second.views().stream().noneMatch(view -> isNew(view, first.number()));
  }

  private boolean isNew(String view, int since) {
    return made.getOrDefault(view, -1) > since
        || loads.stream()
            .filter(load -> load.number() >= since)
            .anyMatch(
                load -> behind.getOrDefault(view, Set.of()).stream().anyMatch(load.at()::overlaps));
  }

  private static Problem warning(Load first, Load second, String uri) {
    return Problem.of(
            ErrorCode.CHANGED_INPUT,
            second.stage().position(),
            first.stage().describe()
                + " and "
                + second.stage().describe()
                + " write \""
                + String.join("\", \"", second.views())
                + "\" to "
                + uri
                + ": the second adds the same rows once more")
        .withRemedy("take one of the two out, or write to a folder each");
  }

  private static String low(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
