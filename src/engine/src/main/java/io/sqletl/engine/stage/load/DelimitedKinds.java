package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.files.PathPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * What the first records of delimited text without a header hold at each place. Nothing else says
 * that a view has its columns in another order than the files that its rows join.
 */
final class DelimitedKinds {

  private static final int SAMPLED_RECORDS = 200;

  /** What all values of a column may have in common. */
  private enum Kind {
    NUMBERS("numbers", "[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][-+]?\\d+)?|NaN|[-+]?Infinity"),
    TIMES("dates or times", "[-+]?\\d{4,}-\\d\\d-\\d\\d([T ].*)?"),
    TEXTS("texts that are no numbers and no times", "");

    private final String title;
    private final Pattern pattern;

    Kind(String title, String pattern) {
      this.title = title;
      this.pattern = Pattern.compile(pattern);
    }

    boolean isOf(String value) {
      return pattern.matcher(value).matches();
    }

    /** Of these values, all of one kind; nothing for a mixture, and where there are none. */
    static Optional<Kind> of(List<String> values) {
      return values.isEmpty()
          ? Optional.empty()
          : Stream.of(NUMBERS, TIMES)
              .filter(kind -> values.stream().allMatch(kind::isOf))
              .findFirst()
              .or(
                  () ->
                      Optional.of(TEXTS)
                          .filter(
                              texts ->
                                  values.stream()
                                      .noneMatch(v -> NUMBERS.isOf(v) || TIMES.isOf(v))));
    }
  }

  private DelimitedKinds() {}

  /**
   * The rows to count that have another kind of value than the file has at their place.
   *
   * @param columns of the rows, as the file has them
   * @param options of Spark's writer
   */
  static List<LossyValues.Kind> unlike(
      List<StructField> columns, Path file, Map<String, String> options, SparkSession spark) {
    Map<String, String> reading = new TreeMap<>(options);
    reading.put("header", "false");
    reading.put("multiLine", "true");
    reading.put("inferSchema", "false");
    List<Row> sample =
        spark
            .read()
            .format("csv")
            .options(reading)
            .load(PathPattern.literal(file))
            .takeAsList(SAMPLED_RECORDS);
    List<LossyValues.Kind> unlike = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int place = i;
      StructField column = columns.get(i);
      Kind.of(values(sample, i))
          .ifPresent(
              kind ->
                  isOther(column, kind)
                      .ifPresent(
                          isOther ->
                              unlike.add(
                                  new LossyValues.Kind(
                                      isOther,
                                      "have another kind of value in column '"
                                          + column.name()
                                          + "' than the file '"
                                          + file.getName()
                                          + "' there, which has "
                                          + kind.title
                                          + " as value "
                                          + (place + 1)
                                          + " of its records; without a header values go by their"
                                          + " places",
                                      "compare the order of the columns with the files, or set"
                                          + " \"header\" to true and write into another folder"))));
    }
    return unlike;
  }

  private static List<String> values(List<Row> sample, int place) {
    return sample.stream()
        .filter(row -> place < row.length())
        .map(row -> row.getString(place))
        .filter(Objects::nonNull)
        .filter(value -> !value.isBlank() && !value.equals("\"\""))
        .toList();
  }

  /** Whether a value of the column is of another kind; nothing where none can be. */
  private static Optional<Column> isOther(StructField column, Kind there) {
    Column value = ColumnName.column(column.name());
    DataType type = column.dataType();
    if (type instanceof StringType) {
      return there == Kind.TEXTS
          ? Optional.empty()
          : Optional.of(
              value.rlike("\\S").and(value.rlike("^(?:" + there.pattern + ")$").equalTo(false)));
    }
    boolean isNumber = type instanceof NumericType;
    boolean isTime =
        type instanceof DateType
            || type instanceof TimestampType
            || type instanceof TimestampNTZType;
    Kind written = isNumber ? Kind.NUMBERS : Kind.TIMES;
    return (isNumber || isTime) && written != there
        ? Optional.of(value.isNotNull())
        : Optional.empty();
  }
}
