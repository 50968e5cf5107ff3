package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;

/** Writes a view as delimited text. */
public final class DelimitedLoadStage implements StageType<DelimitedLoad> {

  @Override
  public Class<DelimitedLoad> configuration() {
    return DelimitedLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as delimited text files such as CSV; columns of arrays are left out.";
  }

  @Override
  public Stage plan(DelimitedLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    keys.format().check(planning);
    return new FileLoad(
        "csv", keys.format().options(), keys.target(), UnsupportedColumns.WITHOUT_TYPE_AND_ARRAYS);
  }
}
