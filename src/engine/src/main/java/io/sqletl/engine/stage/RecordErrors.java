package io.sqletl.engine.stage;

import io.sqletl.engine.typing.AdjustedValues;
import io.sqletl.engine.typing.RejectedValue;
import io.sqletl.engine.typing.RejectedValues;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Counts malformed records as a task reads them, and says where they stand. Public because the code
 * that Spark generates calls it; made by {@link RecordAccount} only.
 *
 * <p>A record is told from all others by its file, the part of it that the task reads, and its
 * number there: nothing has to be counted before, and one that is read again is the same.
 */
public final class RecordErrors implements Serializable {

  private static final StructType PROBLEM =
      new StructType()
          .add("field", DataTypes.StringType, false)
          .add("message", DataTypes.StringType, false)
          .add("value", DataTypes.StringType, true)
          .add("target", DataTypes.StringType, true)
          .add("line", DataTypes.LongType, false)
          .add("numberOnLine", DataTypes.IntegerType, false)
          .add("change", DataTypes.StringType, true);

  /**
   * What a reader that knows fields says of a record: of each problem the field, which is empty for
   * the record, the message, the text that was found and what it should have been, both of which
   * may be null, the line in the part of the file, from 1, the number of the malformed record on
   * that line, from 0, and for a value that is no error what became of it, a name of {@link
   * AdjustedValues.Change}.
   */
  public static final DataType PROBLEMS = DataTypes.createArrayType(PROBLEM, false);

  /** So many problems of records on one line are told apart. */
  private static final int MOST_FIELDS = 1 << 12;

  private static final int CHANGE = PROBLEM.fieldIndex("change");

  /** Where a value stands in an array. */
  private static final Pattern PLACE = Pattern.compile("\\[\\d+]");

  private static final ArrayData NONE = new GenericArrayData(new Object[0]);

  private final boolean fails;
  private final LineLayout layout;
  private final RejectedValues rejected;
  private final AdjustedValues adjusted;
  private transient UTF8String file;
  private transient long block;
  private transient long index;
  private transient boolean hasToldOfEncoding;

  /**
   * @param fails whether the first malformed record ends the run
   * @param layout what leads from numbers of records to lines
   * @param rejected told every malformed record
   * @param adjusted told every value that is taken with fewer digits than it has
   */
  RecordErrors(boolean fails, LineLayout layout, RejectedValues rejected, AdjustedValues adjusted) {
    this.fails = fails;
    this.layout = layout;
    this.rejected = rejected;
    this.adjusted = adjusted;
  }

  /**
   * The record's {@code _errors}. Called once for each record, in their order.
   *
   * @param problem what is wrong with it; null for a good one
   * @throws MalformedRecord for one that is not good, where the job asks for it
   */
  public ArrayData of(UTF8String problem) {
    UTF8String current = InputFileBlockHolder.getInputFilePath();
    // A part of a file has its name as an object of its own
    if (current != file) {
      file = current;
      block = InputFileBlockHolder.getStartOffset();
      index = 0;
    }
    index++;
    return problem == null ? NONE : at(index, problem);
  }

  /**
   * The same, for a reader that knows the line in its part of the file, from 1.
   *
   * @throws MalformedRecord as above
   */
  public ArrayData at(long line, UTF8String problem) {
    if (problem == null) {
      return NONE;
    }
    UTF8String current = InputFileBlockHolder.getInputFilePath();
    String name = current == null || current.numBytes() == 0 ? null : current.toString();
    Long start = name == null ? null : InputFileBlockHolder.getStartOffset();
    RejectedValue value =
        RejectedValue.ofRecord(name, start, name == null ? null : line, problem.toString());
    if (fails) {
      throw new MalformedRecord(place(value), value.message());
    }
    rejected.add(value);
    if (name != null) {
      MalformedPlace.read(value.message(), () -> place(value));
    }
    return new GenericArrayData(new Object[] {error(problem)});
  }

  /**
   * The same of problems of single fields, for a reader that knows lines and fields.
   *
   * @param problems of the type {@link #PROBLEMS}; empty for a good record
   * @throws MalformedRecord as above
   */
  public ArrayData ofFields(ArrayData problems) {
    int count = problems.numElements();
    if (count == 0) {
      return NONE;
    }
    UTF8String current = InputFileBlockHolder.getInputFilePath();
    String name = current == null || current.numBytes() == 0 ? null : current.toString();
    List<Object> errors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      InternalRow problem = problems.getStruct(i, PROBLEM.length());
      if (!problem.isNullAt(CHANGE)) {
        adjusted.add(adjusted(problem, name));
        continue;
      }
      RejectedValue value = value(name, problem, i);
      if (fails) {
        throw new MalformedRecord(
            place(value),
            value.field().isEmpty() ? value.message() : value.field() + ": " + value.message());
      }
      rejected.add(value);
      errors.add(
          new GenericInternalRow(
              new Object[] {problem.getUTF8String(0).copy(), problem.getUTF8String(1).copy()}));
    }
    return errors.isEmpty() ? NONE : new GenericArrayData(errors.toArray());
  }

  /**
   * Tells of an answer of a server that is read in another encoding than its bytes are in; of a
   * task the first one, since all of a server are alike.
   *
   * @param address of which a query, which may hold a secret, is left out
   * @param charset the encoding that it is read in
   */
  public void tellOfEncoding(String address, String charset) {
    if (!hasToldOfEncoding) {
      hasToldOfEncoding = true;
      int query = address.indexOf('?');
      adjusted.add(
          new AdjustedValues.Value(
              query < 0 ? address : address.substring(0, query),
              charset,
              AdjustedValues.Change.OTHER_ENCODING,
              ""));
    }
  }

  /** A value as the column has it, whatever the place in an array. */
  private static AdjustedValues.Value adjusted(InternalRow problem, String file) {
    AdjustedValues.Change change =
        AdjustedValues.Change.valueOf(problem.getUTF8String(CHANGE).toString());
    if (change == AdjustedValues.Change.NOT_READ) {
      return new AdjustedValues.Value(
          problem.getUTF8String(0).toString(),
          "",
          change,
          file == null ? "a text of the view" : file);
    }
    return new AdjustedValues.Value(
        PLACE.matcher(problem.getUTF8String(0).toString()).replaceAll("[]"),
        problem.getUTF8String(3).toString(),
        change,
        problem.getUTF8String(2).toString());
  }

  private static RejectedValue value(String file, InternalRow problem, int i) {
    String field = problem.getUTF8String(0).toString();
    String message = problem.getUTF8String(1).toString();
    String text = problem.isNullAt(2) ? null : problem.getUTF8String(2).toString();
    String target = problem.isNullAt(3) ? null : problem.getUTF8String(3).toString();
    boolean says = target == null;
    return new RejectedValue(
        file,
        file == null ? null : InputFileBlockHolder.getStartOffset(),
        file == null ? null : problem.getLong(4),
        problem.getInt(5) * MOST_FIELDS + i,
        says ? "" : field,
        text,
        target,
        says && !field.isEmpty() ? field + ": " + message : message);
  }

  private String place(RejectedValue value) {
    if (value.file() == null) {
      return "A text of the view";
    }
    RejectedValue unnamed =
        RejectedValue.ofRecord(value.file(), value.block(), value.index(), value.message());
    RecordLines lines = new RecordLines(SparkHadoopUtil.get().conf());
    String place = lines.place(unnamed, layout).render(0);
    return place.substring(0, place.length() - value.message().length() - ": ".length());
  }

  private static InternalRow error(UTF8String problem) {
    return new GenericInternalRow(new Object[] {UTF8String.EMPTY_UTF8, problem.copy()});
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RecordErrors errors && errors.rejected == rejected;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(rejected);
  }

  @Override
  public String toString() {
    return "errors of records";
  }
}
