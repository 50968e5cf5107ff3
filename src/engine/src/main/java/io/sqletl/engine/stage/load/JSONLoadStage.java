package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;

/** Writes a view as JSON lines. */
public final class JSONLoadStage implements StageType<JSONLoad> {

  @Override
  public Class<JSONLoad> configuration() {
    return JSONLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as files of JSON lines, without the fields that are null.";
  }

  @Override
  public Stage plan(JSONLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    return new FileLoad("json", Map.of(), keys.target(), UnsupportedColumns.WITHOUT_TYPE);
  }
}
