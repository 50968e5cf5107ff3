package io.sqletl.engine.stage.jdbc;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.FaultText;
import io.sqletl.engine.stage.SecretNames;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.spark.sql.jdbc.JdbcDialect;
import org.apache.spark.sql.jdbc.JdbcDialects;

/** A database whose driver was found; a stage connects to it when it runs. */
public final class JdbcDatabase {

  private static final String DRIVER = "driver";

  private final String url;
  private final Map<String, String> properties;
  private final Driver driver;

  private JdbcDatabase(String url, Map<String, String> properties, Driver driver) {
    this.url = url;
    this.properties = properties;
    this.driver = driver;
  }

  /**
   * Looks the driver up, as the job is read: one that is not there is no reason to start Spark.
   *
   * @param url the value of the key "jdbcURL"
   * @param properties of the connection; {@code driver} may name the driver's class
   * @return nothing when a problem was reported
   */
  public static Optional<JdbcDatabase> find(
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
                  .withRemedy(JdbcDrivers.ofClass(name) + "; or leave \"driver\" out"));
      return Optional.empty();
    }
    try {
      Driver driver = DriverManager.getDriver(url);
      return Optional.of(new JdbcDatabase(url, new TreeMap<>(properties), driver));
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
                              .map(found -> found.getClass().getName())
                              .collect(Collectors.joining(", "))
                          + "]")
                  .withRemedy("correct the URL, or " + JdbcDrivers.ofUrl(url)));
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

  public String url() {
    return url;
  }

  /** Adds the driver and the URL, without its secrets, to the stage's entry in the log. */
  public void describe(StageContext context) {
    context.detail(DRIVER, driver.getClass().getName());
    context.detail("jdbcURL", JdbcAddress.masked(url));
  }

  /** The properties with secrets masked. */
  public Map<String, String> maskedProperties() {
    return SecretNames.masked(properties);
  }

  /** How Spark speaks to the database; it has to be asked for before Spark works there. */
  public JdbcDialect dialect() {
    SqliteDialect.register();
    return JdbcDialects.get(url);
  }

  /** Opens a connection; the caller closes it. */
  public Connection connect() throws SQLException {
    Properties connecting = new Properties();
    connecting.putAll(properties);
    connecting.remove(DRIVER);
    return driver.connect(url, connecting);
  }

  /** The options with which Spark reads and writes in this database. */
  public Map<String, String> sparkOptions() {
    Map<String, String> options = new LinkedHashMap<>(properties);
    options.put("url", url);
    options.putIfAbsent(DRIVER, driver.getClass().getName());
    return options;
  }

  /**
   * Lets Spark work with the database.
   *
   * @throws StageException if the database refuses, in its own words without secrets
   */
  public <T> T guard(Supplier<T> work) {
    try {
      return work.get();
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared, and wraps those of tasks
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof StageException own) {
          throw own;
        }
        if (cause instanceof SQLException refusal) {
          throw failure(refusal);
        }
      }
      throw e;
    }
  }

  /** A failure of the database with no secret of the URL in it; drivers quote the URL. */
  public static StageException failure(SQLException e) {
    return failure(e, FaultText.of(e));
  }

  /**
   * The same, when more has to be taken out.
   *
   * @param message the exception's, without what must not be told
   */
  public static StageException failure(SQLException e, String message) {
    String told = JdbcAddress.masked(message);
    if (told.equals(e.getMessage())) {
      return new StageException(told, e);
    }
    SQLException clean = new SQLException(told, e.getSQLState(), e.getErrorCode());
    clean.setStackTrace(e.getStackTrace());
    return new StageException(told, clean);
  }
}
