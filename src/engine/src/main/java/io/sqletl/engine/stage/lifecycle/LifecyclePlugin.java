package io.sqletl.engine.stage.lifecycle;

import io.sqletl.engine.stage.StageContext;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Is asked and told around every stage of a job, those of the jobs that it runs included. Plugins
 * are called in the order in which the job names them. An exception fails the stage.
 */
public interface LifecyclePlugin {

  /**
   * Why the job ends here.
   *
   * @param reason one line for the log and for the person who watches
   * @param message what led to it, for the log: a string, map or list; null for none
   */
  record Stop(String reason, Object message) {}

  /**
   * Whether the job ends before this stage, well and without the stages that are left. The first
   * plugin that says so is the last one asked.
   */
  default Optional<Stop> stop(StageContext stage) {
    return Optional.empty();
  }

  /** The stage runs next. */
  default void before(StageContext stage) throws Exception {}

  /**
   * The stage ran. What it left in {@link StageContext#detail()} may be added to.
   *
   * @param result what the stage made or wrote, or what the plugin before this one made of it
   * @return what the next plugin is given; the stage's view stays as it is
   */
  default Optional<Dataset<Row>> after(StageContext stage, Optional<Dataset<Row>> result)
      throws Exception {
    return result;
  }
}
