package io.sqletl.engine.run;

import io.sqletl.engine.job.Block;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Position;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.ViewReferences;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Follows which views there are from stage to stage, as Spark does: letter case aside. */
final class ViewCheck {

  private final List<String> made = new ArrayList<>();
  private final Map<String, SkippedStage> skipped = new HashMap<>();

  /** Views that no stage has read since they were made, by their names in lower case. */
  private final Map<String, Block> unread = new HashMap<>();

  /** What columns views have, by their names in lower case, where the job says so. */
  private final Map<String, List<String>> columns = new HashMap<>();

  private final Consumer<Problem> problems;
  private final Consumer<Problem> warnings;
  private boolean tablesUnknown;
  private boolean viewsUnknown;

  ViewCheck(JobPlanner.TableNames tables, Consumer<Problem> problems, Consumer<Problem> warnings) {
    this.problems = problems;
    this.warnings = warnings;
    this.tablesUnknown = tables == JobPlanner.TableNames.FROM_METASTORE;
  }

  /** Checks what a stage reads, and remembers what it makes. */
  void stage(Block block, List<PlannedStage.Reference> references, ViewReferences views) {
    for (PlannedStage.Reference reference : references) {
      if (!viewsUnknown && reference.role() == Key.Role.INPUT_VIEW && !isMade(reference.value())) {
        report(reference.value(), block.valuePosition(reference.key()));
      }
    }
    if (!tablesUnknown) {
      views.reads().forEach(this::checkTable);
    }
    read(references, views);
    for (PlannedStage.Reference reference : references) {
      if (reference.role() == Key.Role.OUTPUT_VIEW) {
        madeBy(block, reference);
      }
    }
    views.makes().forEach(this::made);
    tablesUnknown |= views.isOpaque();
    if (views.isOpaque()) {
      columns.clear();
    }
    views.columns().forEach((view, names) -> columns.put(low(view), names));
  }

  private void read(List<PlannedStage.Reference> references, ViewReferences views) {
    if (views.isOpaque()) {
      unread.clear();
    }
    references.stream()
        .filter(reference -> reference.role() == Key.Role.INPUT_VIEW)
        .forEach(reference -> unread.remove(reference.value().toLowerCase(Locale.ROOT)));
    views.reads().keySet().forEach(view -> unread.remove(view.toLowerCase(Locale.ROOT)));
  }

  private void madeBy(Block block, PlannedStage.Reference reference) {
    String view = reference.value();
    Block before = unread.put(view.toLowerCase(Locale.ROOT), block);
    if (before != null) {
      warnings.accept(
          new Problem(
              ErrorCode.UNUSED_VIEW,
              block.valuePosition(reference.key()),
              "The view \""
                  + view
                  + "\" is made here in the place of the one that "
                  + before.position()
                  + " makes, which nothing has read",
              "give one of them another name, or remove the first"));
    }
    made(view);
  }

  /** A stage makes a view whose name is known only when the stage runs. */
  void madeUnknown() {
    unread.clear();
    columns.clear();
    viewsUnknown = true;
    tablesUnknown = true;
  }

  /** A stage that does not run here would make a view. */
  void skipped(String view, SkippedStage stage) {
    skipped.putIfAbsent(view.toLowerCase(Locale.ROOT), stage);
  }

  void made(String view) {
    made.add(view);
    columns.remove(low(view));
  }

  /** The columns of a view, internal ones aside; nothing where only Spark knows them. */
  Optional<List<String>> columns(String view) {
    return Optional.ofNullable(columns.get(low(view)));
  }

  private static String low(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private void checkTable(String name, Position position) {
    if (!isMade(name)) {
      report(name, position);
    }
  }

  private boolean isMade(String view) {
    return made.stream().anyMatch(view::equalsIgnoreCase);
  }

  private void report(String view, Position position) {
    SkippedStage elsewhere = skipped.get(view.toLowerCase(Locale.ROOT));
    if (elsewhere != null) {
      problems.accept(
          Problem.of(
                  ErrorCode.UNKNOWN_VIEW,
                  position,
                  "The stage \""
                      + elsewhere.name()
                      + "\" that makes the view \""
                      + view
                      + "\" does not run here")
              .withRemedy(
                  "it is for "
                      + (elsewhere.environments().isEmpty()
                          ? "no environment; give it \"environments\""
                          : String.join(", ", elsewhere.environments())
                              + "; choose one with --environment, or add this one to its"
                              + " \"environments\"")));
      return;
    }
    Problem problem =
        Problem.of(
            ErrorCode.UNKNOWN_VIEW, position, "No earlier stage makes the view \"" + view + "\"");
    problems.accept(
        problem.withRemedy(
            NearestName.question(view, made)
                .orElse(
                    made.isEmpty()
                        ? "no view is made before this stage"
                        : "the views so far are "
                            + String.join(", ", made.stream().distinct().toList()))));
  }
}
