package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** What a load takes away from the table that is there, told or refused. */
record TableLosses(JdbcDatabase database, JDBCLoad keys, StageContext context) {

  /**
   * Counts what a table of SQLite has more behind a load: with ON CONFLICT REPLACE a row takes the
   * place of another of its key, and the database counts it as one that was added.
   *
   * @param stays whether the rows that are there stay
   */
  long tellingReplaced(boolean stays, LongSupplier load) {
    OptionalLong before = replacing();
    long sent = load.getAsLong();
    if (before.isPresent()) {
      long there = replacing().orElse(0) - (stays ? before.getAsLong() : 0);
      if (there < sent) {
        context.warn(
            ErrorCode.LOST_IN_LOAD,
            "JDBCLoad sent "
                + rows(sent)
                + " of inputView '"
                + keys.inputView()
                + "', and the table '"
                + keys.tableName()
                + "' has "
                + rows(there)
                + " more: with ON CONFLICT REPLACE a row replaced each other one of its key",
            "if that is not meant, keep one row of each key in the view, or leave ON CONFLICT"
                + " REPLACE out of the table");
      }
    }
    return sent;
  }

  /** How many rows the table has, where SQLite replaces some as others come. */
  private OptionalLong replacing() {
    if (!database.url().startsWith("jdbc:sqlite:")) {
      return OptionalLong.empty();
    }
    try (Connection connection = database.connect()) {
      return count(connection, "sqlite_master WHERE sql LIKE '%CONFLICT%REPLACE%'") == 0
          ? OptionalLong.empty()
          : OptionalLong.of(count(connection, keys.tableName()));
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  private static String rows(long count) {
    return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? "row" : "rows");
  }

  private static long count(Connection connection, String of) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + of)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  /**
   * Tells what an overwrite took away: all of the rows where none came, and what a table that is
   * made anew has no more.
   *
   * @param stays whether the table stays, and its rows go
   */
  long tellingOverwritten(boolean stays, LongSupplier overwrite) {
    requireNoCascade();
    Optional<TableMakeup> before = stays ? Optional.empty() : makeup();
    boolean hadRows = hasRows();
    long written = stays ? tellingReplaced(/* stays= */ false, overwrite) : overwrite.getAsLong();
    if (hadRows && written == 0) {
      tellEmptied();
    }
    before.ifPresent(this::tellOfLost);
    return written;
  }

  private boolean hasRows() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.setMaxRows(1);
      try (ResultSet rows = statement.executeQuery("SELECT 1 FROM " + keys.tableName())) {
        return rows.next();
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /** An input that came empty empties what was made of the one before. */
  private void tellEmptied() {
    context.warn(
        ErrorCode.LOST_IN_LOAD,
        "inputView '"
            + keys.inputView()
            + "' has no rows, and with Overwrite the rows of the table '"
            + keys.tableName()
            + "' are replaced by none",
        "if that is not meant, end the job before, with a SQLValidate such as SELECT count(*) > 0"
            + " AS valid, 'no rows' AS message FROM "
            + keys.inputView());
  }

  private Optional<TableMakeup> makeup() {
    try (Connection connection = database.connect()) {
      return TableMakeup.of(connection, keys.tableName());
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /** A table that is made anew has the columns of the rows, and nothing else of the one before. */
  private void tellOfLost(TableMakeup before) {
    List<String> lost = makeup().map(before::lostIn).orElse(List.of());
    if (!lost.isEmpty()) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "JDBCLoad made the table '"
              + keys.tableName()
              + "' anew from the columns of inputView '"
              + keys.inputView()
              + "', and this of the table that was there is gone: "
              + String.join("; ", lost),
          "set \"truncate\": true, which keeps the table and replaces its rows; make anew what is"
              + " gone in a JDBCExecute");
    }
  }

  /** Rows of other tables that the database would remove, or empty, with those of this one. */
  private void requireNoCascade() {
    try (Connection connection = database.connect()) {
      List<String> others = ForeignKeys.cascades(connection, keys.tableName());
      if (!others.isEmpty()) {
        throw new StageException(
            "JDBCLoad does not overwrite the table '"
                + keys.tableName()
                + "': with its rows the database would change those of "
                + String.join(", ", others)
                + ", by a foreign key with ON DELETE CASCADE, SET NULL or SET DEFAULT. If that is"
                + " meant, delete the rows in a JDBCExecute and set \"saveMode\" to \"Append\".");
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }
}
