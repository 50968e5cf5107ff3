package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.files.PathPattern;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * How the first records of a file of delimited text write quotes and NULL, where they show that it
 * is not as a load does: no reader reads both with the same keys.
 *
 * @param file that is there
 * @param columns how many it has
 * @param options of Spark's writer
 * @param records its first ones, read with the quotes of the load
 */
record DelimitedForms(
    Path file, int columns, Map<String, String> options, SparkSession spark, List<Row> records) {

  private static final int SAMPLED_RECORDS = 200;

  private static final Map<String, String> QUOTES = Map.of("\"", "double quotes", "'", "quotes '");

  /** Texts that nobody writes for themselves. */
  private static final List<String> SIGNS_OF_NULL = List.of("\\N", "NULL", "null");

  private static final String OTHER_COUNT = "_corrupt_record";

  /** Reads the first records of a file. */
  static DelimitedForms of(
      Path file, int columns, Map<String, String> options, SparkSession spark) {
    DelimitedForms unread = new DelimitedForms(file, columns, options, spark, List.of());
    return new DelimitedForms(file, columns, options, spark, unread.sample(options.get("quote")));
  }

  /**
   * The quotes of the file, where they are others than those of the load.
   *
   * @return what a message calls them; nothing where the records do not show it
   */
  Optional<String> otherQuotes() {
    String own = options.get("quote");
    boolean isWhole = areWhole(records);
    return QUOTES.keySet().stream()
        .filter(quote -> !quote.equals(own))
        .filter(quote -> isWhole ? areQuoted(quote) : areWhole(sample(quote)))
        .map(QUOTES::get)
        .findFirst();
  }

  private boolean areWhole(List<Row> sample) {
    return sample.stream().allMatch(row -> row.isNullAt(columns));
  }

  private boolean areQuoted(String quote) {
    List<String> values =
        records.stream()
            .flatMap(row -> IntStream.range(0, columns).mapToObj(row::getString))
            .filter(Objects::nonNull)
            .toList();
    return !values.isEmpty()
        && values.stream()
            .allMatch(
                value -> value.length() > 1 && value.startsWith(quote) && value.endsWith(quote));
  }

  /**
   * Rows to count that have NULL, where the file has another sign for it than the load.
   *
   * @param written the columns of the rows
   */
  List<LossyValues.Kind> nulls(List<StructField> written) {
    String own = options.getOrDefault("nullValue", "");
    if (has(own)) {
      return List.of();
    }
    boolean hasQuotes = QUOTES.containsKey(options.get("quote"));
    return SIGNS_OF_NULL.stream()
        .filter(sign -> !sign.equals(own) && has(sign))
        .findFirst()
        // Without quotes an empty text is nothing between delimiters too
        .or(() -> Optional.of("").filter(none -> hasQuotes && !own.isEmpty() && has(none)))
        .flatMap(
            there ->
                written.stream()
                    .map(column -> ColumnName.column(column.name()).isNull())
                    .reduce(Column::or)
                    .map(isNull -> kind(isNull, there, own)))
        .map(List::of)
        .orElse(List.of());
  }

  private LossyValues.Kind kind(Column isNull, String there, String own) {
    return new LossyValues.Kind(
        isNull,
        "with NULL, written as "
            + shown(own)
            + ", join the file '"
            + file.getName()
            + "', which seems to have "
            + shown(there)
            + " for it, so that no reader takes both for NULL",
        there.isEmpty()
            ? "take \"nullValue\" out, or write into another folder"
            : "set \"nullValue\": \""
                + there.replace("\\", "\\\\")
                + "\", or write into another"
                + " folder");
  }

  private static String shown(String sign) {
    return sign.isEmpty() ? "nothing between delimiters" : "'" + sign + "'";
  }

  /**
   * @param sign empty for nothing between delimiters
   */
  private boolean has(String sign) {
    return records.stream()
        .filter(row -> row.isNullAt(columns))
        .flatMap(row -> IntStream.range(0, columns).mapToObj(row::getString))
        .anyMatch(value -> sign.isEmpty() ? value == null : sign.equals(value));
  }

  /** The values of the records, and behind them the record if it has another number of values. */
  private List<Row> sample(String quote) {
    Map<String, String> reading = new TreeMap<>(options);
    if (Objects.equals(reading.get("escape"), reading.get("quote"))) {
      reading.put("escape", quote);
    }
    reading.put("quote", quote);
    reading.put("header", "false");
    reading.put("multiLine", "true");
    // No value is this text, so that nothing between delimiters alone is NULL
    reading.put("nullValue", "\u0000NULL");
    reading.put("columnNameOfCorruptRecord", OTHER_COUNT);
    StructType schema = new StructType();
    for (int i = 0; i < columns; i++) {
      schema = schema.add("_c" + i, DataTypes.StringType);
    }
    return spark
        .read()
        .format("csv")
        .options(reading)
        .schema(schema.add(OTHER_COUNT, DataTypes.StringType))
        .load(PathPattern.literal(file))
        .takeAsList(SAMPLED_RECORDS);
  }
}
