package io.sqletl.engine.run;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.StagePlanning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Finds views of tables of other databases that are used after the job changed the table: the query
 * is sent anew for each use.
 */
final class ChangedTables {

  private static final String URL = "jdbcURL";
  private static final String TABLE = "tableName";

  /** A statement that has none of these leaves the tables as they are, unless it calls others. */
  private static final Pattern CHANGES =
      Pattern.compile("(?i)\\b(insert|update|delete|merge|truncate|drop|alter|create|replace)\\b");

  /** A table alone, or those of a query. */
  private static final Pattern TABLES_READ =
      Pattern.compile("(?:^|\\b(?:from|join)\\s+)([a-z0-9_.$]+)");

  private final StagePlanning.TextFiles files;
  private final Consumer<Problem> warnings;
  private final Map<String, Set<PlannedStage>> behind = new HashMap<>();
  private final List<PlannedStage> before = new ArrayList<>();
  private final Set<String> told = new LinkedHashSet<>();

  private ChangedTables(StagePlanning.TextFiles files, Consumer<Problem> warnings) {
    this.files = files;
    this.warnings = warnings;
  }

  static void check(
      List<PlannedStage> stages, StagePlanning.TextFiles files, Consumer<Problem> warnings) {
    ChangedTables check = new ChangedTables(files, warnings);
    stages.forEach(check::follow);
  }

  /** Takes views as used when all stages are over, as those are that are printed then. */
  static void checkShown(
      List<PlannedStage> stages,
      List<String> views,
      StagePlanning.TextFiles files,
      Consumer<Problem> warnings) {
    ChangedTables check = new ChangedTables(files, warning -> {});
    stages.forEach(check::follow);
    ChangedTables end = new ChangedTables(files, warnings);
    end.before.addAll(stages);
    for (String view : views) {
      for (PlannedStage extract : check.behind.getOrDefault(low(view), Set.of())) {
        end.checkUse("--show, when all stages are over,", extract, view, extract);
      }
    }
  }

  private void follow(PlannedStage stage) {
    Set<PlannedStage> used = new LinkedHashSet<>();
    for (StageIo read : stage.reads()) {
      if (read.kind() == StageIo.Kind.VIEW) {
        for (PlannedStage extract : behind.getOrDefault(low(read.name()), Set.of())) {
          checkUse(stage.describe(), stage, read.name(), extract);
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

  private void checkUse(String user, PlannedStage at, String view, PlannedStage extract) {
    // What was written before the extract is what it is to read
    for (PlannedStage load : before.subList(before.indexOf(extract), before.size())) {
      if (writes(load, extract) && told.add(view + " " + user)) {
        warnings.accept(
            Problem.of(
                    ErrorCode.CHANGED_INPUT,
                    at.position(),
                    user
                        + " uses the view \""
                        + view
                        + "\", which reads a table that "
                        + load.describe()
                        + " changed before: the database is asked anew, and gives what is there then")
                .withRemedy(
                    "set \"persist\": true in the stage that makes the view, or use it before"));
      }
    }
  }

  /** By the names in the job; what a view or a procedure of the database does is not known. */
  private boolean writes(PlannedStage load, PlannedStage extract) {
    Optional<String> read = key(extract, TABLE);
    if (read.isEmpty() || !key(load, URL).equals(key(extract, URL))) {
      return false;
    }
    return switch (load.ownType()) {
      case "JDBCLoad" -> key(load, TABLE).filter(table -> names(read.get(), table)).isPresent();
      case "JDBCExecute" -> {
        String statement = statement(load);
        yield CHANGES.matcher(statement).find()
            && TABLES_READ
                .matcher(unquoted(read.get()))
                .results()
                .anyMatch(table -> names(statement, table.group(1)));
      }
      default -> false;
    };
  }

  /** As the job has it: what a log may tell of a URL is the same for all. */
  private static Optional<String> key(PlannedStage stage, String key) {
    return stage.references().stream()
        .filter(reference -> reference.key().equals(key))
        .map(PlannedStage.Reference::value)
        .findAny();
  }

  /** The text of a stage's file, and what its parameters put in. */
  private String statement(PlannedStage stage) {
    try {
      return files.read(key(stage, "inputURI").orElseThrow())
          + " "
          + stage.keys().getOrDefault("sqlParams", "");
    } catch (IOException e) {
      // Told where the stage was planned
      return "";
    }
  }

  private static boolean names(String sql, String table) {
    String name = unquoted(table).replaceFirst(".*\\.", "");
    return Pattern.compile("(?<![a-z0-9_])" + Pattern.quote(name) + "(?![a-z0-9_])")
        .matcher(unquoted(sql))
        .find();
  }

  private static String unquoted(String name) {
    return low(name).replaceAll("[\"`\\[\\]]", "");
  }

  private static String low(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
