package io.sqletl.engine.stage;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A stage that was checked and can run. */
@FunctionalInterface
public interface Stage {

  /**
   * Runs the stage once.
   *
   * @return what the stage made or wrote; empty when there is nothing to look at
   * @throws StageException if the stage itself says why it cannot go on
   * @throws Exception any failure of what the stage uses
   */
  Optional<Dataset<Row>> run(StageContext context) throws Exception;
}
