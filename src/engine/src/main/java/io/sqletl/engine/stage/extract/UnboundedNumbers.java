package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Columns of numbers without a limit, such as PostgreSQL's bare NUMERIC. Spark reads them as
 * decimals of a fixed scale and rounds what is longer; here they are read as text and become the
 * same decimals, and a number that has no place ends the run.
 *
 * @param types of these columns as Spark has them, by their names
 */
record UnboundedNumbers(Map<String, DecimalType> types) {

  /** Of the standard, and of Db2 and H2, whose drivers say a scale of 0. */
  private static final String FLOATING = "DECFLOAT";

  /** More digits behind the point than the type has, in a text without an exponent. */
  private static final String CUT = "\\.\\d{%d}\\d*[1-9]";

  private static final String EXPONENT = "[eE]([+-]?\\d+)$";

  /** The digits behind the point that say something, of a text with an exponent. */
  private static final String FRACTION = "\\.(\\d*?)0*[eE]";

  /**
   * Those among the columns of a table or query.
   *
   * @param schema what Spark makes of it
   * @param except the column that the reading is dealt out by, which has to stay a number, and
   *     those that the job gives a type; null for none
   */
  static UnboundedNumbers find(List<JdbcColumn> columns, StructType schema, List<String> except) {
    Map<String, DecimalType> found = new TreeMap<>();
    for (JdbcColumn column : columns) {
      boolean isNumber = column.type() == Types.NUMERIC || column.type() == Types.DECIMAL;
      Optional<DecimalType> type = decimal(schema, column.name());
      if (isNumber
          && type.isPresent()
          && (column.precision() == 0
              || FLOATING.equalsIgnoreCase(column.typeName())
              || column.scale() > type.get().scale())
          && except.stream().noneMatch(column.name()::equalsIgnoreCase)) {
        found.put(column.name(), type.get());
      }
    }
    return new UnboundedNumbers(found);
  }

  private static Optional<DecimalType> decimal(StructType schema, String name) {
    for (StructField field : schema.fields()) {
      if (field.name().equals(name) && field.dataType() instanceof DecimalType type) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** What Spark's option customSchema says of them, with what the job says of others. */
  Optional<String> customSchema(Optional<String> others) {
    String own =
        types.keySet().stream()
            .map(name -> "`" + name.replace("`", "``") + "` STRING")
            .collect(Collectors.joining(", "));
    return own.isEmpty() ? others : Optional.of(others.map(text -> text + ", ").orElse("") + own);
  }

  /** The rows with their numbers, read as {@link #customSchema} says. */
  Dataset<Row> asNumbers(Dataset<Row> rows) {
    if (types.isEmpty()) {
      return rows;
    }
    List<Column> columns = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      Column value = ColumnName.column(field.name());
      DecimalType type = types.get(field.name());
      columns.add(type == null ? value : number(value, field, type));
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static Column number(Column text, StructField field, DataType type) {
    int scale = ((DecimalType) type).scale();
    Column number = text.try_cast(type);
    Column isWrong = text.isNotNull().and(number.isNull().or(isCut(text, scale)));
    return when(
            isWrong,
            raise_error(
                concat(
                    lit(
                        "JDBCExtract cannot read a number of the column '"
                            + field.name()
                            + "', which has no limit in the database, as "
                            + type.sql()
                            + ": "),
                    text,
                    lit(
                        ". Give it a type in the query, such as cast(… AS numeric(38, 4)), or read"
                            + " it as text with \"customSchema\": \""
                            + field.name()
                            + " STRING\"."))))
        .otherwise(number)
        .cast(DataTypes.createDecimalType(((DecimalType) type).precision(), scale))
        .as(field.name(), field.metadata());
  }

  /** An exponent moves the point: 1.25E+3 has no digit behind it. */
  private static Column isCut(Column text, int scale) {
    Column exponent = regexp_extract(text, EXPONENT, 1).try_cast(DataTypes.IntegerType);
    Column digits = length(regexp_extract(text, FRACTION, 1));
    return when(text.contains("E").or(text.contains("e")), digits.minus(exponent).gt(lit(scale)))
        .otherwise(text.rlike(String.format(CUT, scale)));
  }
}
