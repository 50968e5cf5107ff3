package io.sqletl.engine.run;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.jdbc.SqliteFile;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Finds extracts of SQLite files that are not there, and that no stage before them may make. */
final class MissingDatabases {

  private static final String URL = "jdbcURL";

  private MissingDatabases() {}

  static void check(
      List<PlannedStage> stages, StagePlanning.TextFiles files, Consumer<Problem> problems) {
    Set<Path> made = new HashSet<>();
    for (PlannedStage stage : stages) {
      Optional<Path> file = url(stage).flatMap(SqliteFile::of);
      switch (stage.ownType()) {
        case "JDBCLoad" -> file.ifPresent(made::add);
        case "JDBCExtract" ->
            file.filter(found -> !made.contains(found) && files.isMissing(found.toString()))
                .ifPresent(found -> problems.accept(problem(stage, found)));
        default -> {
          // A statement may attach other files, and nobody knows what a plugin does
          if (file.isPresent() || !stage.plugin().startsWith("io.sqletl.engine.")) {
            return;
          }
        }
      }
    }
  }

  private static Optional<String> url(PlannedStage stage) {
    return stage.references().stream()
        .filter(reference -> reference.key().equals(URL))
        .map(PlannedStage.Reference::value)
        .findAny();
  }

  private static Problem problem(PlannedStage extract, Path file) {
    return new Problem(
        ErrorCode.FILE_NOT_FOUND,
        extract.block().valuePosition(URL),
        "There is no SQLite file " + file,
        "correct \"" + URL + "\"; only a load makes a file that is not there");
  }
}
