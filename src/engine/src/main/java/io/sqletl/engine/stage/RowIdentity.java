package io.sqletl.engine.stage;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.RowOrdering;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * When rows of two frames are the same: when the JSON texts of their fields are, names and order
 * included, a null being the same as no field. Where the fields are of the same names and types the
 * values are compared, which comes to the same and spares the texts; but times are then compared
 * whole, and not to the millisecond as in their texts. Maps have no order either way.
 */
public enum RowIdentity {
  VALUES {
    @Override
    public Column of(StructType schema, List<String> columns, List<String> names) {
      return struct(columns(schema, columns, names, SortedMaps::asEntries));
    }
  },
  JSON {
    @Override
    public Column of(StructType schema, List<String> columns, List<String> names) {
      Column text =
          columns.isEmpty()
              ? lit("{}")
              : to_json(struct(columns(schema, columns, names, SortedMaps::asMaps)));
      return sha2(text, DIGEST_BITS);
    }
  };

  private static final int DIGEST_BITS = 512;

  /** The way to compare these columns of one frame with those of another. */
  public static RowIdentity between(
      Dataset<Row> left, List<String> leftColumns, Dataset<Row> right, List<String> rightColumns) {
    return between(left, leftColumns, right, rightColumns, rightColumns);
  }

  /**
   * The same where the right columns are meant by other names.
   *
   * @param rightNames of the right columns, in their order
   */
  public static RowIdentity between(
      Dataset<Row> left,
      List<String> leftColumns,
      Dataset<Row> right,
      List<String> rightColumns,
      List<String> rightNames) {
    boolean same =
        leftColumns.equals(rightNames)
            && !leftColumns.isEmpty()
            && types(left.schema(), leftColumns).equals(types(right.schema(), rightColumns));
    boolean comparable =
        same && leftColumns.stream().allMatch(name -> isComparable(type(left.schema(), name)));
    return comparable ? VALUES : JSON;
  }

  /**
   * A column that is never null, and equal for rows that are the same.
   *
   * @param schema of the frame
   */
  public Column of(StructType schema, List<String> columns) {
    return of(schema, columns, columns);
  }

  /**
   * The same of columns that are meant by other names.
   *
   * @param names of the columns, in their order
   */
  public abstract Column of(StructType schema, List<String> columns, List<String> names);

  private static Column[] columns(
      StructType schema,
      List<String> columns,
      List<String> names,
      BiFunction<Column, DataType, Column> inOrder) {
    Column[] named = new Column[names.size()];
    for (int i = 0; i < named.length; i++) {
      String column = columns.get(i);
      named[i] = inOrder.apply(ColumnName.column(column), type(schema, column)).as(names.get(i));
    }
    return named;
  }

  /** Whether values can be compared once their maps are lists. */
  private static boolean isComparable(DataType type) {
    if (type instanceof MapType map) {
      return isComparable(map.keyType()) && isComparable(map.valueType());
    }
    if (type instanceof ArrayType list) {
      return isComparable(list.elementType());
    }
    return type instanceof StructType struct
        ? Arrays.stream(struct.fields()).allMatch(field -> isComparable(field.dataType()))
        : RowOrdering.isOrderable(type);
  }

  /** The types, whatever may be null in them. */
  private static List<String> types(StructType schema, List<String> columns) {
    return columns.stream()
        .map(name -> type(schema, name).catalogString())
        .collect(Collectors.toList());
  }

  private static DataType type(StructType schema, String name) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.name().equals(name))
        .map(StructField::dataType)
        .findFirst()
        .orElseThrow();
  }
}
