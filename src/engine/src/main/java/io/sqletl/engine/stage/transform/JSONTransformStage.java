package io.sqletl.engine.stage.transform;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.load.TextValues;
import io.sqletl.engine.stage.load.UnsupportedColumns;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;

/** Makes a JSON text of each row. */
public final class JSONTransformStage implements StageType<JSONTransform> {

  @Override
  public Class<JSONTransform> configuration() {
    return JSONTransform.class;
  }

  @Override
  public String description() {
    return "Makes a JSON text of each row, in the one column value; fields that are null are left"
        + " out.";
  }

  @Override
  public Stage plan(JSONTransform keys, StagePlanning planning) {
    return context -> transform(keys, context);
  }

  private static Optional<Dataset<Row>> transform(JSONTransform keys, StageContext context) {
    context.detail("drop", Map.of());
    Dataset<Row> rows =
        UnsupportedColumns.WITHOUT_TYPE.drop(
            context.view(keys.inputView()), keys.inputView(), context);
    StructField[] fields = rows.schema().fields();
    String[] places = new String[fields.length];
    Column[] columns = new Column[fields.length];
    for (int i = 0; i < fields.length; i++) {
      // By its place, as names may differ in case only
      places[i] = InternalColumn.PREFIX + i;
      columns[i] =
          TextValues.sound(ColumnName.column(places[i]), fields[i], "JSONTransform")
              .as(fields[i].name());
    }
    Column text = fields.length == 0 ? lit("{}") : to_json(struct(columns), TextValues.TIMES);
    return Optional.of(keys.output().register(rows.toDF(places).select(text.as("value")), context));
  }
}
