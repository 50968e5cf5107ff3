package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_keys;
import static org.apache.spark.sql.functions.map_values;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Values that a format cannot hold, found while rows are written: the first one ends the load,
 * which then leaves what was there. So good values cost a comparison, and no second pass.
 */
final class Guard {

  private static final String RAISED = "USER_RAISED_EXCEPTION";

  /** Tells messages of guards from errors that a job raises itself. */
  private static final String MARK = "\u200B";

  private Guard() {}

  /**
   * A column that ends the load at a value that must not be written.
   *
   * @param column what is written
   * @param isWrong true for such a value; null and false for others
   * @param shown the value for the message; null for none
   */
  static Column against(Column column, Column isWrong, String message, Column shown) {
    Column text =
        shown == null
            ? lit(MARK + message)
            : concat(lit(MARK + message + " The first such value is "), shown, lit("."));
    return when(isWrong, raise_error(text)).otherwise(column);
  }

  /** The same with a message that is made where the value is. */
  static Column against(Column column, Column isWrong, MalformedMessage message) {
    return when(isWrong, raise_error(concat(lit(MARK), message.of(isWrong)))).otherwise(column);
  }

  /** What is written of a column that needs a guard. */
  interface ByColumn {

    /**
     * @return nothing for a column all of whose values may be written
     */
    Optional<Column> of(Column value, StructField field);
  }

  /** The rows with guards on some of their columns. */
  static Dataset<Row> columns(Dataset<Row> rows, ByColumn guards) {
    List<Column> columns = new ArrayList<>();
    boolean changed = false;
    for (StructField field : rows.schema().fields()) {
      Column value = ColumnName.column(field.name());
      Optional<Column> guarded = guards.of(value, field);
      columns.add(guarded.map(column -> column.as(field.name(), field.metadata())).orElse(value));
      changed |= guarded.isPresent();
    }
    return changed ? rows.select(columns.toArray(Column[]::new)) : rows;
  }

  /** Whether any text in a value of this type, however deep, is wrong; nothing without a text. */
  static Optional<Column> anyText(Column value, DataType type, UnaryOperator<Column> isWrong) {
    return any(value, type, StringType.class::isInstance, isWrong);
  }

  /**
   * Whether any value of some types in a value of this type, however deep, is wrong.
   *
   * @param isMeant whether a value of a type is looked at
   * @return nothing when the type has no such value
   */
  static Optional<Column> any(
      Column value, DataType type, Predicate<DataType> isMeant, UnaryOperator<Column> isWrong) {
    Optional<Column> itself =
        isMeant.test(type) ? Optional.of(isWrong.apply(value)) : Optional.empty();
    return either(itself, within(value, type, isMeant, isWrong));
  }

  private static Optional<Column> within(
      Column value, DataType type, Predicate<DataType> isMeant, UnaryOperator<Column> isWrong) {
    if (type instanceof StructType fields) {
      Optional<Column> any = Optional.empty();
      for (StructField field : fields.fields()) {
        Optional<Column> inside =
            any(value.getField(field.name()), field.dataType(), isMeant, isWrong);
        any = either(any, inside);
      }
      return any;
    }
    if (type instanceof ArrayType list) {
      return in(value, list.elementType(), isMeant, isWrong);
    }
    return type instanceof MapType map
        ? either(
            in(map_keys(value), map.keyType(), isMeant, isWrong),
            in(map_values(value), map.valueType(), isMeant, isWrong))
        : Optional.empty();
  }

  private static Optional<Column> in(
      Column list, DataType element, Predicate<DataType> isMeant, UnaryOperator<Column> isWrong) {
    // Asked for once outside, as the function inside must return a column
    return any(lit(null), element, isMeant, isWrong).isEmpty()
        ? Optional.empty()
        : Optional.of(exists(list, each -> any(each, element, isMeant, isWrong).orElseThrow()));
  }

  private static Optional<Column> either(Optional<Column> one, Optional<Column> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get().or(other.get()))
        : one.or(() -> other);
  }

  /** Runs a write; what a guard says is the message of the failure. */
  static void tell(Runnable write) {
    telling(
        () -> {
          write.run();
          return null;
        });
  }

  /** The same of a write that has a result. */
  static <T> T telling(Supplier<T> write) {
    try {
      return write.get();
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared
      throw said(e)
          .map(message -> (RuntimeException) new StageException(message, e))
          .orElseThrow(() -> unchecked(e));
    }
  }

  /** What a guard said in a failure; nothing for another failure. */
  static Optional<String> said(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SparkThrowable told && RAISED.equals(told.getCondition())) {
        String message = String.valueOf(told.getMessageParameters().get("errorMessage"));
        int mark = message.indexOf(MARK);
        if (mark >= 0) {
          return Optional.of(message.substring(mark + MARK.length()));
        }
      }
    }
    return Optional.empty();
  }

  /** Throws what Spark threw, of which no method says that it is thrown. */
  static <E extends Exception> RuntimeException unchecked(Exception e) throws E {
    @SuppressWarnings("unchecked")
    E undeclared = (E) e;
    throw undeclared;
  }
}
