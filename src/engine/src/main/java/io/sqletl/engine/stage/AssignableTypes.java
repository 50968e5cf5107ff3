package io.sqletl.engine.stage;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimeType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Which types a value may have on its way into a column of another type, when nobody wrote a cast.
 * Spark and Delta cast more: they take 1767225600000 for seconds since 1970, 2 for true, and any
 * bytes for text.
 */
public final class AssignableTypes {

  private AssignableTypes() {}

  /**
   * Whether values of one type mean the same in the other, so that at most their limits, digits and
   * spelling are left to check. The list is closed: a type that it does not know is no other.
   *
   * @param from a type that is no list, map or struct unless the other one is another kind
   */
  static boolean allow(DataType from, DataType to) {
    if (DataType.equalsIgnoreNullability(from, to) || from instanceof NullType) {
      return true;
    }
    if (from instanceof NumericType || from instanceof BooleanType) {
      return to instanceof NumericType || to instanceof StringType;
    }
    if (from instanceof StringType) {
      return to instanceof StringType
          || to instanceof NumericType
          || to instanceof BooleanType
          || to instanceof BinaryType
          || isTime(to);
    }
    return isTime(from) && isTime(to) || to instanceof StringType && hasText(from);
  }

  private static boolean isTime(DataType type) {
    return type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  /** Whether there is one text for a value; bytes may be no text at all. */
  private static boolean hasText(DataType type) {
    if (type instanceof ArrayType list) {
      return hasText(list.elementType());
    }
    if (type instanceof MapType map) {
      return hasText(map.keyType()) && hasText(map.valueType());
    }
    if (type instanceof StructType struct) {
      return Arrays.stream(struct.fields()).allMatch(field -> hasText(field.dataType()));
    }
    return type instanceof NumericType
        || type instanceof BooleanType
        || type instanceof StringType
        || type instanceof TimeType
        || isTime(type);
  }

  /**
   * Refuses values that would be cast into something else without a word.
   *
   * @param differences between what is written and the table
   * @param subject who cannot write, and of which view: the beginning of a sentence
   * @throws StageException that names the columns, both types, and what to write instead
   */
  public static void require(TypeDifferences differences, String subject) {
    if (differences.foreign().isEmpty()) {
      return;
    }
    throw new StageException(
        subject
            + ": "
            + differences.foreign().stream()
                .map(
                    foreign ->
                        "'"
                            + foreign.path()
                            + "' is "
                            + foreign.view().sql()
                            + " there and "
                            + foreign.table().sql()
                            + " in the table")
                .collect(Collectors.joining(", "))
            + ". Such values are not converted unless the job says how: cast them in a SQLTransform"
            + example(differences.foreign().get(0))
            + ", or load into another column.");
  }

  private static String example(TypeDifferences.Foreign foreign) {
    DataType from = foreign.view();
    DataType to = foreign.table();
    String path = foreign.path();
    // What is in a list or a map has a name in a lambda alone
    String value = path.matches(".*\\.(element|key|value)(\\..*)?") ? "x" : path;
    if (from instanceof NumericType && to instanceof DateType) {
      return example("to_date(string(%1$s), 'yyyyMMdd') or date_from_unix_date(%1$s)", value);
    }
    if (from instanceof NumericType && isTime(to)) {
      return example(
          "timestamp_seconds(%1$s), timestamp_millis(%1$s) or to_timestamp(string(%1$s),"
              + " 'yyyyMMdd')",
          value);
    }
    if (from instanceof NumericType && to instanceof BooleanType) {
      return example("%1$s <> 0", value);
    }
    if (from instanceof DateType && to instanceof NumericType) {
      return example("unix_date(%1$s) or int(date_format(%1$s, 'yyyyMMdd'))", value);
    }
    if (isTime(from) && to instanceof NumericType) {
      return example("unix_seconds(%1$s) or unix_millis(%1$s)", value);
    }
    if (from instanceof BinaryType && to instanceof StringType) {
      return example(
          "hex(%1$s), base64(%1$s) or, for bytes in UTF-8, decode(%1$s, 'UTF-8')", value);
    }
    return "";
  }

  private static String example(String expression, String value) {
    return ", as in " + String.format(expression, value);
  }
}
