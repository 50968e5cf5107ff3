package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Columns of SQLite that have no type: expressions of a query, columns that were declared without
 * one, and such whose type the driver does not know. It calls all of them NUMERIC, whatever they
 * hold, and makes texts of 15 digits of their numbers; here the values decide.
 */
final class SqliteUntyped {

  private static final String NUMERIC = "NUMERIC";

  /** Of this session alone; what is in the file does not change. */
  private static final String VIEW = "etl_columns";

  private static final int NAME = 2;
  private static final int DECLARED = 3;

  /** Beyond it a double is not every whole number. */
  private static final long EXACT = 1L << 53;

  private SqliteUntyped() {}

  /** The names of those among the columns of a table or query. */
  static Set<String> names(JdbcDatabase database, String table, List<JdbcColumn> columns) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> unclear = new LinkedHashSet<>();
    for (JdbcColumn column : columns) {
      if (column.type() == Types.NUMERIC && column.precision() == 0) {
        (column.typeName().equals(NUMERIC) ? unclear : names).add(column.name());
      }
    }
    if (!unclear.isEmpty()) {
      unclear.removeAll(declaredNumeric(database, table));
      names.addAll(unclear);
    }
    return names;
  }

  /** The driver says NUMERIC of both; SQLite knows what was declared of the columns of a view. */
  private static List<String> declaredNumeric(JdbcDatabase database, String table) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP VIEW " + VIEW + " AS SELECT * FROM " + table);
      List<String> found = new ArrayList<>();
      try (ResultSet columns = statement.executeQuery("PRAGMA temp.table_info(" + VIEW + ")")) {
        while (columns.next()) {
          if (String.valueOf(columns.getString(DECLARED))
              .toUpperCase(Locale.ROOT)
              .startsWith(NUMERIC)) {
            found.add(columns.getString(NAME));
          }
        }
      }
      return found;
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  /**
   * What such a column is asked.
   *
   * @param name of the column, quoted
   */
  static SqliteQuestion question(String name, StructField column) {
    String isText = SqliteQuestion.is(name, "text");
    String isWhole = SqliteQuestion.is(name, "integer");
    String isBroken = isText + " AND " + SqliteTexts.isBroken(name);
    return new SqliteQuestion(
        column,
        List.of(
            SqliteQuestion.count(isWhole),
            SqliteQuestion.count(SqliteQuestion.is(name, "real")),
            SqliteQuestion.count(isText),
            SqliteQuestion.count(SqliteQuestion.is(name, "blob")),
            SqliteQuestion.count(
                isWhole + " AND " + name + " NOT BETWEEN -" + EXACT + " AND " + EXACT),
            SqliteQuestion.count(isBroken),
            SqliteQuestion.example(isBroken, name),
            SqliteQuestion.example(isText, name)),
        (answers, at) -> type(column, Kinds.of(answers, at)));
  }

  /** How many values are of which kind. */
  private record Kinds(
      long whole,
      long real,
      long text,
      long blob,
      long great,
      long broken,
      String brokenText,
      String anyText) {

    private static Kinds of(ResultSet answers, int at) throws SQLException {
      int next = at;
      return new Kinds(
          answers.getLong(next++),
          answers.getLong(next++),
          answers.getLong(next++),
          answers.getLong(next++),
          answers.getLong(next++),
          answers.getLong(next++),
          answers.getString(next++),
          answers.getString(next));
    }

    private boolean isOnly(long count) {
      return count > 0 && count == whole + real + text + blob;
    }

    private String described() {
      List<String> kinds = new ArrayList<>();
      add(kinds, text, "text, such as '" + anyText + "'");
      add(kinds, whole, "a whole number" + (great > 0 ? ", " + great + " beyond 2^53" : ""));
      add(kinds, real, "a number with a fraction");
      add(kinds, blob, "bytes");
      return String.join("; ", kinds);
    }

    private static void add(List<String> kinds, long count, String kind) {
      if (count > 0) {
        kinds.add(SqliteQuestion.rows(count, "hold") + " " + kind);
      }
    }
  }

  private static Optional<DataType> type(StructField column, Kinds kinds) {
    if (kinds.broken() > 0) {
      throw SqliteTexts.refusal(column.name(), kinds.broken(), kinds.brokenText());
    }
    if (kinds.whole() + kinds.real() + kinds.text() + kinds.blob() == 0) {
      return Optional.empty();
    }
    if (kinds.isOnly(kinds.whole())) {
      return Optional.of(DataTypes.LongType);
    }
    if (kinds.isOnly(kinds.whole() + kinds.real()) && kinds.great() == 0) {
      return Optional.of(DataTypes.DoubleType);
    }
    if (kinds.isOnly(kinds.text())) {
      return Optional.of(DataTypes.StringType);
    }
    if (kinds.isOnly(kinds.blob())) {
      return Optional.of(DataTypes.BinaryType);
    }
    throw new StageException(
        "The column '"
            + column.name()
            + "' of SQLite has no type, and holds values that no type has a place for at once: "
            + kinds.described()
            + ". Make one kind of them in a query as \"tableName\": CAST(… AS TEXT), or"
            + (kinds.real() > 0
                ? " CASE typeof(…) WHEN 'real' THEN printf('%!.17g', …) ELSE CAST(… AS TEXT) END,"
                    + " which keeps all digits of numbers with a fraction."
                : " CAST(… AS REAL)."));
  }
}
