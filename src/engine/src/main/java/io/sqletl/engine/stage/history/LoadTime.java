package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.expr;

import io.sqletl.engine.stage.LocalTimes;
import io.sqletl.engine.stage.StageException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * The time of all rows of a load, written in the job: a date, a timestamp or a whole number.
 *
 * @param literal as SQL
 * @param text as it was written
 * @param type of the literal
 */
record LoadTime(String literal, String text, DataType type) {

  private static final Pattern DATE = Pattern.compile("\\d{4,5}-\\d{1,2}-\\d{1,2}");
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "\\d{4,5}-\\d{1,2}-\\d{1,2}[T ]\\d{1,2}:\\d{1,2}(:\\d{1,2}(\\.\\d{1,9})?)?"
              + "( ?(Z|UTC|[+-]\\d{1,2}:?\\d{2}))?");
  private static final String ZONED = ".*\\d[T ].*(?:Z|UTC|[+-]\\d{1,2}:?\\d{2})'";
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");
  private static final Pattern TYPED =
      Pattern.compile("(?i)(?:date|timestamp|timestamp_ntz) *'([^']*)'");

  /** Nothing if the text is none of these. */
  static Optional<LoadTime> of(String written) {
    String text = written.strip();
    Matcher typed = TYPED.matcher(text);
    String value = typed.matches() ? typed.group(1) : text;
    if (DATE.matcher(value).matches()
        && !text.toLowerCase(java.util.Locale.ROOT).startsWith("timestamp")) {
      return Optional.of(new LoadTime("DATE '" + value + "'", text, DataTypes.DateType));
    }
    if (DATE.matcher(value).matches() || TIMESTAMP.matcher(value).matches()) {
      return Optional.of(new LoadTime("TIMESTAMP '" + value + "'", text, DataTypes.TimestampType));
    }
    return NUMBER.matcher(value).matches()
        ? Optional.of(new LoadTime(value + "L", text, DataTypes.LongType))
        : Optional.empty();
  }

  /** Whether it says how far from UTC its clock is. */
  boolean isZoned() {
    return literal.matches(ZONED);
  }

  /** Whether clocks of the session's zone never show it, as they go forward in spring. */
  boolean isLeftOut(SparkSession spark) {
    if (!type.equals(DataTypes.TimestampType) || isZoned()) {
      return false;
    }
    Column clock = expr(literal.replaceFirst("^TIMESTAMP ", "TIMESTAMP_NTZ "));
    Row same =
        spark
            .sql("SELECT 1")
            .select(
                clock.cast(DataTypes.TimestampType).cast(DataTypes.TimestampNTZType).equalTo(clock))
            .head();
    return !same.isNullAt(0) && !same.getBoolean(0);
  }

  /** What is wrong with such a time, and what to do: the end of a sentence. */
  static String leftOut(SparkSession spark) {
    return ", and the clocks of "
        + LocalTimes.zone(spark)
        + " never show that time: they go forward over it. Write another time, or add the offset"
        + " from UTC, as in 2026-01-31T12:00:00Z or 2026-01-31T12:00:00+01:00.";
  }

  /**
   * The time in the type of the table.
   *
   * @throws StageException if there is no such day, or the type cannot hold it
   */
  Column in(DataType wanted, SparkSession spark) {
    try {
      if (isLeftOut(spark)) {
        throw new StageException("\"sequenceBy\" is \"" + text + "\"" + leftOut(spark));
      }
      Row row =
          spark
              .sql("SELECT 1")
              .select(
                  expr(literal).cast(wanted).as("wanted"),
                  expr(literal).cast(wanted).cast(type).eqNullSafe(expr(literal)).as("same"))
              .head();
      if (!row.isNullAt(0) && row.getBoolean(1)) {
        return expr(literal).cast(wanted);
      }
    } catch (StageException e) {
      throw e;
    } catch (Exception e) {
      throw new StageException(
          "\"sequenceBy\" is \""
              + text
              + "\", which is no "
              + wanted.catalogString()
              + " as the table's times are. Write a date as 2026-02-28, a timestamp as 2026-02-28"
              + " 12:00:00.",
          e);
    }
    throw new StageException(
        "\"sequenceBy\" is \""
            + text
            + "\", which the table's type "
            + wanted.catalogString()
            + " cannot hold.");
  }
}
