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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
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

  /** The forms that the driver reads right, unless its URL says another. */
  private static final String TIME = digits("yyyy-mm-dd hh:mm:ss");

  private static final String FRACTION = digits(".fff");

  /** The second behind which a text may have a fraction. */
  private static final int SECONDS = 19;

  private static final String MIDNIGHT = digits("yyyy-mm-dd") + " 00:00:00";

  private static final String URL = "jdbc:sqlite:";

  private final JdbcDatabase database;
  private final boolean hasOwnTimes;
  private final StageContext context;

  private SqliteValues(JdbcDatabase database, StageContext context) {
    this.database = database;
    this.hasOwnTimes = database.url().contains("date_string_format");
    this.context = context;
  }

  private static String digits(String form) {
    return form.replaceAll("[a-z]", "[0-9]");
  }

  /**
   * Says which columns have to be read as other types than Spark takes, as its option customSchema
   * does.
   *
   * @param table or query
   * @param columns as the driver has them
   * @param schema as Spark takes them
   * @param typed what the job says of types
   * @param context is told of times that seem to be seconds
   * @throws StageException if a value fits no type that its column could have
   */
  static Optional<String> types(
      JdbcDatabase database,
      String table,
      List<JdbcColumn> columns,
      StructType schema,
      StructType typed,
      StageContext context) {
    if (!database.url().startsWith(URL)) {
      return Optional.empty();
    }
    Set<String> untyped = SqliteUntyped.names(database, table, columns);
    Set<String> times = names(columns, JdbcColumn::isDatetime);
    Set<String> reals = names(columns, JdbcColumn::isRealOfSqlite);
    SqliteValues values = new SqliteValues(database, context);
    List<SqliteQuestion> questions = new ArrayList<>();
    for (StructField column : schema.fields()) {
      String name = database.dialect().quoteIdentifier(column.name());
      if (ColumnName.find(typed, column.name()).isPresent()) {
        continue;
      }
      if (reals.contains(column.name())) {
        questions.add(values.question(name, withType(column, DataTypes.DoubleType)));
      } else if (untyped.contains(column.name())) {
        questions.add(SqliteUntyped.question(name, column));
      } else if (times.contains(column.name())) {
        questions.add(values.question(name, withType(column, DataTypes.TimestampType)));
      } else if (values.wrong(name, column).isPresent()) {
        questions.add(values.question(name, column));
      }
    }
    Map<String, DataType> types = values.ask(table, questions);
    return types.isEmpty()
        ? Optional.empty()
        : Optional.of(
            types.entrySet().stream()
                .map(type -> "`" + type.getKey().replace("`", "``") + "` " + type.getValue().sql())
                .collect(Collectors.joining(", ")));
  }

  private static Set<String> names(List<JdbcColumn> columns, Predicate<JdbcColumn> are) {
    return columns.stream().filter(are).map(JdbcColumn::name).collect(Collectors.toSet());
  }

  private static StructField withType(StructField column, DataType type) {
    return new StructField(column.name(), type, column.nullable(), column.metadata());
  }

  private Map<String, DataType> ask(String table, List<SqliteQuestion> questions) {
    Map<String, DataType> types = new LinkedHashMap<>();
    if (questions.isEmpty()) {
      return types;
    }
    String asked =
        questions.stream()
            .flatMap(question -> question.expressions().stream())
            .collect(Collectors.joining(", "));
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet answers = statement.executeQuery("SELECT " + asked + " FROM " + table)) {
      answers.next();
      int at = 1;
      for (SqliteQuestion question : questions) {
        String name = question.column().name();
        question.reading().type(answers, at).ifPresent(type -> types.put(name, type));
        at += question.expressions().size();
      }
    } catch (SQLException e) {
      throw JdbcDatabase.failure(e);
    }
    return types;
  }

  /** What a column that has a type is asked: whether its values are of it. */
  private SqliteQuestion question(String name, StructField column) {
    String wrong = wrong(name, column).orElse("0");
    String isWhole = SqliteQuestion.is(name, "integer");
    return new SqliteQuestion(
        column,
        List.of(
            SqliteQuestion.count(wrong),
            SqliteQuestion.example(wrong, name),
            SqliteQuestion.count(
                isWhole + " AND " + name + " NOT BETWEEN -2147483648 AND 2147483647"),
            SqliteQuestion.example(
                isWhole + " AND " + name + " BETWEEN 100000000 AND 9999999999", name),
            SqliteQuestion.example(
                isWhole + " AND abs(" + name + ") BETWEEN 1 AND 99999999", name)),
        (answers, at) -> {
          int next = at;
          long count = answers.getLong(next++);
          String example = answers.getString(next++);
          if (count > 0) {
            throw refusal(column, count, example);
          }
          boolean isLong = answers.getLong(next++) > 0;
          String second = answers.getString(next++);
          String day = answers.getString(next);
          if (isTime(column.dataType())) {
            tellNumbers(column, second, day);
          }
          // The driver has one that is declared DATETIME for a date, and FLOAT for 32 bits
          if (column.dataType() instanceof TimestampType
              || column.dataType() instanceof DoubleType) {
            return Optional.of(column.dataType());
          }
          return column.dataType() instanceof IntegerType && isLong
              ? Optional.of(DataTypes.LongType)
              : Optional.empty();
        });
  }

  private static boolean isTime(DataType type) {
    return type instanceof DateType || type instanceof TimestampType;
  }

  /** Numbers that were no milliseconds where they came from, in all likelihood. */
  private void tellNumbers(StructField column, String second, String day) {
    if (database.url().contains("date_precision")) {
      return;
    }
    if (second != null) {
      context.warnOf(
          ErrorCode.VALUES_ADJUSTED,
          taken(column, second) + "days of that spring",
          "if they are seconds, add ?date_precision=SECONDS to \"jdbcURL\"");
    }
    if (day != null) {
      context.warnOf(
          ErrorCode.VALUES_ADJUSTED,
          taken(column, day) + "hours of its first days",
          "if they are days, read CAST(… AS INTEGER) in a query as \"tableName\", and make dates of"
              + " them with date_add(DATE'1970-01-01', …); if they are written as 20240115, with"
              + " to_date(CAST(… AS STRING), 'yyyyMMdd')");
    }
  }

  private static String taken(StructField column, String value) {
    return "the column '"
        + column.name()
        + "' of SQLite holds numbers such as "
        + value
        + ", which its driver takes for milliseconds since 1970, so that they are ";
  }

  private static StageException refusal(StructField column, long count, String value) {
    DataType type = column.dataType();
    if (type instanceof StringType) {
      return SqliteTexts.refusal(column.name(), count, value);
    }
    return new StageException(
        "The column '"
            + column.name()
            + "' of SQLite is "
            + type.simpleString()
            + ", and "
            + SqliteQuestion.rows(count, "hold")
            + " something else, such as '"
            + value
            + "', of which its driver would make another value. Read the column as text, with"
            + " CAST(… AS TEXT) in a query as \"tableName\", and type it in a"
            + " TypingTransform"
            + (type instanceof DecimalType
                ? "; CAST(… AS REAL) makes doubles of numbers, with all their digits."
                : "."));
  }

  /**
   * A condition of values that the type does not hold; nothing for types that are not looked at.
   */
  private Optional<String> wrong(String name, StructField column) {
    DataType type = column.dataType();
    String kind = "typeof(" + name + ")";
    String isText = SqliteQuestion.is(name, "text");
    if (type instanceof StringType) {
      return Optional.of(
          SqliteQuestion.is(name, "blob") + " OR " + isText + " AND " + SqliteTexts.isBroken(name));
    }
    if (isTime(type)) {
      return hasOwnTimes
          ? Optional.empty()
          : Optional.of(
              kind
                  + " NOT IN ('integer', 'null') AND NOT ("
                  + isText
                  + " AND "
                  + isReadable(name, type instanceof DateType ? MIDNIGHT : TIME)
                  + ")");
    }
    if (type instanceof IntegerType || type instanceof LongType) {
      return Optional.of(kind + " NOT IN ('integer', 'null')");
    }
    if (type instanceof BooleanType) {
      return Optional.of(
          kind + " <> 'null' AND (" + kind + " <> 'integer' OR " + name + " NOT IN (0, 1))");
    }
    String isNoNumber = kind + " IN ('text', 'blob')";
    if (type instanceof DoubleType) {
      return Optional.of(isNoNumber);
    }
    return type instanceof DecimalType decimal
        ? Optional.of("(" + isNoNumber + " OR " + isCut(name, decimal) + ")")
        : Optional.empty();
  }

  /** The driver takes 31 February for a day of March, which SQLite's own function tells. */
  private static String isReadable(String name, String form) {
    String fraction = form.equals(MIDNIGHT) ? ".000" : FRACTION;
    return "("
        + String.join(
            " OR ", name + " GLOB '" + form + "'", name + " GLOB '" + form + fraction + "'")
        + ") AND datetime("
        + name
        + ") IS substr("
        + name
        + ", 1, "
        + SECONDS
        + ")";
  }

  /** The driver reads a decimal from SQLite's text of the double, which has 15 digits. */
  private static String isCut(String name, DecimalType type) {
    return SqliteQuestion.is(name, "real")
        + " AND (round("
        + name
        + ", "
        + type.scale()
        + ") <> "
        + name
        + " OR CAST(CAST("
        + name
        + " AS TEXT) AS REAL) <> "
        + name
        + ")";
  }
}
