package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Map;

/** Writes a view as ORC files. */
public final class ORCLoadStage implements StageType<ORCLoad> {

  private static final FormatRules RULES =
      FormatRules.of(
          WritableTypes.ORC,
          new WritableNames(
              name -> name.indexOf('`') < 0, "Spark writes no back-tick in names of ORC"),
          FormatRules.Values.SAME);

  @Override
  public Class<ORCLoad> configuration() {
    return ORCLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as ORC files.";
  }

  @Override
  public Stage plan(ORCLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    return new FileLoad("orc", Map.of(), keys.target(), RULES);
  }
}
