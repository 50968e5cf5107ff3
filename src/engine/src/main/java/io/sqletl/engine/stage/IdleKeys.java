package io.sqletl.engine.stage;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.Problem;

/**
 * Tells, before the run, of keys that do nothing beside the others of their stage, so that the job
 * would not do what it seems to say.
 *
 * @param planning of the stage
 */
public record IdleKeys(StagePlanning planning) {

  /**
   * Warns of a key that is passed over.
   *
   * @param isIdle whether it is set and has no effect
   * @param key its name
   * @param counts when it would count, such as {@code "with \"saveMode\": \"Overwrite\""}
   * @return this
   */
  public IdleKeys warn(boolean isIdle, String key, String counts) {
    if (isIdle) {
      planning
          .warnings()
          .accept(
              new Problem(
                  ErrorCode.NO_EFFECT,
                  planning.at(key),
                  "\"" + key + "\" has no effect here: it counts " + counts + " only",
                  "leave it out, or change the other key"));
    }
    return this;
  }
}
