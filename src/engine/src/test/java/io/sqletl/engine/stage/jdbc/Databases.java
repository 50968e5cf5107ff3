package io.sqletl.engine.stage.jdbc;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The databases of the tests: PostgreSQL, a server of its own, and H2, in memory. */
public enum Databases {
  POSTGRESQL {
    @Override
    public String url() {
      return Server.STARTED.getJdbcUrl("postgres", "postgres");
    }
  },
  H2 {
    @Override
    public String url() {
      return "jdbc:h2:mem:tests;DB_CLOSE_DELAY=-1";
    }
  };

  /** Started when it is first asked for, stopped with the JVM. */
  private static final class Server {
    private static final EmbeddedPostgres STARTED = start();

    private static EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public abstract String url();

  public void execute(String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** The rows of a query, the values of each with commas between. */
  public List<String> rows(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(query)) {
      List<String> rows = new ArrayList<>();
      while (found.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
          values.add(found.getString(i));
        }
        rows.add(String.join(",", values));
      }
      return rows;
    }
  }

  /** The names of all tables that users made, in order. */
  public List<String> tables() throws SQLException {
    return rows(
        "SELECT lower(table_name) FROM information_schema.tables WHERE lower(table_schema) = 'public'"
            + " ORDER BY 1");
  }

  /** Drops all tables. */
  public void empty() throws SQLException {
    switch (this) {
      case POSTGRESQL -> execute("DROP SCHEMA public CASCADE", "CREATE SCHEMA public");
      case H2 -> execute("DROP ALL OBJECTS");
    }
  }
}
