package io.sqletl.engine.stage.execute;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;

/** Runs the stages of another job; the planner puts them where this stage stands. */
public final class PipelineExecuteStage implements StageType<PipelineExecute> {

  @Override
  public Class<PipelineExecute> configuration() {
    return PipelineExecute.class;
  }

  @Override
  public String description() {
    return "Runs the stages of another job, as if they stood here; its lifecycle plugins count for"
        + " the whole run.";
  }

  @Override
  public Stage plan(PipelineExecute keys, StagePlanning planning) {
    keys.access().check(planning);
    return context -> {
      throw new StageException("PipelineExecute does not run by itself");
    };
  }
}
