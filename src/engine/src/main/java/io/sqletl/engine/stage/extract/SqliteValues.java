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
import java.util.Optional;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What columns of SQLite hold beside their types: SQLite keeps any value in any column, and its
 * driver makes a value of the column's type of it, 0 of a text and another number of one that is
 * too great for an integer. One query asks for all columns before they are read.
 */
final class SqliteValues {

  /** The only form that the driver reads right, unless its URL says another. */
  private static final String TIME = "yyyy-mm-dd hh:mm:ss.fff".replaceAll("[a-z]", "[0-9]");

  private static final String URL = "jdbc:sqlite:";

  /** Values that do not fit, one of them, those that only a long holds, and likely seconds. */
  private static final int ANSWERS = 4;

  /**
   * What stands for bytes that are no UTF-8, in SQLite's own comparisons of characters and in what
   * its driver reads.
   */
  private static final String REPLACEMENT = "char(65533)";

  private SqliteValues() {}

  /**
   * Says which columns have to be read as long, as Spark's option customSchema does.
   *
   * @param table or query
   * @param columns as Spark takes them
   * @param typed what the job says of types
   * @param context is told of times that seem to be seconds
   * @throws StageException if a value fits no type that its column could have
   */
  static Optional<String> longs(
      JdbcDatabase database,
      String table,
      StructType columns,
      StructType typed,
      StageContext context) {
    if (!database.url().startsWith(URL)) {
      return Optional.empty();
    }
    boolean hasOwnTimes = database.url().contains("date_string_format");
    List<StructField> looked = new ArrayList<>();
    List<String> questions = new ArrayList<>();
    for (StructField column : columns.fields()) {
      String name = database.dialect().quoteIdentifier(column.name());
      Optional<String> wrong =
          ColumnName.find(typed, column.name()).isPresent()
              ? Optional.empty()
              : wrong(name, column, hasOwnTimes);
      if (wrong.isPresent()) {
        looked.add(column);
        questions.add("total(" + wrong.get() + ")");
        questions.add("max(CASE WHEN " + wrong.get() + " THEN CAST(" + name + " AS TEXT) END)");
        questions.add(
            "total(typeof("
                + name
                + ") = 'integer' AND "
                + name
                + " NOT BETWEEN -2147483648 AND 2147483647)");
        questions.add(
            "max(CASE WHEN typeof("
                + name
                + ") = 'integer' AND "
                + name
                + " BETWEEN 100000000 AND 9999999999 THEN "
                + name
                + " END)");
      }
    }
    return looked.isEmpty() ? Optional.empty() : ask(database, table, looked, questions, context);
  }

  private static Optional<String> ask(
      JdbcDatabase database,
      String table,
      List<StructField> looked,
      List<String> questions,
      StageContext context) {
    List<String> longs = new ArrayList<>();
    String query = "SELECT " + String.join(", ", questions) + " FROM " + table;
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet answer = statement.executeQuery(query)) {
      answer.next();
      for (int i = 0; i < looked.size(); i++) {
        StructField column = looked.get(i);
        int at = i * ANSWERS + 1;
        if (answer.getLong(at) > 0) {
          throw refusal(column, answer.getLong(at), answer.getString(at + 1));
        }
        if (column.dataType() instanceof IntegerType && answer.getLong(at + 2) > 0) {
          longs.add("`" + column.name().replace("`", "``") + "` LONG");
        }
        if (isTime(column.dataType()) && answer.getString(at + 3) != null) {
          tellSeconds(database, column, answer.getString(at + 3), context);
        }
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
    return longs.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", longs));
  }

  private static boolean isTime(DataType type) {
    return type instanceof DateType || type instanceof TimestampType;
  }

  private static void tellSeconds(
      JdbcDatabase database, StructField column, String value, StageContext context) {
    if (!database.url().contains("date_precision")) {
      context.warnOf(
          ErrorCode.VALUES_ADJUSTED,
          "the column '"
              + column.name()
              + "' of SQLite holds numbers such as "
              + value
              + ", which its driver takes for milliseconds since 1970, so that they are days of that"
              + " spring",
          "if they are seconds, add ?date_precision=SECONDS to \"jdbcURL\"");
    }
  }

  private static StageException refusal(StructField column, long count, String value) {
    String rows = count + (count == 1 ? " row holds" : " rows hold");
    return new StageException(
        column.dataType() instanceof StringType
            ? "The column '"
                + column.name()
                + "' of SQLite is text, and "
                + rows
                + " bytes that are no text of UTF-8, such as '"
                + value
                + "', which its driver would change. Mend the values, or read hex("
                + column.name()
                + ") in a query as \"tableName\", and decode it:"
                + " decode(unhex(…), 'ISO-8859-1')."
            : "The column '"
                + column.name()
                + "' of SQLite is "
                + column.dataType().simpleString()
                + ", and "
                + rows
                + " something else, such as '"
                + value
                + "', of which its driver would make another value. Read the column as text, with"
                + " CAST(… AS TEXT) in a query as \"tableName\", and type it in a"
                + " TypingTransform.");
  }

  /**
   * A condition of values that the type does not hold; nothing for types that are not looked at.
   */
  private static Optional<String> wrong(String name, StructField column, boolean hasOwnTimes) {
    DataType type = column.dataType();
    String kind = "typeof(" + name + ")";
    if (type instanceof StringType) {
      return Optional.of(
          kind
              + " = 'blob' OR "
              + kind
              + " = 'text' AND "
              + name
              + " GLOB '*' || "
              + REPLACEMENT
              + " || '*' AND instr("
              + name
              + ", "
              + REPLACEMENT
              + ") = 0");
    }
    if (isTime(type)) {
      return hasOwnTimes
          ? Optional.empty()
          : Optional.of(
              kind
                  + " NOT IN ('integer', 'null') AND NOT ("
                  + kind
                  + " = 'text' AND "
                  + name
                  + " GLOB '"
                  + TIME
                  + "')");
    }
    if (type instanceof IntegerType || type instanceof LongType) {
      return Optional.of(kind + " NOT IN ('integer', 'null')");
    }
    if (type instanceof BooleanType) {
      return Optional.of(
          kind + " <> 'null' AND (" + kind + " <> 'integer' OR " + name + " NOT IN (0, 1))");
    }
    String isText = kind + " IN ('text', 'blob')";
    if (type instanceof DoubleType) {
      return Optional.of(isText);
    }
    return type instanceof DecimalType decimal
        ? Optional.of(
            "("
                + isText
                + " OR "
                + kind
                + " = 'real' AND round("
                + name
                + ", "
                + decimal.scale()
                + ") <> "
                + name
                + ")")
        : Optional.empty();
  }
}
