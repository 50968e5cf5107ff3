package io.sqletl.engine.run;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Finds views of tables of other databases that are used after the job wrote into the table: the
 * query is sent anew for each use.
 */
final class ChangedTables {

  private final Consumer<Problem> warnings;
  private final Map<String, Set<PlannedStage>> behind = new HashMap<>();
  private final List<PlannedStage> before = new ArrayList<>();
  private final Set<String> told = new LinkedHashSet<>();

  private ChangedTables(Consumer<Problem> warnings) {
    this.warnings = warnings;
  }

  static void check(List<PlannedStage> stages, Consumer<Problem> warnings) {
    ChangedTables check = new ChangedTables(warnings);
    stages.forEach(check::follow);
  }

  private void follow(PlannedStage stage) {
    Set<PlannedStage> used = new LinkedHashSet<>();
    for (StageIo read : stage.reads()) {
      if (read.kind() == StageIo.Kind.VIEW) {
        for (PlannedStage extract : behind.getOrDefault(low(read.name()), Set.of())) {
          checkUse(stage, read.name(), extract);
          used.add(extract);
        }
      }
    }
    if (stage.ownType().equals("JDBCExtract")) {
      used.add(stage);
    }
    before.add(stage);
    boolean isKept = Boolean.TRUE.equals(stage.keys().get("persist"));
    for (StageIo made : stage.makes()) {
      if (made.kind() == StageIo.Kind.VIEW) {
        behind.put(low(made.name()), isKept ? Set.of() : used);
      }
    }
  }

  private void checkUse(PlannedStage user, String view, PlannedStage extract) {
    // What was written before the extract is what it is to read
    for (PlannedStage load : before.subList(before.indexOf(extract), before.size())) {
      if (load.ownType().equals("JDBCLoad")
          && writes(load, extract)
          && told.add(view + " " + user.describe())) {
        warnings.accept(
            Problem.of(
                    ErrorCode.CHANGED_INPUT,
                    user.position(),
                    user.describe()
                        + " uses the view \""
                        + view
                        + "\", which reads a table that "
                        + load.describe()
                        + " wrote before: the database is asked anew, and gives what is there then")
                .withRemedy(
                    "set \"persist\": true in the stage that makes the view, or use it before"));
      }
    }
  }

  /** By the names in the job; what a view of the database reads is not known. */
  private static boolean writes(PlannedStage load, PlannedStage extract) {
    Object table = load.keys().get("tableName");
    Object read = extract.keys().get("tableName");
    if (table == null
        || read == null
        || !String.valueOf(load.keys().get("jdbcURL"))
            .equals(String.valueOf(extract.keys().get("jdbcURL")))) {
      return false;
    }
    String name = unquoted(table.toString()).replaceFirst(".*\\.", "");
    return Pattern.compile("(?<![a-z0-9_])" + Pattern.quote(name) + "(?![a-z0-9_])")
        .matcher(unquoted(read.toString()))
        .find();
  }

  private static String unquoted(String name) {
    return low(name).replaceAll("[\"`\\[\\]]", "");
  }

  private static String low(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
