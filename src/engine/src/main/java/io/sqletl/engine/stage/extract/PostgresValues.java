package io.sqletl.engine.stage.extract;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What columns of PostgreSQL hold that their types do not say: infinite dates and times, of which
 * Spark makes days, and arrays of other dimensions than the first row's. One query asks for the
 * least and the greatest of all such columns of a table before they are read, which an index
 * answers.
 */
final class PostgresValues {

  /** Those that have infinities; a time of day has none, and is a timestamp to Spark too. */
  private static final Set<String> TIMES = Set.of("date", "timestamp", "timestamptz");

  private PostgresValues() {}

  /**
   * Warns of infinite times.
   *
   * @param table or query, which is not asked
   * @param schema as Spark takes the columns
   * @param columns as the driver has them
   * @param typed what the job says of types; such columns are not looked at
   * @throws StageException if a column has arrays that Spark cannot read as one type
   */
  static void tell(
      JdbcDatabase database,
      String table,
      StructType schema,
      List<JdbcColumn> columns,
      StructType typed,
      StageContext context) {
    // A query, which may take its time, is not run twice
    if (!database.url().startsWith("jdbc:postgresql:") || table.strip().startsWith("(")) {
      return;
    }
    List<StructField> asked = new ArrayList<>();
    Set<String> times =
        columns.stream()
            .filter(column -> TIMES.contains(column.typeName()))
            .map(JdbcColumn::name)
            .collect(Collectors.toSet());
    for (StructField column : schema.fields()) {
      boolean isMeant = times.contains(column.name()) || column.dataType() instanceof ArrayType;
      if (isMeant && ColumnName.find(typed, column.name()).isEmpty()) {
        asked.add(column);
      }
    }
    if (asked.isEmpty()) {
      return;
    }
    String asking =
        asked.stream()
            .map(column -> bounds(column, database.dialect().quoteIdentifier(column.name())))
            .collect(Collectors.joining(", "));
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet answers = statement.executeQuery("SELECT " + asking + " FROM " + table)) {
      answers.next();
      for (int i = 0; i < asked.size(); i++) {
        take(asked.get(i), answers.getString(2 * i + 1), answers.getString(2 * i + 2), context);
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
  }

  private static String bounds(StructField column, String name) {
    String value = column.dataType() instanceof ArrayType ? "array_ndims(" + name + ")" : name;
    return "min(" + value + ")::text, max(" + value + ")::text";
  }

  private static void take(StructField column, String least, String most, StageContext context) {
    if (column.dataType() instanceof ArrayType) {
      String expected = String.valueOf(dimensions(column.dataType()));
      for (String found : new String[] {least, most}) {
        if (found != null && !found.equals(expected)) {
          throw otherDimensions(column, expected, found);
        }
      }
      return;
    }
    List<String> found = new ArrayList<>();
    String time = column.dataType() instanceof DateType ? "" : " 00:00:00";
    if ("-infinity".equals(least)) {
      found.add("-infinity, which is read as 0001-01-03" + time);
    }
    if ("infinity".equals(most)) {
      found.add("infinity, which is read as 9999-12-31" + (time.isEmpty() ? "" : " 23:59:59.999"));
    }
    if (!found.isEmpty()) {
      context.warnOf(
          ErrorCode.VALUES_ADJUSTED,
          "the column '" + column.name() + "' of PostgreSQL holds " + String.join(", and ", found),
          "make NULL of it in a query as \"tableName\", with nullif(…, 'infinity') and"
              + " nullif(…, '-infinity')");
    }
  }

  private static StageException otherDimensions(StructField column, String expected, String found) {
    return new StageException(
        "JDBCExtract cannot read the column '"
            + column.name()
            + "': it is read as arrays of the dimensions of its first row, "
            + expected
            + ", and another row has "
            + found
            + ". Make one kind of them in a query as \"tableName\", or read it as text or JSON with"
            + " array_to_json(…)::text.");
  }

  private static int dimensions(DataType type) {
    return type instanceof ArrayType array ? 1 + dimensions(array.elementType()) : 0;
  }
}
