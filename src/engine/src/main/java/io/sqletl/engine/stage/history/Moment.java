package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.sqletl.engine.stage.StageException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * A moment of a history, written in a job: a text, or one for each column of "sequenceBy".
 *
 * @param texts as they were written, one at least
 */
public record Moment(List<String> texts) {

  public Moment {
    texts = List.copyOf(texts);
  }

  /** What is wrong with it that can be said without a table: a day or an hour that there is not. */
  public Optional<String> problem() {
    if (texts.isEmpty() || texts.stream().anyMatch(String::isBlank)) {
      return Optional.of("\"asOf\" is empty");
    }
    return texts.stream()
        .filter(text -> LoadTime.of(text).filter(time -> !exists(time)).isPresent())
        .findFirst()
        .map(text -> "\"asOf\" is \"" + text + "\", and there is no such day or time");
  }

  private static boolean exists(LoadTime time) {
    if (time.type().equals(DataTypes.LongType)) {
      return true;
    }
    String value = time.literal().replaceFirst("^\\w+ '(.*)'$", "$1");
    return DateTimeUtils.stringToTimestamp(UTF8String.fromString(value), ZoneId.of("UTC"))
        .isDefined();
  }

  /**
   * The moment as a value of the type by which a history is ordered.
   *
   * @throws StageException if it cannot be one
   */
  Column in(DataType type, SparkSession spark) {
    List<StructField> parts =
        type instanceof StructType several
            ? List.of(several.fields())
            : List.of(DataTypes.createStructField("", type, true));
    if (parts.size() != texts.size()) {
      throw new StageException(
          "\"asOf\" has "
              + texts.size()
              + (texts.size() == 1 ? " value" : " values")
              + ", and the history is ordered by "
              + (type instanceof StructType
                  ? parts.size()
                      + " columns: "
                      + parts.stream()
                          .map(
                              field -> field.name() + " (" + field.dataType().catalogString() + ")")
                          .collect(Collectors.joining(", "))
                      + ". Give a list with a value for each."
                  : "one column. Give one value."));
    }
    List<Column> values = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      values.add(value(texts.get(i), parts.get(i).dataType(), spark).as(parts.get(i).name()));
    }
    return type instanceof StructType
        ? struct(values.toArray(Column[]::new)).cast(type)
        : values.get(0);
  }

  private static Column value(String text, DataType type, SparkSession spark) {
    if (type instanceof StringType) {
      return lit(text);
    }
    Optional<Column> found = Optional.empty();
    if (type.equals(DataTypes.DateType)
        || type.equals(DataTypes.TimestampType)
        || type.equals(DataTypes.TimestampNTZType)) {
      found = time(text, type, spark);
    } else if (type instanceof IntegralType
        || type instanceof DecimalType
        || type instanceof FractionalType) {
      found = number(text.strip(), type);
    }
    return found.orElseThrow(
        () ->
            new StageException(
                "\"asOf\" is \""
                    + text
                    + "\", and the history is ordered by a "
                    + type.catalogString()
                    + hint(type)
                    + "."));
  }

  private static String hint(DataType type) {
    if (type.equals(DataTypes.DateType)) {
      return ": give a day such as 2026-01-31";
    }
    if (type.equals(DataTypes.TimestampType) || type.equals(DataTypes.TimestampNTZType)) {
      return ": give a time such as 2026-01-31 12:00:00, or a day, which means its first moment";
    }
    return type instanceof IntegralType ? ": give a whole number in its range" : "";
  }

  private static Optional<Column> time(String text, DataType type, SparkSession spark) {
    Optional<LoadTime> time =
        LoadTime.of(text).filter(found -> !found.type().equals(DataTypes.LongType));
    if (time.isEmpty()
        || type.equals(DataTypes.DateType) && !time.get().type().equals(DataTypes.DateType)) {
      return Optional.empty();
    }
    String literal = time.get().literal();
    // A time without a zone is the same on every clock; one with a zone is taken to the session's
    boolean isLocal = type.equals(DataTypes.TimestampNTZType) && !time.get().isZoned();
    Column value =
        (isLocal ? expr(literal.replaceFirst("^\\w+ ", "TIMESTAMP_NTZ ")) : expr(literal))
            .cast(type);
    try {
      if (type.equals(DataTypes.TimestampType) && time.get().isLeftOut(spark)) {
        throw new StageException("\"asOf\" is \"" + text + "\"" + LoadTime.leftOut(spark));
      }
      Row row = spark.sql("SELECT 1").select(value).head();
      return row.isNullAt(0) ? Optional.empty() : Optional.of(value);
    } catch (StageException e) {
      throw e;
    } catch (Exception e) {
      throw new StageException(
          "\"asOf\" is \"" + text + "\", and there is no such day or time.", e);
    }
  }

  private static Optional<Column> number(String text, DataType type) {
    try {
      BigDecimal number = new BigDecimal(text);
      if (type instanceof IntegralType) {
        long whole = number.longValueExact();
        long most =
            type.defaultSize() == 8 ? Long.MAX_VALUE : (1L << type.defaultSize() * 8 - 1) - 1;
        return whole <= most && whole >= -most - 1
            ? Optional.of(lit(whole).cast(type))
            : Optional.empty();
      }
      if (type instanceof DecimalType decimal) {
        BigDecimal scaled = number.setScale(decimal.scale(), RoundingMode.UNNECESSARY);
        return scaled.precision() <= decimal.precision()
            ? Optional.of(lit(scaled).cast(type))
            : Optional.empty();
      }
      return Optional.of(lit(number.doubleValue()).cast(type));
    } catch (ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}
