package io.sqletl.engine.kernel;

import static org.apache.spark.sql.functions.substring;

import io.sqletl.engine.run.Redaction;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampType;

/**
 * The first rows of a view as text, in an amount that a page can bear.
 *
 * @param columns the columns shown
 * @param rows the values shown, null for NULL
 * @param notes what is not shown, one line each
 */
record ResultTable(List<Heading> columns, List<List<String>> rows, List<String> notes) {

  /** The most columns that are shown; a page of more is of no use to anybody. */
  static final int MOST_COLUMNS = 200;

  /** The most characters of one value, whatever the settings say. */
  static final int MOST_CHARACTERS = 10_000;

  /** The most characters of one table: browsers bear some megabytes. */
  static final int MOST_CHARACTERS_OF_ALL = 1_000_000;

  /** The most rows of a magic that shows a whole table, such as the columns of a view. */
  static final int MOST_ROWS_OF_A_MAGIC = 1_000;

  private static final int MOST_DECIMALS = 10;
  private static final String ELLIPSIS = "...";

  /** A column's name and type, and whether it holds numbers. */
  record Heading(String name, String type, boolean isNumber) {}

  /**
   * Reads the first rows; a Spark job runs.
   *
   * @param most the most rows that may be shown, whatever the settings say
   */
  static ResultTable of(
      Dataset<Row> view, DisplaySettings settings, int most, Redaction redaction) {
    StructField[] fields = view.schema().fields();
    int shown = Math.min(fields.length, MOST_COLUMNS);
    int limit = characters(settings.truncate());
    List<Heading> headings = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      DataType type = fields[i].dataType();
      headings.add(
          new Heading(fields[i].name(), type.catalogString(), type instanceof NumericType));
    }
    int wanted = Math.max(0, Math.min(settings.numRows(), most));
    List<Row> found = texts(view, fields, shown, limit).takeAsList(wanted + 1);
    boolean isUtc = isUtc(view.sparkSession().conf().get("spark.sql.session.timeZone"));
    List<List<String>> rows = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    int characters = 0;
    for (Row row : found.subList(0, Math.min(wanted, found.size()))) {
      List<String> values = new ArrayList<>();
      for (int i = 0; i < shown; i++) {
        String text = text(row.get(i), fields[i].dataType(), isUtc);
        String value = text == null ? null : redaction.apply(cut(text, limit));
        values.add(value);
        characters += value == null ? 4 : value.length();
      }
      rows.add(values);
      if (characters > MOST_CHARACTERS_OF_ALL) {
        break;
      }
    }
    if (found.size() > rows.size()) {
      notes.add("the first " + count(rows.size(), "row") + "; there are more");
    }
    if (fields.length > shown) {
      notes.add(
          String.format(
              Locale.ROOT,
              "the first %d of %,d columns; name others in a SELECT",
              shown,
              fields.length));
    }
    return new ResultTable(headings, rows, notes);
  }

  static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  /** Whether these are all rows of the view. */
  boolean isWhole() {
    return notes.isEmpty();
  }

  private static int characters(int truncate) {
    return truncate <= 0 ? MOST_CHARACTERS : Math.min(truncate, MOST_CHARACTERS);
  }

  private static boolean isUtc(String zone) {
    return List.of("UTC", "Z", "Etc/UTC", "GMT", "+00:00").contains(zone);
  }

  /** Values as text no longer than needed, so that a long one is not brought here whole. */
  private static Dataset<Row> texts(Dataset<Row> view, StructField[] fields, int shown, int limit) {
    // By number, for names may be there twice or hold dots
    String[] names =
        IntStream.range(0, fields.length).mapToObj(i -> "c" + i).toArray(String[]::new);
    Dataset<Row> named = view.toDF(names);
    Column[] columns = new Column[shown];
    for (int i = 0; i < shown; i++) {
      columns[i] = shortened(named.col(names[i]), fields[i].dataType(), limit).as(names[i]);
    }
    return named.select(columns);
  }

  private static Column shortened(Column column, DataType type, int limit) {
    if (type instanceof NumericType || type instanceof BooleanType) {
      return column;
    }
    // Days too: java.sql.Date has another calendar before 1582, no years before ours, four digits
    boolean isText = type instanceof StringType || type instanceof BinaryType;
    return substring(isText ? column : column.cast("string"), 1, limit + 1);
  }

  private static String text(Object value, DataType type, boolean isUtc) {
    if (value == null) {
      return null;
    }
    if (value instanceof Double || value instanceof Float) {
      return decimal(((Number) value).doubleValue(), String.valueOf(value));
    }
    if (value instanceof BigDecimal number) {
      return number.toPlainString();
    }
    if (value instanceof byte[] bytes) {
      return IntStream.range(0, bytes.length)
          .mapToObj(i -> String.format("%02X", bytes[i]))
          .collect(java.util.stream.Collectors.joining(" ", "[", "]"));
    }
    return type instanceof TimestampType && isUtc ? value + "Z" : String.valueOf(value);
  }

  /** As Arc has it: never an exponent, two decimals at least and ten at most. */
  private static String decimal(double number, String written) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return String.valueOf(number);
    }
    BigDecimal rounded =
        new BigDecimal(written)
            .setScale(MOST_DECIMALS, RoundingMode.HALF_EVEN)
            .stripTrailingZeros();
    return rounded.setScale(Math.max(2, rounded.scale())).toPlainString();
  }

  private static String cut(String text, int limit) {
    if (text.codePointCount(0, text.length()) <= limit) {
      return text;
    }
    String dots = limit < ELLIPSIS.length() + 1 ? "" : ELLIPSIS;
    return text.substring(0, text.offsetByCodePoints(0, limit - dots.length())) + dots;
  }

  /** Both forms. */
  Content render(DisplaySettings settings, String label) {
    return Content.of(TextTable.of(this, label), Content.HTML, HtmlTable.of(this, settings, label));
  }
}
