package io.sqletl.engine.stage.jdbc;

import java.util.List;

/** Where the jar of a driver is to be had, and how a run is given it. */
final class JdbcDrivers {

  /**
   * @param begin what URLs of the database begin with
   * @param driver the class; the package is enough
   * @param group of the artifact, in Maven Central
   */
  private record Known(String begin, String driver, String group, String artifact) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known("jdbc:sqlite:", "org.sqlite.", "org.xerial", "sqlite-jdbc"),
          new Known("jdbc:postgresql:", "org.postgresql.", "org.postgresql", "postgresql"),
          new Known("jdbc:mysql:", "com.mysql.", "com.mysql", "mysql-connector-j"),
          new Known("jdbc:mariadb:", "org.mariadb.", "org.mariadb.jdbc", "mariadb-java-client"),
          new Known(
              "jdbc:sqlserver:",
              "com.microsoft.sqlserver.",
              "com.microsoft.sqlserver",
              "mssql-jdbc"),
          new Known("jdbc:oracle:", "oracle.jdbc.", "com.oracle.database.jdbc", "ojdbc11"),
          new Known("jdbc:h2:", "org.h2.", "com.h2database", "h2"));

  private JdbcDrivers() {}

  /** How a database's jar is added, without a full stop. */
  static String ofUrl(String url) {
    return KNOWN.stream()
        .filter(known -> url.regionMatches(true, 0, known.begin(), 0, known.begin().length()))
        .findFirst()
        .map(JdbcDrivers::adding)
        .orElse("add the jar of the database's driver: ETL_CLASSPATH=DRIVER.jar ./etl run …");
  }

  /** How a driver's jar is added, by the name of its class. */
  static String ofClass(String driver) {
    return KNOWN.stream()
        .filter(known -> driver.startsWith(known.driver()))
        .findFirst()
        .map(JdbcDrivers::adding)
        .orElse("add its jar, ETL_CLASSPATH=DRIVER.jar ./etl run …");
  }

  private static String adding(Known known) {
    return "add the jar of "
        + known.group()
        + ":"
        + known.artifact()
        + " (Maven Central): ETL_CLASSPATH="
        + known.artifact()
        + "-VERSION.jar ./etl run …";
  }
}
