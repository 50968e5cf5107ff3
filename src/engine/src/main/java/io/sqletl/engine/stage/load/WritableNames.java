package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageException;
import java.util.function.Predicate;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Names of columns that a format can hold.
 *
 * @param isWritable whether it can hold a name
 * @param rule what such names are, for a message
 */
record WritableNames(Predicate<String> isWritable, String rule) {

  /**
   * Looks at the columns and the fields of structures before anything is written.
   *
   * @throws StageException if the format lacks one of the names
   */
  void require(StructType columns, String type, String inputView) {
    for (StructField column : columns.fields()) {
      if (!isWritable.test(column.name())) {
        throw new StageException(
            type
                + " cannot write the column '"
                + column.name()
                + "' of inputView '"
                + inputView
                + "': "
                + rule
                + "; rename it in a SQLTransform.");
      }
      if (column.dataType() instanceof StructType fields) {
        require(fields, type, inputView);
      }
    }
  }
}
