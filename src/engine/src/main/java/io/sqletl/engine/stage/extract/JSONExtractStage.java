package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;

/** Makes a view of JSON. */
public final class JSONExtractStage implements StageType<JSONExtract> {

  @Override
  public Class<JSONExtract> configuration() {
    return JSONExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of JSON files; a schema decides which fields are read and how, without one"
        + " the data are looked through first.";
  }

  @Override
  public Stage plan(JSONExtract keys, StagePlanning planning) {
    keys.input().check(planning);
    keys.reading().access().check(planning);
    PlannedSchema schema = keys.schema().plan(planning);
    return new FileExtract(
        new JsonFormat(keys, schema), keys.input(), keys.reading(), schema, keys.output());
  }
}
