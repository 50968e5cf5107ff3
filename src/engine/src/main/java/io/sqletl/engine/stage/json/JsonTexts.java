package io.sqletl.engine.stage.json;

import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.rdd.InputFileBlockHolder;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.classic.ExpressionUtils;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * The records of a text. Public because the code that Spark generates calls it; {@link JsonFiles}
 * is what stages use.
 */
public final class JsonTexts implements Serializable {

  private static final long serialVersionUID = 1L;

  private final JsonReading reading;
  private final StructType columns;
  private transient UTF8String file;
  private transient long texts;

  JsonTexts(JsonReading reading, StructType columns) {
    this.reading = reading;
    this.columns = columns;
  }

  /** An array of the text's records, each a structure of the columns. */
  Column of(Column text) {
    return new MethodCall(this, JsonTexts.class, "read")
        .column(
            DataTypes.createArrayType(columns.asNullable(), false),
            List.of(ExpressionUtils.expression(text)),
            NullArgument.PASSED,
            Result.NOT_NULL,
            Evaluation.ONCE);
  }

  /** The records of a text. Null, or a text of blanks, is a broken one. */
  public ArrayData read(UTF8String text) throws IOException {
    UTF8String current = InputFileBlockHolder.getInputFilePath();
    // A part of a file has its name as an object of its own
    if (current != file) {
      file = current;
      texts = 0;
    }
    texts++;
    if (text == null) {
      return new GenericArrayData(new Object[] {JsonRows.broken("is NULL", texts, columns)});
    }
    List<InternalRow> rows = new ArrayList<>();
    try (RecordSource source = RecordSource.of(text.getBytes())) {
      new JsonRows(source, reading, columns, texts)
          .foreach(
              row -> {
                rows.add(row);
                return null;
              });
    }
    if (rows.isEmpty()) {
      rows.add(JsonRows.broken("holds nothing", texts, columns));
    }
    return new GenericArrayData(rows.toArray());
  }

  @Override
  public String toString() {
    return "JSON";
  }
}
