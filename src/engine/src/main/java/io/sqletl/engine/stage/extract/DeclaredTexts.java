package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.RecordErrors;
import io.sqletl.engine.typing.AdjustedValues;
import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import io.sqletl.engine.typing.SchemaColumn;
import io.sqletl.engine.typing.ValueTyping;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Structures of texts by the rules of a schema, with what does not fit. Public because the code
 * that Spark generates calls it; no interface for anybody else.
 */
public final class DeclaredTexts implements Serializable {

  private static final long serialVersionUID = 1L;

  /** The field of the result that says what is wrong. */
  static final String PROBLEMS = InternalColumn.PREFIX + "problems";

  private final StructValue root;

  DeclaredTexts(List<SchemaColumn> columns) {
    this.root = new StructValue(columns);
  }

  /** What has to be read as texts: the structure of the columns, with texts for their values. */
  static DataType texts(SchemaColumn column) {
    if (column instanceof SchemaColumn.StructColumn struct) {
      return texts(struct.fields());
    }
    return column instanceof SchemaColumn.ArrayColumn array
        ? DataTypes.createArrayType(texts(array.elementType()))
        : DataTypes.StringType;
  }

  static StructType texts(List<SchemaColumn> columns) {
    return new StructType(
        columns.stream()
            .map(column -> DataTypes.createStructField(column.name(), texts(column), true))
            .toArray(StructField[]::new));
  }

  /** The typed columns, and {@link #PROBLEMS} behind them, of a structure of texts. */
  Column of(Column texts) {
    return new MethodCall(this, DeclaredTexts.class, "read")
        .column(
            root.type().asNullable().add(PROBLEMS, RecordErrors.PROBLEMS),
            List.of(ExpressionUtils.expression(texts)),
            NullArgument.PASSED,
            Result.NOT_NULL,
            Evaluation.ONCE);
  }

  /** The typed columns of one record. */
  public InternalRow read(InternalRow texts) {
    List<Object> problems = new ArrayList<>();
    InternalRow typed = root.read(texts, "", problems);
    int count = root.values.size();
    Object[] row = new Object[count + 1];
    for (int i = 0; i < count; i++) {
      row[i] = typed.get(i, root.values.get(i).type());
    }
    row[count] = new GenericArrayData(problems.toArray());
    return new GenericInternalRow(row);
  }

  private interface Value extends Serializable {
    DataType type();

    Object read(Object texts, String path, List<Object> problems);
  }

  private static Value value(SchemaColumn column) {
    if (column instanceof SchemaColumn.StructColumn struct) {
      return new StructValue(struct.fields());
    }
    return column instanceof SchemaColumn.ArrayColumn array
        ? new ArrayValue(texts(array.elementType()), value(array.elementType()))
        : new ScalarValue(column.sparkType(), ValueTyping.of((SchemaColumn.Scalar) column));
  }

  private static final class StructValue implements Value {

    private static final long serialVersionUID = 1L;

    private final List<String> names = new ArrayList<>();
    private final List<Value> values = new ArrayList<>();
    private final List<DataType> texts = new ArrayList<>();

    private StructValue(List<SchemaColumn> columns) {
      for (SchemaColumn column : columns) {
        names.add(column.name());
        values.add(value(column));
        texts.add(texts(column));
      }
    }

    @Override
    public StructType type() {
      StructType type = new StructType();
      for (int i = 0; i < values.size(); i++) {
        type = type.add(names.get(i), values.get(i).type(), true);
      }
      return type;
    }

    @Override
    public InternalRow read(Object record, String path, List<Object> problems) {
      if (record == null && !path.isEmpty()) {
        return null;
      }
      InternalRow row = (InternalRow) record;
      Object[] typed = new Object[values.size()];
      for (int i = 0; i < typed.length; i++) {
        Object text = row == null ? null : row.get(i, texts.get(i));
        String name = path.isEmpty() ? names.get(i) : path + "." + names.get(i);
        typed[i] = values.get(i).read(text, name, problems);
      }
      return new GenericInternalRow(typed);
    }
  }

  private record ArrayValue(DataType texts, Value element) implements Value {

    @Override
    public DataType type() {
      return DataTypes.createArrayType(element.type(), true);
    }

    @Override
    public Object read(Object elements, String path, List<Object> problems) {
      if (elements == null) {
        return null;
      }
      ArrayData array = (ArrayData) elements;
      Object[] typed = new Object[array.numElements()];
      for (int i = 0; i < typed.length; i++) {
        Object text = array.isNullAt(i) ? null : array.get(i, texts);
        typed[i] = element.read(text, path + "[" + i + "]", problems);
      }
      return new GenericArrayData(typed);
    }
  }

  private record ScalarValue(DataType type, ValueTyping typing) implements Value {

    @Override
    public Object read(Object text, String path, List<Object> problems) {
      UTF8String written = (UTF8String) text;
      // Blanks around a number or a date are layout, as in any schema of XML
      UTF8String value =
          written == null || type instanceof StringType ? written : written.trimAll();
      Object typed =
          typing.value(
              value,
              told -> problems.add(problem(path, "", told.text(), told.target(), told.change())));
      if (typed == null) {
        String error = typing.error(value);
        if (error != null) {
          problems.add(
              problem(path, error, value == null ? null : value.toString(), typing.target(), null));
        }
      } else if (typed instanceof UTF8String kept) {
        return kept.copy();
      }
      return typed;
    }
  }

  /** As {@link RecordErrors#PROBLEMS} has it. */
  private static InternalRow problem(
      String path, String message, String value, String target, AdjustedValues.Change change) {
    return new GenericInternalRow(
        new Object[] {
          UTF8String.fromString(path),
          UTF8String.fromString(message),
          UTF8String.fromString(value),
          UTF8String.fromString(target),
          1L,
          0,
          change == null ? null : UTF8String.fromString(change.name())
        });
  }

  @Override
  public String toString() {
    return "typed";
  }
}
