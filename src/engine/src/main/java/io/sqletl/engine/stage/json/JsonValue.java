package io.sqletl.engine.stage.json;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.sql.types.DataType;

/** How a value of JSON becomes one of Catalyst's; shared between tasks, so it holds no state. */
interface JsonValue extends Serializable {

  /** Spark's type of the value. */
  DataType type();

  /**
   * The value that the parser stands on, which is left on its last token; null for null and for one
   * that does not fit, of which the record is told.
   *
   * @param record takes what is wrong, under paths that begin at this value
   */
  Object read(JsonParser parser, RecordReading record) throws IOException;

  /** What stands for a value that the record does not have. */
  Object missing(RecordReading record);
}
