package io.sqletl.engine.stage.history;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** Where the rows of a view that are taken as events have what. */
final class EventColumns {

  static final int KEY = 0;
  static final int START = 1;
  static final int DELETED = 2;
  static final int VALUES = 3;

  /** What tells which of several rows of one time counts. */
  static final int TIE = 4;

  private EventColumns() {}

  static Event event(InternalRow row, StructType schema) {
    return new Event(
        get(row, schema, START),
        get(row, schema, TIE),
        row.getBoolean(DELETED),
        (InternalRow) get(row, schema, VALUES));
  }

  static Object get(InternalRow row, StructType schema, int index) {
    return row.get(index, type(schema, index));
  }

  static DataType type(StructType schema, int index) {
    return schema.fields()[index].dataType();
  }
}
