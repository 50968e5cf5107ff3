package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.char_length;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.LocalTimes;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.jdbc.SqliteAffinity;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.execution.datasources.jdbc.JdbcUtils;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.jdbc.JdbcDialects;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Guards for values that a driver or a database would change on the way: JDBC's times go through a
 * calendar without ten days of 1582 and with the clock of a zone, and databases round and cut what
 * is too long for a column.
 *
 * @param url of the database
 * @param keys of the load
 */
record JdbcValues(String url, JDBCLoad keys) {

  /** Longer texts are what databases say of those without a limit. */
  private static final int LONGEST = 10_000_000;

  private static final int MICRO_DIGITS = 6;

  /** Of Spark's decimals; databases that say more of theirs keep at least these. */
  private static final int MOST_DIGITS = DecimalType.MAX_PRECISION();

  /**
   * A column of the table as JDBC tells of it.
   *
   * @param declared what SQLite has for its type; empty for none, and of other databases
   */
  private record Target(
      String typeName, String declared, int type, int precision, int scale, boolean signed) {}

  /** The rows, with guards for dates and times that the driver takes for others. */
  Dataset<Row> inCalendar(Dataset<Row> rows) {
    return guarded(
        rows,
        (value, field) -> {
          DataType type = field.dataType();
          boolean isTime = type instanceof DateType || type instanceof TimestampType;
          if (isTime && url.startsWith("jdbc:h2:")) {
            return Optional.of(
                new Wrong(
                    value.cast(DataTypes.DateType).lt(lit(LocalDate.of(1582, 10, 15))),
                    "the driver of H2 takes days before 1582-10-15 for others."
                        + " Write it as text, cast(… AS STRING)."));
          }
          if (isTime) {
            Column isMissing =
                value
                    .cast(DataTypes.DateType)
                    .between(lit(LocalDate.of(1582, 10, 5)), lit(LocalDate.of(1582, 10, 14)));
            return Optional.of(
                new Wrong(
                    isMissing,
                    "the calendar of JDBC has no days from 1582-10-05 to 1582-10-14."
                        + " Write it as text, cast(… AS STRING)."));
          }
          if (type instanceof TimestampNTZType) {
            return Optional.of(
                new Wrong(
                    changesClock(url).apply(value),
                    "the driver takes it for another time of the clock of "
                        + TimeZone.getDefault().getID()
                        + ". Write cast(… AS TIMESTAMP), or run Java with -Duser.timezone=UTC."));
          }
          return Optional.empty();
        });
  }

  private static UserDefinedFunction changesClock(String url) {
    return udf(
        (UDF1<LocalDateTime, Boolean>)
            time ->
                time != null
                    && !JdbcDialects.get(url)
                        .convertTimestampNTZToJavaTimestamp(time)
                        .toLocalDateTime()
                        .equals(time),
        DataTypes.BooleanType);
  }

  /** The rows, with guards for values that the columns of a table that is there would change. */
  Dataset<Row> forTable(Dataset<Row> rows, Connection connection) throws SQLException {
    Map<String, String> declared =
        isSqlite() ? SqliteColumns.declared(connection, keys.tableName()) : Map.of();
    Map<String, Target> targets = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    try (Statement statement = connection.createStatement();
        ResultSet none =
            statement.executeQuery("SELECT * FROM " + keys.tableName() + " WHERE 1 = 0")) {
      ResultSetMetaData columns = none.getMetaData();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        targets.put(
            columns.getColumnName(i),
            new Target(
                columns.getColumnTypeName(i),
                declared.getOrDefault(columns.getColumnName(i), ""),
                columns.getColumnType(i),
                columns.getPrecision(i),
                columns.getScale(i),
                columns.isSigned(i)));
      }
    }
    return guarded(
        rows,
        (value, field) ->
            Optional.ofNullable(targets.get(field.name()))
                .flatMap(target -> changed(value, field, target)));
  }

  /** The rows, with guards for the columns of a table that is made for them. */
  Dataset<Row> forNewTable(Dataset<Row> rows) {
    StructType types =
        keys.createTableColumnTypes().map(StructType::fromDDL).orElseGet(StructType::new);
    return guarded(
        rows,
        (value, field) ->
            ColumnName.find(types, field.name())
                .map(StructField::dataType)
                .flatMap(
                    type ->
                        NarrowedValues.changed(value, field.dataType(), type)
                            .map(isWrong -> new Wrong(isWrong, fits(type.sql()))))
                .or(() -> newColumn(value, field)));
  }

  private Optional<Wrong> newColumn(Column value, StructField field) {
    if (isSqlite()) {
      return SqliteColumns.wrong(value, field.dataType());
    }
    boolean hasZone =
        field.dataType() instanceof TimestampType
            && JdbcUtils.getJdbcType(field.dataType(), JdbcDialects.get(url))
                .databaseTypeDefinition()
                .toUpperCase(Locale.ROOT)
                .contains("ZONE");
    return hasZone ? Optional.empty() : clockTime(value, field.dataType());
  }

  private boolean isSqlite() {
    return url.startsWith("jdbc:sqlite:");
  }

  /** Drivers write a moment as the machine's clock shows it where the column has no zone. */
  private static Optional<Wrong> clockTime(Column value, DataType type) {
    String zone = TimeZone.getDefault().getID();
    return type instanceof TimestampType
        ? Optional.of(
            new Wrong(
                LocalTimes.isLost(value, zone),
                "the column has no zone, and the clock of "
                    + zone
                    + " shows that time twice. Make it a column with a time zone, or run Java with"
                    + " -Duser.timezone=UTC."))
        : Optional.empty();
  }

  private static String fits(String type) {
    return "it does not fit "
        + type
        + " as it is. Round or cast it in a SQLTransform, or widen the column.";
  }

  private Optional<Wrong> changed(Column value, StructField field, Target target) {
    DataType from = field.dataType();
    if (from instanceof BooleanType && isSqlite() && SqliteColumns.isFlag(target.typeName())) {
      return Optional.empty();
    }
    if (from instanceof BooleanType && isNumber(target) && ownBooleansAreNone()) {
      throw unfit(field, target.typeName(), ". Cast it in a SQLTransform.");
    }
    if (isSqlite()) {
      boolean hasTextDates = url.toLowerCase(Locale.ROOT).contains("date_class=text");
      SqliteColumns.remedy(from, target.declared(), hasTextDates)
          .ifPresent(
              remedy -> {
                throw unfit(field, target.declared(), ": " + remedy);
              });
      if (from instanceof StringType) {
        Optional<Wrong> wrong = SqliteColumns.wrongText(value, target.declared());
        if (wrong.isPresent()) {
          return wrong;
        }
      }
    } else if (from instanceof StringType && isOfNumbers(target)) {
      throw unfit(
          field,
          target.typeName(),
          ", in which a text such as '007' or 'yes' would be another value. Cast it in a"
              + " SQLTransform.");
    }
    if (from instanceof StringType && isText(target)) {
      return target.precision() > 0 && target.precision() < LONGEST
          ? Optional.of(
              new Wrong(
                  char_length(value).gt(lit(target.precision())),
                  "it is longer than the "
                      + target.precision()
                      + " characters of "
                      + target.typeName()
                      + ". Shorten it in a SQLTransform, or widen the column."))
          : Optional.empty();
    }
    String name = target.typeName() + digits(target);
    if (isSqlite()) {
      Optional<Wrong> wrong = isText(target) ? Optional.empty() : SqliteColumns.wrong(value, from);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    if (target.type() == Types.TIMESTAMP || target.type() == Types.TIMESTAMP_WITH_TIMEZONE) {
      boolean hasZone =
          target.type() == Types.TIMESTAMP_WITH_TIMEZONE
              || target.typeName().toLowerCase(Locale.ROOT).matches("timestamptz|.*zone.*");
      return cutFraction(value, from, target)
          .map(isWrong -> new Wrong(isWrong, fits(name)))
          .or(() -> hasZone || isSqlite() ? Optional.empty() : clockTime(value, from));
    }
    if (isFlag(target) && from instanceof NumericType) {
      return Optional.of(
          new Wrong(value.notEqual(lit(0)).and(value.notEqual(lit(1))), fits(target.typeName())));
    }
    return placeFor(target)
        .flatMap(type -> NarrowedValues.changed(value, from, type))
        .map(isWrong -> new Wrong(isWrong, fits(name)));
  }

  /** What the column holds; SQLite's hold 64 bits, whatever their types are called. */
  private Optional<DataType> placeFor(Target target) {
    if (isSqlite()) {
      switch (SqliteAffinity.of(target.declared())) {
        case INTEGER:
          return Optional.of(DataTypes.LongType);
        case REAL:
          return Optional.of(DataTypes.DoubleType);
        default:
          break;
      }
    }
    return sparkType(target);
  }

  /** A column none of whose values the table's would keep as they are. */
  private StageException unfit(StructField field, String there, String remedy) {
    return new StageException(
        "JDBCLoad cannot write the column '"
            + field.name()
            + "' of inputView '"
            + keys.inputView()
            + "' into table '"
            + keys.tableName()
            + "': it is "
            + field.dataType().sql()
            + ", and the table's is "
            + there
            + remedy);
  }

  /** Numbers without a limit, and booleans, too. */
  private boolean isOfNumbers(Target target) {
    return switch (target.type()) {
      case Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.REAL,
          Types.FLOAT,
          Types.DOUBLE ->
          true;
      // The bits of PostgreSQL are texts to it, and no cast of Spark makes any
      default ->
          isFlag(target)
              && !(url.startsWith("jdbc:postgresql:") && "bit".equals(target.typeName()));
    };
  }

  private boolean ownBooleansAreNone() {
    int type = JdbcUtils.getJdbcType(DataTypes.BooleanType, JdbcDialects.get(url)).jdbcNullType();
    return type == Types.BIT || type == Types.BOOLEAN;
  }

  private static boolean isNumber(Target target) {
    return sparkType(target).filter(NumericType.class::isInstance).isPresent();
  }

  private static boolean isFlag(Target target) {
    return target.type() == Types.BOOLEAN || target.type() == Types.BIT && target.precision() <= 1;
  }

  private static boolean isText(Target target) {
    return switch (target.type()) {
      case Types.CHAR, Types.VARCHAR, Types.NCHAR, Types.NVARCHAR -> true;
      default -> false;
    };
  }

  private static String digits(Target target) {
    boolean isDecimal = target.type() == Types.NUMERIC || target.type() == Types.DECIMAL;
    return isDecimal && target.typeName().indexOf('(') < 0
        ? "(" + target.precision() + ", " + target.scale() + ")"
        : "";
  }

  /** Only these drivers say how many digits of a second a column has. */
  private Optional<Column> cutFraction(Column value, DataType from, Target target) {
    boolean says = url.startsWith("jdbc:postgresql:") || url.startsWith("jdbc:h2:");
    boolean isTime = from instanceof TimestampType || from instanceof TimestampNTZType;
    if (!says || !isTime || target.scale() < 0 || target.scale() >= MICRO_DIGITS) {
      return Optional.empty();
    }
    int unit = (int) Math.pow(10, MICRO_DIGITS - target.scale());
    return Optional.of(
        date_format(value, "SSSSSS").cast(DataTypes.IntegerType).mod(lit(unit)).notEqual(lit(0)));
  }

  private static Optional<DataType> sparkType(Target target) {
    return switch (target.type()) {
      case Types.TINYINT -> Optional.of(target.signed() ? DataTypes.ByteType : DataTypes.ShortType);
      case Types.SMALLINT ->
          Optional.of(target.signed() ? DataTypes.ShortType : DataTypes.IntegerType);
      case Types.INTEGER ->
          Optional.of(target.signed() ? DataTypes.IntegerType : DataTypes.LongType);
      case Types.BIGINT ->
          Optional.of(target.signed() ? DataTypes.LongType : DataTypes.createDecimalType(20, 0));
      case Types.NUMERIC, Types.DECIMAL ->
          // PostgreSQL's bare NUMERIC has no precision and keeps every digit
          target.precision() > 0
                  && target.scale() >= 0
                  && target.scale() <= Math.min(target.precision(), MOST_DIGITS)
              ? Optional.of(
                  DataTypes.createDecimalType(
                      Math.min(target.precision(), MOST_DIGITS), target.scale()))
              : Optional.empty();
      case Types.REAL -> Optional.of(DataTypes.FloatType);
      case Types.FLOAT, Types.DOUBLE -> Optional.of(DataTypes.DoubleType);
      case Types.DATE -> Optional.of(DataTypes.DateType);
      default -> Optional.empty();
    };
  }

  /** Values that must not be sent, and why. */
  record Wrong(Column is, String reason) {}

  private interface Check {
    Optional<Wrong> of(Column value, StructField field);
  }

  private Dataset<Row> guarded(Dataset<Row> rows, Check check) {
    return Guard.columns(
        rows, (value, field) -> check.of(value, field).map(wrong -> guard(value, field, wrong)));
  }

  private Column guard(Column value, StructField field, Wrong wrong) {
    String message =
        "JDBCLoad cannot write a value of the column '"
            + field.name()
            + "' of inputView '"
            + keys.inputView()
            + "' into table '"
            + keys.tableName()
            + "': "
            + wrong.reason();
    return Guard.against(value, wrong.is(), message, value.cast(DataTypes.StringType));
  }
}
