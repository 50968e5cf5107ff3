package io.sqletl.engine.stage.execute;

import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs a statement in another database. */
public final class JDBCExecuteStage implements StageType<JDBCExecute> {

  private static final String DRIVER = "driver";

  @Override
  public Class<JDBCExecute> configuration() {
    return JDBCExecute.class;
  }

  @Override
  public String description() {
    return "Runs one statement in a database, through JDBC, and all of a file in PostgreSQL, H2 and"
        + " SQLite; rows that it returns are passed over.";
  }

  @Override
  public Stage plan(JDBCExecute keys, StagePlanning planning) {
    keys.access().check(planning);
    Optional<JdbcDatabase> database =
        JdbcDatabase.find(keys.jdbcURL(), properties(keys, planning.header().params()), planning);
    Optional<SqlStatement> statement =
        SqlStatement.ofOtherSystem(keys.inputURI(), keys.sqlParams(), planning);
    statement.ifPresent(found -> requireEnd(keys, found, planning));
    return context -> {
      execute(keys, database.orElseThrow(), statement.orElseThrow(), context);
      return Optional.empty();
    };
  }

  private static void requireEnd(JDBCExecute keys, SqlStatement statement, StagePlanning planning) {
    OpenTransaction.line(keys.jdbcURL(), statement.text())
        .ifPresent(
            line ->
                planning.invalid(
                    "inputURI",
                    "line "
                        + line
                        + " of "
                        + keys.inputURI()
                        + " begins a transaction that no statement behind it ends, so that the"
                        + " database would take back what is done in it",
                    "add COMMIT; at the end, or take the statement that begins it out"));
  }

  private static Map<String, String> properties(JDBCExecute keys, Map<String, String> params) {
    Map<String, String> properties = new TreeMap<>();
    keys.user().ifPresent(user -> properties.put("user", user));
    keys.password().ifPresent(password -> properties.put("password", password));
    properties.putAll(params);
    return properties;
  }

  private static void execute(
      JDBCExecute keys, JdbcDatabase database, SqlStatement statement, StageContext context) {
    database.describe(context);
    context.detail("inputURI", keys.inputURI());
    context.detail("params", database.maskedProperties());
    statement.describe(context);
    try (Connection connection = database.connect();
        Statement running = connection.createStatement()) {
      if (database.url().startsWith("jdbc:sqlite:")) {
        // By execute() its driver runs the first statement and passes over the others
        running.executeUpdate(statement.text());
      } else if (running.execute(statement.text())) {
        // Some drivers compute a row, and fail, only when it is asked for
        try (ResultSet rows = running.getResultSet()) {
          rows.next();
        }
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e, statement.withoutSecrets(FaultText.of(e)));
    }
  }
}
