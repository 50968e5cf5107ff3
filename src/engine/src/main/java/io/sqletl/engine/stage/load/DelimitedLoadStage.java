package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.DelimitedFormat;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Writes a view as delimited text files. */
public final class DelimitedLoadStage implements StageType<DelimitedLoad> {

  @Override
  public Class<DelimitedLoad> configuration() {
    return DelimitedLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as delimited text files.";
  }

  @Override
  public Stage plan(DelimitedLoad keys, StagePlanning planning) {
    FileTarget target = keys.target();
    DelimitedFormat format = keys.format();
    target.check(planning);
    format.check(planning);
    return context -> {
      Dataset<Row> view = context.view(target.inputView());
      Dataset<Row> rows = UnsupportedColumns.dropFromFlatRows(view, target.inputView(), context);
      context.detail("options", format.options());
      return target.write(rows, "csv", format.options(), context);
    };
  }
}
