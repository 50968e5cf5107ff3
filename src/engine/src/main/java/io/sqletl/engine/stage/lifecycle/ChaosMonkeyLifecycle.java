package io.sqletl.engine.stage.lifecycle;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.plugin.PluginPlanning;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes stages fail by chance, to try what happens around a job that fails. */
public final class ChaosMonkeyLifecycle implements LifecycleType<ChaosMonkey> {

  @Override
  public Class<ChaosMonkey> configuration() {
    return ChaosMonkey.class;
  }

  @Override
  public String description() {
    return "Makes stages fail by chance after they ran, to try what happens around a failing job.";
  }

  @Override
  public LifecyclePlugin plan(ChaosMonkey keys, PluginPlanning planning) {
    if (!(keys.probability() >= 0 && keys.probability() <= 1)) {
      planning.invalid(
          "probability",
          "'probability' " + keys.probability() + " must be between 0.0 and 1.0",
          null);
    }
    return new LifecyclePlugin() {
      @Override
      public Optional<Dataset<Row>> after(StageContext stage, Optional<Dataset<Row>> result) {
        if (ThreadLocalRandom.current().nextDouble() < keys.probability()) {
          throw new StageException("ChaosMonkey triggered and exception thrown.");
        }
        return result;
      }
    };
  }
}
