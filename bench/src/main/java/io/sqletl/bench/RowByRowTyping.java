package io.sqletl.bench;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/**
 * Typing as Arc's design has it: a function from row to row. It leaves generated code, boxes every
 * value, grows a list for each row, and learns from an exception that a text is no number. Counters
 * for rows, values and errors go along, as they do there.
 */
final class RowByRowTyping implements MapFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private static final StructType ERROR =
      new StructType()
          .add("field", DataTypes.StringType, false)
          .add("message", DataTypes.StringType, false);

  private final StructType schema;
  private final String datePattern;
  private final LongAccumulator rows;
  private final LongAccumulator values;
  private final LongAccumulator errors;
  private transient DateTimeFormatter formatter;

  private RowByRowTyping(Dataset<Row> text, StructType schema, String datePattern) {
    this.schema = schema;
    this.datePattern = datePattern;
    this.rows = text.sparkSession().sparkContext().longAccumulator();
    this.values = text.sparkSession().sparkContext().longAccumulator();
    this.errors = text.sparkSession().sparkContext().longAccumulator();
  }

  /** Types the columns of the schema by position, keeps those after them, and adds the errors. */
  static Dataset<Row> apply(Dataset<Row> text, StructType schema, String datePattern) {
    StructType output = schema;
    for (int i = schema.size(); i < text.schema().size(); i++) {
      output = output.add(text.schema().apply(i));
    }
    output =
        output.add(
            new StructField(
                "_errors", DataTypes.createArrayType(ERROR, false), true, Metadata.empty()));
    return text.map(new RowByRowTyping(text, schema, datePattern), Encoders.row(output));
  }

  @Override
  public Row call(Row text) {
    List<Object> typed = new ArrayList<>();
    List<Row> rowErrors = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      StructField field = schema.apply(i);
      String value = text.getString(i);
      if (value != null && !field.dataType().equals(DataTypes.StringType)) {
        value = value.trim();
      }
      Object result = null;
      if (value != null && !value.isEmpty()) {
        try {
          result = parse(value, field.dataType());
        } catch (ArithmeticException | DateTimeException | NumberFormatException e) {
          rowErrors.add(RowFactory.create(field.name(), message(value, field.dataType())));
        }
      }
      typed.add(result);
      values.add(1);
    }
    for (int i = schema.size(); i < text.size(); i++) {
      typed.add(text.get(i));
    }
    typed.add(rowErrors.toArray());
    rows.add(1);
    errors.add(rowErrors.size());
    return RowFactory.create(typed.toArray());
  }

  private Object parse(String value, DataType type) {
    if (type instanceof DecimalType decimal) {
      BigDecimal number = new BigDecimal(value).setScale(decimal.scale(), RoundingMode.HALF_UP);
      if (number.precision() > decimal.precision()) {
        throw new ArithmeticException();
      }
      return number;
    }
    if (type.equals(DataTypes.IntegerType)) {
      return Integer.valueOf(value);
    }
    if (type.equals(DataTypes.DateType)) {
      return java.sql.Date.valueOf(LocalDate.parse(value, formatter()));
    }
    return value;
  }

  /** Kept once made, though a formatter cannot be sent to the executors with the function. */
  private DateTimeFormatter formatter() {
    if (formatter == null) {
      formatter =
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(datePattern)
              .toFormatter()
              .withResolverStyle(ResolverStyle.STRICT);
    }
    return formatter;
  }

  private String message(String value, DataType type) {
    return "Unable to convert '"
        + value
        + "' to "
        + type.simpleString()
        + " using formatters ['"
        + (type.equals(DataTypes.DateType) ? datePattern : "#,##0.###;-#,##0.###")
        + "']";
  }
}
