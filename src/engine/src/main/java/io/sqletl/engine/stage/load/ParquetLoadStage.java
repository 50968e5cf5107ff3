package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes a view as Parquet files. */
public final class ParquetLoadStage implements StageType<ParquetLoad> {

  @Override
  public Class<ParquetLoad> configuration() {
    return ParquetLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as Parquet files.";
  }

  @Override
  public Stage plan(ParquetLoad keys, StagePlanning planning) {
    FileTarget target = keys.target();
    target.check(planning);
    return context -> {
      Dataset<Row> view = context.view(target.inputView());
      Dataset<Row> rows = UnsupportedColumns.drop(view, target.inputView(), context);
      return target.write(rows, "parquet", Map.of(), context);
    };
  }
}
