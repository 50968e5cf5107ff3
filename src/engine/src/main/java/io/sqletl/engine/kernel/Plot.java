package io.sqletl.engine.kernel;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.job.SourceText;
import io.sqletl.engine.run.Redaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.TimestampType;

/** A picture of two columns of a view. */
final class Plot {

  private static final int MOST_BARS = 60;
  private static final int MOST_POINTS = 5_000;
  private static final int MOST_VALUES = 100_000;
  private static final int BINS = 20;
  private static final List<String> KINDS = List.of("bar", "line", "hist");

  private Plot() {}

  /**
   * @param arguments {@code x}, {@code y}, {@code kind}, {@code rows} and {@code title}
   * @throws JobException if they make no sense
   */
  static Content of(
      String name,
      Dataset<Row> view,
      Map<String, String> arguments,
      SourceText source,
      Redaction redaction) {
    String kind = arguments.getOrDefault("kind", arguments.containsKey("y") ? "bar" : "hist");
    if (!KINDS.contains(kind)) {
      throw wrong(
          source,
          kind,
          "There is no kind \"" + kind + "\" of plot",
          NearestName.question(kind, KINDS).orElse("the kinds are bar, line and hist"));
    }
    String x = column(view, arguments, "x", source);
    String title = arguments.getOrDefault("title", name);
    if (kind.equals("hist")) {
      return histogram(view, x, title, source);
    }
    String y = column(view, arguments, "y", source);
    requireNumbers(view, y, source);
    int most = kind.equals("bar") ? MOST_BARS : MOST_POINTS;
    int rows = Math.min(most, number(arguments, "rows", most, source));
    Dataset<Row> points =
        view.select(label(x), place(x, type(view, x)), quoted(y).cast("double").as("y"))
            .filter("y IS NOT NULL");
    List<Row> found = points.takeAsList(rows + 1);
    List<Row> shown = found.subList(0, Math.min(rows, found.size()));
    List<String> labels =
        shown.stream()
            .map(row -> row.isNullAt(0) ? "NULL" : redaction.apply(row.getString(0)))
            .toList();
    double[] values = shown.stream().mapToDouble(row -> row.getDouble(2)).toArray();
    double[] places =
        shown.stream()
            .mapToDouble(row -> row.isNullAt(1) ? Double.NaN : row.getDouble(1))
            .toArray();
    String note = found.size() > rows ? "the first " + ResultTable.count(rows, "row") : "";
    PlotPicture picture = new PlotPicture(title, x, y, note);
    if (kind.equals("bar")) {
      return picture.bars(labels, values);
    }
    boolean isScale = isScale(type(view, x)) && Arrays.stream(places).noneMatch(Double::isNaN);
    return picture.line(labels, isScale ? places : null, values);
  }

  private static Content histogram(Dataset<Row> view, String x, String title, SourceText source) {
    requireNumbers(view, x, source);
    double[] values =
        view
            .select(quoted(x).cast("double").as("x"))
            .filter("x IS NOT NULL AND NOT isnan(x)")
            .takeAsList(MOST_VALUES)
            .stream()
            .mapToDouble(row -> row.getDouble(0))
            .toArray();
    double least = Arrays.stream(values).min().orElse(0);
    double most = Arrays.stream(values).max().orElse(0);
    double width = most > least ? (most - least) / BINS : 1;
    double[] counts = new double[most > least ? BINS : 1];
    for (double value : values) {
      counts[(int) Math.min(counts.length - 1, (value - least) / width)]++;
    }
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < counts.length; i++) {
      labels.add(PlotPicture.label(least + i * width));
    }
    String note = values.length == MOST_VALUES ? "the first 100,000 values" : "";
    return new PlotPicture(title, x, "rows", note).bars(labels, counts);
  }

  private static Column label(String x) {
    return quoted(x).cast("string").as("label");
  }

  /** Where a point stands, for a type that has an order. */
  private static Column place(String x, DataType type) {
    Column column = quoted(x);
    if (type instanceof NumericType) {
      return column.cast("double").as("x");
    }
    return isScale(type)
        ? column.cast("timestamp").cast("double").as("x")
        : lit(null).cast("double").as("x");
  }

  private static boolean isScale(DataType type) {
    return type instanceof NumericType || type instanceof DateType || type instanceof TimestampType;
  }

  private static DataType type(Dataset<Row> view, String column) {
    return view.schema().apply(column).dataType();
  }

  private static Column quoted(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }

  private static void requireNumbers(Dataset<Row> view, String column, SourceText source) {
    if (!(type(view, column) instanceof NumericType)) {
      throw wrong(
          source,
          column,
          "The column \""
              + column
              + "\" holds no numbers but "
              + type(view, column).catalogString(),
          "choose another, or cast it in a %sql cell");
    }
  }

  private static String column(
      Dataset<Row> view, Map<String, String> arguments, String axis, SourceText source) {
    String name = arguments.get(axis);
    List<String> columns = List.of(view.columns());
    if (name == null) {
      throw wrong(
          source,
          "%plot",
          "%plot needs " + axis + "=COLUMN",
          "the columns are " + String.join(", ", columns));
    }
    return columns.stream()
        .filter(name::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    source,
                    name,
                    "There is no column \"" + name + "\"",
                    NearestName.question(name, columns)
                        .orElse("the columns are " + String.join(", ", columns))));
  }

  private static int number(
      Map<String, String> arguments, String key, int otherwise, SourceText source) {
    String text = arguments.get(key);
    if (text == null) {
      return otherwise;
    }
    try {
      return Math.max(1, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw wrong(source, text, "\"" + key + "\" must be a whole number, not " + text, null);
    }
  }

  private static JobException wrong(SourceText source, String word, String message, String remedy) {
    return new JobException(
        new Problem(ErrorCode.INVALID_VALUE, source.find(1, word), message, remedy));
  }
}
