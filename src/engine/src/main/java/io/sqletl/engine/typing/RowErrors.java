package io.sqletl.engine.typing;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Says what is wrong with a row that typing found an error in, by typing its texts once more.
 * Public because the code that Spark generates calls it; made and used by {@link Typing} only.
 */
public final class RowErrors implements Serializable {

  /** What callers pass for the row index when the input has none. */
  static final long NO_INDEX = -1;

  /** The field and the message. */
  private static final int FIELDS = 2;

  private final List<Typer> typers;
  private final RejectedValues rejected;

  /**
   * @param typers of the text columns, in the order of the columns
   * @param rejected told every error; may be null
   */
  RowErrors(List<Typer> typers, RejectedValues rejected) {
    this.typers = List.copyOf(typers);
    this.rejected = rejected;
  }

  /**
   * The row's {@code _errors}.
   *
   * @param ofRecord what is wrong with the record as a whole; they come first
   * @param texts what the text columns hold
   * @param file the row's {@code _filename}; null when it has none
   * @param index the row's {@code _index}; {@link #NO_INDEX} when it has none
   * @throws TypingException at an error of a column that may not be null
   */
  public ArrayData of(ArrayData ofRecord, ArrayData texts, UTF8String file, long index) {
    List<InternalRow> errors = new ArrayList<>();
    for (int i = 0; i < ofRecord.numElements(); i++) {
      errors.add(ofRecord.getStruct(i, FIELDS).copy());
    }
    for (int i = 0; i < typers.size(); i++) {
      Typer typer = typers.get(i);
      UTF8String text = text(texts, i);
      String message = typer.error(text);
      if (message != null && !typer.column().nullable()) {
        throw Typer.notNullable(rejectedValue(i, typer.meant(text), message, null, NO_INDEX));
      }
      if (message != null) {
        UTF8String field = UTF8String.fromString(typer.column().name());
        errors.add(new GenericInternalRow(new Object[] {field, UTF8String.fromString(message)}));
        if (rejected != null) {
          rejected.add(rejectedValue(i, typer.meant(text), message, file, index));
        }
      }
    }
    return new GenericArrayData(errors.toArray());
  }

  /**
   * Ends the run at a row with an error.
   *
   * @throws TypingException always
   */
  public boolean refuse(ArrayData ofRecord, ArrayData texts) {
    List<String> errors = new ArrayList<>();
    RejectedValue first = null;
    for (int i = 0; i < ofRecord.numElements(); i++) {
      InternalRow error = ofRecord.getStruct(i, FIELDS);
      errors.add("[" + error.getUTF8String(0) + "," + error.getUTF8String(1) + "]");
    }
    for (int i = 0; i < typers.size(); i++) {
      String message = typers.get(i).error(text(texts, i));
      if (message != null) {
        errors.add("[" + typers.get(i).column().name() + "," + message + "]");
        first =
            first == null
                ? rejectedValue(i, typers.get(i).meant(text(texts, i)), message, null, NO_INDEX)
                : first;
      }
    }
    throw new TypingException(
        errors.stream()
            .collect(
                Collectors.joining(
                    ", ",
                    "TypingTransform with failMode equal to 'failfast' cannot continue due to row"
                        + " with error(s): [",
                    "].")),
        first);
  }

  private static UTF8String text(ArrayData texts, int i) {
    return texts.isNullAt(i) ? null : texts.getUTF8String(i);
  }

  private RejectedValue rejectedValue(
      int position, UTF8String value, String message, UTF8String file, long index) {
    Typer typer = typers.get(position);
    return new RejectedValue(
        file == null ? null : file.toString(),
        index == NO_INDEX ? null : index,
        position,
        typer.column().name(),
        value == null ? null : value.toString(),
        value == null ? typer.target() : typer.target(value.toString()),
        message);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowErrors errors
        && errors.typers.equals(typers)
        && errors.rejected == rejected;
  }

  @Override
  public int hashCode() {
    return Objects.hash(typers, System.identityHashCode(rejected));
  }

  @Override
  public String toString() {
    return "errors of " + typers.size() + " columns";
  }
}
