package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;

/** Writes a view as Parquet files. */
public final class ParquetLoadStage implements StageType<ParquetLoad> {

  @Override
  public Class<ParquetLoad> configuration() {
    return ParquetLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as Parquet files; a load that fails leaves the files that were there.";
  }

  @Override
  public Stage plan(ParquetLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    return new FileLoad("parquet", Map.of(), keys.target(), FormatRules.PARQUET);
  }
}
