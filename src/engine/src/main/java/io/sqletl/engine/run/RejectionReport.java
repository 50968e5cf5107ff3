package io.sqletl.engine.run;

import io.sqletl.engine.stage.StageContext;

/** Gathers what the typing stages of a run rejected. */
final class RejectionReport {

  void add(PlannedStage stage, StageContext context) {}

  Rejections read() {
    return Rejections.NONE;
  }
}
