package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.core.io.schubfach.DoubleToDecimal;
import com.fasterxml.jackson.core.io.schubfach.FloatToDecimal;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.catalyst.expressions.KnownNotNull;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimeType;

/** Values of types that a format of text has no way to write. */
public final class TextValues {

  /** Times to the microsecond; Spark's own patterns cut them to milliseconds. */
  public static final Map<String, String> TIMES =
      Map.of(
          "timestampFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXXXX",
          "timestampNTZFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

  /** From this scale on, Java writes small decimals with an exponent. */
  static final int SCALE_OF_EXPONENTS = 7;

  /** The shortest text that is this number, as Java writes it from 19 on; before, it differs. */
  private static final UserDefinedFunction OF_DOUBLE =
      udf(
          (UDF1<Double, String>) number -> number == null ? null : DoubleToDecimal.toString(number),
          DataTypes.StringType);

  private static final UserDefinedFunction OF_FLOAT =
      udf(
          (UDF1<Float, String>) number -> number == null ? null : FloatToDecimal.toString(number),
          DataTypes.StringType);

  private static final String REMEDY =
      "Repair it with make_valid_utf8(…), or write the bytes as they are, as binary.";

  private TextValues() {}

  /** Numbers, bytes and times of day as a text that is the same everywhere and can be typed. */
  static Column plain(Column value, StructField field) {
    DataType type = field.dataType();
    if (type instanceof DoubleType) {
      return OF_DOUBLE.apply(value);
    }
    if (type instanceof FloatType) {
      return OF_FLOAT.apply(value);
    }
    if (type instanceof BinaryType) {
      return base64(value);
    }
    return type instanceof DecimalType decimal && decimal.scale() >= SCALE_OF_EXPONENTS
        ? value.cast(DataTypes.StringType)
        : timeOfDay(value, field);
  }

  static Column timeOfDay(Column value, StructField field) {
    return field.dataType() instanceof TimeType ? value.cast(DataTypes.StringType) : value;
  }

  /**
   * Refuses bytes that are no text: a writer of text would put U+FFFD in their place, and other
   * programs cannot read a binary file that holds them. A column that is never null stays so, as
   * files say it.
   */
  static Column encoded(Column value, StructField field, String type) {
    return Guard.anyText(value, field.dataType(), MalformedText::in)
        .map(
            isWrong ->
                Guard.against(value, isWrong, new MalformedMessage(problem(field, type), REMEDY)))
        .map(guarded -> field.nullable() ? guarded : neverNull(guarded))
        .orElse(value);
  }

  /** Spark takes an expression that may end the query for one that may be null. */
  private static Column neverNull(Column value) {
    return ExpressionUtils.column(new KnownNotNull(ExpressionUtils.expression(value)));
  }

  /**
   * The same for what is no load: it fails wherever the value is computed, with an exception of its
   * own, since nothing is there that would find the message of a guard.
   *
   * @param type the stage type, for the message
   */
  public static Column sound(Column value, StructField field, String type) {
    return Guard.anyText(value, field.dataType(), MalformedText::in)
        .map(
            isWrong ->
                when(
                        new TextRefusal(problem(field, type) + ". " + REMEDY).unless(isWrong),
                        lit(null))
                    .otherwise(value))
        .orElse(value);
  }

  /**
   * The same of all columns, for code of Java's that gets rows: its texts cannot hold such bytes.
   *
   * @return the columns by their places, under other names
   */
  public static Dataset<Row> sound(Dataset<Row> rows, String type) {
    StructField[] fields = rows.schema().fields();
    String[] places = new String[fields.length];
    Column[] columns = new Column[fields.length];
    for (int i = 0; i < fields.length; i++) {
      // Names may differ in case only
      places[i] = InternalColumn.PREFIX + i;
      columns[i] = sound(ColumnName.column(places[i]), fields[i], type).as(places[i]);
    }
    return rows.toDF(places).select(columns);
  }

  private static String problem(StructField field, String type) {
    return type + " cannot write the column '" + field.name() + "': a value is not valid UTF-8";
  }
}
