package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;

/** Writes a view as Avro files. */
public final class AvroLoadStage implements StageType<AvroLoad> {

  @Override
  public Class<AvroLoad> configuration() {
    return AvroLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as Avro files.";
  }

  @Override
  public Stage plan(AvroLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    return new FileLoad("avro", Map.of(), keys.target(), UnsupportedColumns.WITHOUT_TYPE);
  }
}
