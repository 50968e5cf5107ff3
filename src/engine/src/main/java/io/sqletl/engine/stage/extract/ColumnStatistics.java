package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.current_timezone;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.stddev_pop;
import static org.apache.spark.sql.functions.stddev_samp;
import static org.apache.spark.sql.functions.to_utc_timestamp;

import io.sqletl.engine.stage.ColumnName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampType;

/** The figures of one column, as aggregates over the whole frame. */
final class ColumnStatistics {

  private static final Column NONE = lit(null).cast("string");
  private static final List<String> PERCENTILES = List.of("25%", "50%", "75%");
  private static final int ACCURACY = 10_000;

  private final StructField field;
  private final StatisticsExtract keys;
  private final Column column;

  ColumnStatistics(StructField field, StatisticsExtract keys) {
    this.field = field;
    this.keys = keys;
    this.column = ColumnName.column(field.name());
  }

  /** Whether there are figures for columns of this type. */
  static boolean isMeasured(StructField field) {
    DataType type = field.dataType();
    return isNumber(type)
        || isTime(type)
        || type instanceof BooleanType
        || type instanceof StringType
        || type instanceof NullType;
  }

  /** The names of the figures, in order. */
  static List<String> names(boolean histogram) {
    List<String> names =
        new ArrayList<>(
            List.of(
                "data_type",
                "count",
                "num_nulls",
                "distinct_count",
                "mean",
                "stddev",
                "min_col_len",
                "avg_col_len",
                "max_col_len",
                "min"));
    if (histogram) {
      names.addAll(PERCENTILES);
    }
    names.add("max");
    return names;
  }

  String name() {
    return field.name();
  }

  /** The figures as texts by name, from the row of aggregates, of which the first is at a place. */
  Map<String, String> texts(Row values, int first) {
    Map<String, String> texts = new LinkedHashMap<>();
    int at = first;
    for (String name : names(keys.histogram())) {
      if (name.equals("data_type")) {
        texts.put(name, field.dataType().catalogString());
      } else if (PERCENTILES.contains(name)) {
        List<String> percentiles = values.isNullAt(at) ? null : values.getList(at);
        int which = PERCENTILES.indexOf(name);
        texts.put(name, percentiles == null ? null : percentiles.get(which));
        at += which == PERCENTILES.size() - 1 ? 1 : 0;
      } else {
        texts.put(name, values.getString(at));
        at++;
      }
    }
    return texts;
  }

  /** The aggregates: texts in the order of the names, the percentiles together as one array. */
  List<Column> figures() {
    DataType type = field.dataType();
    boolean number = isNumber(type);
    boolean text = type instanceof StringType;
    boolean ordered = number || isTime(type) || type instanceof BooleanType;
    List<Column> figures = new ArrayList<>();
    figures.add(type instanceof NullType ? NONE : count(column).cast("string"));
    figures.add(count_if(column.isNull()).cast("string"));
    figures.add(distinct(type));
    figures.add(number ? whole(avg(column)).cast("string") : NONE);
    figures.add(
        number
            ? (keys.approximate() ? stddev_samp(column) : stddev_pop(column)).cast("string")
            : NONE);
    figures.add(text ? min(length(column)).cast("string") : NONE);
    // A whole number in the format, as in Spark's statistics of tables
    figures.add(text ? floor(avg(length(column))).cast("string") : NONE);
    figures.add(text ? max(length(column)).cast("string") : NONE);
    figures.add(ordered ? asText(min(column)) : NONE);
    if (keys.histogram()) {
      figures.add(percentiles(type));
    }
    figures.add(ordered ? asText(max(column)) : NONE);
    // Aggregates of a query without rows to group need an aggregate each
    return figures.stream().map(figure -> figure == NONE ? max(NONE) : figure).toList();
  }

  private Column distinct(DataType type) {
    if (type instanceof NullType) {
      return max(lit("0"));
    }
    Column distinct =
        keys.approximate()
            ? approx_count_distinct(column, keys.hllRelativeSD())
            : countDistinct(column);
    return distinct.cast("string");
  }

  private Column percentiles(DataType type) {
    Column parts = array(lit(0.25), lit(0.5), lit(0.75));
    if (isNumber(type)) {
      Column values =
          keys.approximate()
              ? percentile_approx(column, parts, lit(ACCURACY))
              : percentile(column, parts);
      return org.apache.spark.sql.functions.transform(values, value -> whole(value).cast("string"));
    }
    if (isTime(type)) {
      Column values = percentile_approx(column, parts, lit(ACCURACY));
      return org.apache.spark.sql.functions.transform(values, this::asText);
    }
    return max(lit(null).cast("array<string>"));
  }

  /** Means and percentiles of whole numbers of 64 bits are whole numbers. */
  private Column whole(Column value) {
    return field.dataType() instanceof LongType ? floor(value) : value;
  }

  private Column asText(Column value) {
    if (field.dataType() instanceof TimestampType) {
      return regexp_replace(
          date_format(to_utc_timestamp(value, current_timezone()), "yyyy-MM-dd HH:mm:ss.SSSSSS'Z'"),
          lit("[.]000000Z$"),
          lit("Z"));
    }
    return value.cast("string");
  }

  private static boolean isNumber(DataType type) {
    return type instanceof DecimalType
        || type instanceof DoubleType
        || type instanceof IntegerType
        || type instanceof LongType;
  }

  private static boolean isTime(DataType type) {
    return type instanceof DateType || type instanceof TimestampType;
  }
}
