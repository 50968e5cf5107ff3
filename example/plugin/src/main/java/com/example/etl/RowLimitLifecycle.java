package com.example.etl;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.lifecycle.LifecyclePlugin;
import io.sqletl.engine.stage.lifecycle.LifecycleType;
import io.sqletl.engine.stage.plugin.PluginPlanning;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Fails a job that makes more rows than it should: a safeguard while a job is being written. */
public final class RowLimitLifecycle implements LifecycleType<RowLimit> {

  @Override
  public Class<RowLimit> configuration() {
    return RowLimit.class;
  }

  @Override
  public String description() {
    return "Fails a job at the first stage that makes more rows than it should.";
  }

  @Override
  public LifecyclePlugin plan(RowLimit keys, PluginPlanning planning) {
    if (keys.maximum() < 0) {
      planning.invalid("maximum", "\"maximum\" " + keys.maximum() + " must not be negative", null);
    }
    return new LifecyclePlugin() {
      @Override
      public Optional<Dataset<Row>> after(StageContext stage, Optional<Dataset<Row>> result) {
        result.filter(rows -> !rows.isStreaming()).ifPresent(rows -> check(rows, stage));
        return result;
      }

      private void check(Dataset<Row> rows, StageContext stage) {
        long count = rows.count();
        stage.detail("rowLimit", keys.maximum());
        if (count > keys.maximum()) {
          throw new StageException(
              "RowLimit allows " + keys.maximum() + " rows, and this stage made " + count + ".");
        }
      }
    };
  }
}
