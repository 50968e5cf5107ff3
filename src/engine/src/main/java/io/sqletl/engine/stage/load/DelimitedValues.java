package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.DelimitedFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.csv.CSVExprUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What delimited text makes of values.
 *
 * @param keys how it is written
 * @param separator what stands between two values, as Spark takes it
 */
record DelimitedValues(DelimitedLoad keys, String separator) implements FormatRules.Values {

  /** What the encodings lack that cannot hold all characters. */
  private static final Map<String, String> NOT_IN =
      Map.of("US-ASCII", "[^\\x00-\\x7F]", "ISO-8859-1", "[^\\x00-\\xFF]");

  @Override
  public Column written(Column value, StructField field) {
    return TextValues.plain(value, field);
  }

  @Override
  public Column guarded(Column value, StructField field, String type) {
    if (!(field.dataType() instanceof StringType)) {
      return value;
    }
    Column guarded = TextValues.encoded(value, field, type);
    String column = type + " cannot write the column '" + field.name() + "'";
    if (keys.format().quote() == DelimitedFormat.Quote.NONE) {
      guarded =
          Guard.against(
              guarded,
              value
                  .contains(lit(CSVExprUtils.toDelimiterStr(separator)))
                  // Spark takes # at the start of a line for a comment, and would quote it
                  .or(value.rlike("[\\r\\n\\x00]|^#")),
              column
                  + " without quotes: a value holds the delimiter, a line end or NUL, or begins"
                  + " with #. Choose a \"quote\" or another \"delimiter\".",
              value);
    }
    String delimiter = CSVExprUtils.toDelimiterStr(separator);
    if (delimiter.length() > 1) {
      // Such a value is written without quotes, and its end and the delimiter are read as one
      Column ends = lit(false);
      for (int i = 1; i < delimiter.length(); i++) {
        ends = ends.or(value.endsWith(lit(delimiter.substring(0, i))));
      }
      guarded =
          Guard.against(
              guarded,
              ends,
              column
                  + ": a value ends as the delimiter begins, so that readers would cut it elsewhere."
                  + " Choose another delimiter.",
              value);
    }
    Optional<String> missing =
        Optional.ofNullable(NOT_IN.get(keys.encoding().toUpperCase(Locale.ROOT)));
    if (missing.isPresent()) {
      guarded =
          Guard.against(
              guarded,
              value.rlike(missing.get()),
              column
                  + " in "
                  + keys.encoding()
                  + ", which lacks a character of it. Choose \"encoding\": \"UTF-8\".",
              value);
    }
    if (keys.nullValue().isPresent()) {
      guarded =
          Guard.against(
              guarded,
              value.equalTo(lit(keys.nullValue().get())),
              column + ": a value is the text that stands for NULL. Choose another \"nullValue\".",
              value);
    }
    return guarded;
  }

  /** A line of nothing is no record to most readers, so the one column of a file is never that. */
  @Override
  public Column ofOnlyColumn(Column value, StructField field, String type) {
    boolean quotes = keys.format().quote() != DelimitedFormat.Quote.NONE;
    Column text = value.cast(DataTypes.StringType);
    if (quotes) {
      return keys.nullValue().isPresent() ? value : coalesce(text, lit(""));
    }
    Column isEmpty = text.equalTo(lit(""));
    return Guard.against(
        value,
        keys.nullValue().isPresent() ? isEmpty : isEmpty.or(value.isNull()),
        type
            + " cannot write the only column '"
            + field.name()
            + "' without quotes: NULL or an empty text would be a blank line, which readers pass"
            + " over. Choose a \"quote\", or a \"nullValue\" for NULL.",
        null);
  }

  @Override
  public List<LossyValues.Kind> lossy(StructType columns, String zone) {
    List<LossyValues.Kind> kinds = new ArrayList<>(OffsetsOfSeconds.of(columns, zone));
    kinds.addAll(LateYears.of(columns));
    kinds.addAll(empties(columns));
    return kinds;
  }

  private List<LossyValues.Kind> empties(StructType columns) {
    if (keys.format().quote() == DelimitedFormat.Quote.NONE) {
      return keys.nullValue().isPresent() ? List.of() : withoutQuotes(columns);
    }
    return FormatRules.only(columns)
        .filter(field -> field.dataType() instanceof StringType)
        .map(this::ofOnlyColumn)
        .orElse(List.of());
  }

  private List<LossyValues.Kind> ofOnlyColumn(StructField field) {
    Column value = ColumnName.column(field.name());
    List<LossyValues.Kind> kinds = new ArrayList<>();
    kinds.add(
        new LossyValues.Kind(
            value.rlike("^[ \\t]+$"),
            "of blanks in the only column '"
                + field.name()
                + "' written as blank lines, which readers pass over",
            "write a second column beside it, or JSON"));
    if (keys.nullValue().isEmpty()) {
      kinds.add(
          new LossyValues.Kind(
              value.isNull(),
              "of NULL in the only column '"
                  + field.name()
                  + "' written as an empty text, as a blank line is no record",
              "give a \"nullValue\", such as \\N, to tell the two apart"));
    }
    return kinds;
  }

  private static List<LossyValues.Kind> withoutQuotes(StructType columns) {
    return Arrays.stream(columns.fields())
        .filter(field -> field.dataType() instanceof StringType)
        .map(
            field ->
                new LossyValues.Kind(
                    ColumnName.column(field.name()).equalTo(""),
                    "of empty texts in the column '"
                        + field.name()
                        + "' written as nothing, which is read as NULL",
                    "give a \"quote\", or a \"nullValue\" to tell the two apart"))
        .toList();
  }
}
