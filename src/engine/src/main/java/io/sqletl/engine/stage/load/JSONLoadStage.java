package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes a view as files of JSON lines; keys without a value are left out. */
public final class JSONLoadStage implements StageType<JSONLoad> {

  @Override
  public Class<JSONLoad> configuration() {
    return JSONLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as files of JSON lines; keys without a value are left out.";
  }

  @Override
  public Stage plan(JSONLoad keys, StagePlanning planning) {
    FileTarget target = keys.target();
    target.check(planning);
    return context -> {
      Dataset<Row> view = context.view(target.inputView());
      Dataset<Row> rows = UnsupportedColumns.drop(view, target.inputView(), context);
      return target.write(rows, "json", Map.of(), context);
    };
  }
}
