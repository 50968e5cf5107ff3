package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Columns without a type, which a query of a bare NULL makes and no table can hold. */
final class UnsupportedColumns {

  private UnsupportedColumns() {}

  /** The rows without those columns; fails if the run does not let columns go. */
  static Dataset<Row> drop(Dataset<Row> rows, String inputView, StageContext context) {
    List<String> names =
        Arrays.stream(rows.schema().fields())
            .filter(field -> field.dataType().equals(DataTypes.NullType))
            .map(StructField::name)
            .toList();
    if (names.isEmpty()) {
      return rows;
    }
    if (!context.options().dropUnsupported()) {
      throw new StageException(
          "inputView '"
              + inputView
              + "' contains types {\"NullType\":[\""
              + String.join("\",\"", names)
              + "\"]} which are unsupported by "
              + context.header().type()
              + " and 'dropUnsupported' is set to false.");
    }
    context.detail("drop", Map.of("NullType", names));
    return rows.drop(names.toArray(String[]::new));
  }
}
