package io.sqletl.engine.stage.json;

import io.sqletl.engine.stage.RecordAccount;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;

/** The records of one block as rows of the columns that are asked for. */
final class JsonRows extends AbstractIterator<InternalRow> {

  private static final int PROBLEMS = -1;
  private static final int NUMBER = -2;
  private static final int CORRUPT = -3;

  private static final ArrayData NONE = new GenericArrayData(new Object[0]);

  private final RecordSource source;
  private final JsonRecords records;
  private final int[] places;
  private final DataType[] types;
  private final long text;
  private long number;
  private long lastLine;
  private int numberOnLine;
  private boolean isReady;
  private boolean isOver;

  JsonRows(RecordSource source, JsonReading reading, StructType columns) {
    this(source, reading, columns, 0);
  }

  /**
   * @param text the number of a text of a view, which its records are told by; 0 for files, whose
   *     records are told by their lines
   */
  JsonRows(RecordSource source, JsonReading reading, StructType columns, long text) {
    this.source = source;
    this.text = text;
    this.records = new JsonRecords(reading.root());
    StructField[] fields = columns.fields();
    this.places = new int[fields.length];
    this.types = new DataType[fields.length];
    List<String> known = List.of(reading.root().type().fieldNames());
    for (int i = 0; i < fields.length; i++) {
      String name = fields[i].name();
      places[i] = known.indexOf(name);
      types[i] = fields[i].dataType();
      if (places[i] < 0) {
        places[i] =
            switch (name) {
              case JsonFileFormat.PROBLEMS -> PROBLEMS;
              case RecordAccount.NUMBER -> NUMBER;
              default -> CORRUPT;
            };
      }
    }
  }

  @Override
  public boolean hasNext() {
    if (!isReady && !isOver) {
      try {
        isReady = source.next();
        isOver = !isReady;
      } catch (IOException | RecordException e) {
        throw source.failure(e);
      }
    }
    return isReady;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    isReady = false;
    number++;
    if (places.length == 0) {
      return InternalRow.empty();
    }
    JsonRecords.Result record = records.read(source.texts());
    Object[] row = new Object[places.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = value(places[i], types[i], record);
    }
    return new GenericInternalRow(row);
  }

  private Object value(int place, DataType type, JsonRecords.Result record) {
    return switch (place) {
      case PROBLEMS -> problems(record.problems());
      case NUMBER -> number;
      case CORRUPT ->
          record.row() == null
              ? UTF8String.fromString(
                  new String(
                      source.texts().bytes(),
                      source.texts().start(),
                      source.texts().length(),
                      StandardCharsets.UTF_8))
              : null;
      default -> record.row() == null ? null : record.row().get(place, type);
    };
  }

  private ArrayData problems(List<RecordProblem> problems) {
    if (problems.isEmpty()) {
      return NONE;
    }
    // Records of one line are told apart
    long line = text == 0 ? source.line() : text;
    numberOnLine = line == lastLine ? numberOnLine + 1 : 0;
    lastLine = line;
    return problems(problems, line, numberOnLine);
  }

  private static ArrayData problems(List<RecordProblem> problems, long line, int numberOnLine) {
    Object[] rows = new Object[problems.size()];
    for (int i = 0; i < rows.length; i++) {
      RecordProblem problem = problems.get(i);
      rows[i] =
          new GenericInternalRow(
              new Object[] {
                UTF8String.fromString(problem.field()),
                UTF8String.fromString(problem.message()),
                UTF8String.fromString(problem.value()),
                UTF8String.fromString(problem.target()),
                line,
                numberOnLine,
                problem.change() == null ? null : UTF8String.fromString(problem.change().name())
              });
    }
    return new GenericArrayData(rows);
  }

  /** The row of a text that has no record. */
  static InternalRow broken(String why, long text, StructType columns) {
    Object[] row = new Object[columns.length()];
    for (int i = 0; i < row.length; i++) {
      if (columns.fieldNames()[i].equals(JsonFileFormat.PROBLEMS)) {
        row[i] = problems(List.of(RecordProblem.ofRecord("The text " + why + ".", null)), text, 0);
      }
    }
    return new GenericInternalRow(row);
  }

  /** One row with what all records of a block have in common. */
  static Iterator<InternalRow> shape(RecordSource source) {
    JsonShape shape = new JsonShape();
    add(source, shape);
    return scala.collection.Iterator$.MODULE$.single(
        new GenericInternalRow(new Object[] {bytes(shape)}));
  }

  static void add(RecordSource source, JsonShape shape) {
    add(source, shape, Integer.MAX_VALUE);
  }

  /**
   * @param most how many records are looked at
   * @return how many of them there were too few
   */
  static int add(RecordSource source, JsonShape shape, int most) {
    int left = most;
    try {
      for (; left > 0 && source.next(); left--) {
        if (!JsonRecords.add(source, shape)) {
          shape.addBroken();
        }
      }
    } catch (IOException | RecordException e) {
      throw source.failure(e);
    }
    return left;
  }

  static byte[] bytes(JsonShape shape) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(shape);
    } catch (IOException e) {
      throw new IllegalStateException("A shape that cannot be written", e);
    }
    return bytes.toByteArray();
  }
}
