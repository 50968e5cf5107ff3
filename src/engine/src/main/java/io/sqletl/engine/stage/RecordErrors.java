package io.sqletl.engine.stage;

import io.sqletl.engine.typing.RejectedValue;
import io.sqletl.engine.typing.RejectedValues;
import java.io.Serializable;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Counts malformed records as a task reads them, and says where they stand. Public because the code
 * that Spark generates calls it; made by {@link RecordAccount} only.
 *
 * <p>A record is told from all others by its file, the part of it that the task reads, and its
 * number there: nothing has to be counted before, and one that is read again is the same.
 */
public final class RecordErrors implements Serializable {

  private static final ArrayData NONE = new GenericArrayData(new Object[0]);

  private final boolean fails;
  private final LineLayout layout;
  private final RejectedValues rejected;
  private transient UTF8String file;
  private transient long block;
  private transient long index;

  /**
   * @param fails whether the first malformed record ends the run
   * @param layout what leads from numbers of records to lines
   * @param rejected told every malformed record
   */
  RecordErrors(boolean fails, LineLayout layout, RejectedValues rejected) {
    this.fails = fails;
    this.layout = layout;
    this.rejected = rejected;
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
    return new GenericArrayData(new Object[] {error(problem)});
  }

  private String place(RejectedValue value) {
    if (value.file() == null) {
      return "A text of the view";
    }
    RecordLines lines = new RecordLines(SparkHadoopUtil.get().conf());
    String place = lines.place(value, layout).render(0);
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
