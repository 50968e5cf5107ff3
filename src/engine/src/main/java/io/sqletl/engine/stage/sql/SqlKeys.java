package io.sqletl.engine.stage.sql;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.KeyGroup;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StorageAccess;
import java.util.Map;
import java.util.Optional;

/** The keys of a stage that runs a SQL statement. */
public record SqlKeys(
    @Key("The URI of a file with one SQL statement; it counts if \"sql\" is given as well.")
        Optional<String> inputURI,
    @Key(value = "One SQL statement, unless \"inputURI\" names a file.", role = Key.Role.SQL)
        Optional<String> sql,
    @Key(
            value =
                "Texts that replace the placeholders ${name} of the statement, wherever they"
                    + " stand in it and without quoting; each must be used, and none may be"
                    + " missing.",
            role = Key.Role.SECRET_BY_NAME)
        Map<String, String> sqlParams,
    @KeyGroup StorageAccess access) {

  /** What stands against SQL in the job itself when the run's policy forbids it. */
  static final String INLINE_SQL_POLICY =
      "Inline SQL (use of the 'sql' attribute) has been disabled by policy. SQL statements must be"
          + " supplied via files located at 'inputURI'";

  /**
   * Reads the statement, puts its parameters in and checks its syntax; tells the planning which
   * views it reads and makes. Nothing when a problem was reported.
   */
  public Optional<SqlStatement> plan(StagePlanning planning) {
    access.check(planning);
    return text(planning).flatMap(text -> SqlStatement.plan(text, sqlParams, planning));
  }

  private Optional<SqlText> text(StagePlanning planning) {
    if (inputURI.isPresent()) {
      Optional<SourceText> file = planning.read("inputURI", inputURI.get());
      return file.map(SqlText::ofFile);
    }
    if (sql.isEmpty()) {
      planning.missing(
          "sql", planning.header().type() + " needs the key \"sql\", or \"inputURI\" of a file");
      return Optional.empty();
    }
    if (!planning.options().inlineSql()) {
      planning
          .problems()
          .accept(Problem.of(ErrorCode.POLICY, planning.at("sql"), INLINE_SQL_POLICY));
      return Optional.empty();
    }
    return Optional.of(SqlText.ofKey("sql", sql.get(), planning.block()));
  }
}
