package io.sqletl.engine.stage.execute;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SecretNames;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Runs a statement in another database. */
public final class JDBCExecuteStage implements StageType<JDBCExecute> {

  private static final String DRIVER = "driver";

  @Override
  public Class<JDBCExecute> configuration() {
    return JDBCExecute.class;
  }

  @Override
  public String description() {
    return "Runs one statement in a database, through JDBC; rows that it returns are passed over.";
  }

  @Override
  public Stage plan(JDBCExecute keys, StagePlanning planning) {
    keys.access().check(planning);
    Map<String, String> properties = properties(keys, planning.header().params());
    Optional<Driver> driver = driver(keys.jdbcURL(), properties, planning);
    Optional<SqlStatement> statement =
        SqlStatement.ofOtherSystem(keys.inputURI(), keys.sqlParams(), planning);
    return context -> {
      execute(keys, properties, driver.orElseThrow(), statement.orElseThrow(), context);
      return Optional.empty();
    };
  }

  private static Map<String, String> properties(JDBCExecute keys, Map<String, String> params) {
    Map<String, String> properties = new TreeMap<>();
    keys.user().ifPresent(user -> properties.put("user", user));
    keys.password().ifPresent(password -> properties.put("password", password));
    properties.putAll(params);
    return properties;
  }

  /** Looked up as the job is read: a driver that is not there is no reason to start Spark. */
  private static Optional<Driver> driver(
      String url, Map<String, String> properties, StagePlanning planning) {
    String name = properties.get(DRIVER);
    if (name != null && !isOnClassPath(name)) {
      planning
          .problems()
          .accept(
              Problem.of(
                      ErrorCode.INVALID_VALUE,
                      planning.block().source().find(planning.at("params").line(), DRIVER),
                      "The driver " + name + " is not on the class path")
                  .withRemedy("add its jar, or leave \"driver\" out"));
      return Optional.empty();
    }
    try {
      return Optional.of(DriverManager.getDriver(url));
    } catch (SQLException e) {
      planning
          .problems()
          .accept(
              Problem.of(
                      ErrorCode.INVALID_VALUE,
                      planning.at("jdbcURL"),
                      "Invalid driver for ('"
                          + JdbcAddress.masked(url)
                          + "'). Available JDBC drivers: ["
                          + DriverManager.drivers()
                              .map(driver -> driver.getClass().getName())
                              .collect(Collectors.joining(", "))
                          + "]")
                  .withRemedy("correct the URL, or add the driver's jar to the class path"));
      return Optional.empty();
    }
  }

  private static boolean isOnClassPath(String driver) {
    try {
      // Its initializer registers it with the DriverManager
      Class.forName(driver, true, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static void execute(
      JDBCExecute keys,
      Map<String, String> properties,
      Driver driver,
      SqlStatement statement,
      StageContext context) {
    String url = keys.jdbcURL();
    context.detail(DRIVER, driver.getClass().getName());
    context.detail("inputURI", keys.inputURI());
    context.detail("jdbcURL", JdbcAddress.masked(url));
    context.detail("params", SecretNames.masked(properties));
    statement.describe(context);
    Properties connectionProperties = new Properties();
    connectionProperties.putAll(properties);
    connectionProperties.remove(DRIVER);
    try (Connection connection = driver.connect(url, connectionProperties);
        Statement running = connection.createStatement()) {
      if (running.execute(statement.text())) {
        // Some drivers compute a row, and fail, only when it is asked for
        try (ResultSet rows = running.getResultSet()) {
          rows.next();
        }
      }
    } catch (SQLException e) {
      throw failure(e, statement);
    }
  }

  /** Drivers quote the URL and the statement in their messages. */
  private static StageException failure(SQLException e, SqlStatement statement) {
    String message = JdbcAddress.masked(statement.withoutSecrets(String.valueOf(e.getMessage())));
    if (message.equals(e.getMessage())) {
      return new StageException(message, e);
    }
    SQLException clean = new SQLException(message, e.getSQLState(), e.getErrorCode());
    clean.setStackTrace(e.getStackTrace());
    return new StageException(message, clean);
  }
}
