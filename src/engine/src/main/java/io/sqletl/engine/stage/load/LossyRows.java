package io.sqletl.engine.stage.load;

import io.sqletl.engine.typing.MethodCall;
import io.sqletl.engine.typing.MethodCall.Evaluation;
import io.sqletl.engine.typing.MethodCall.NullArgument;
import io.sqletl.engine.typing.MethodCall.Result;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.LongAccumulator;

/**
 * Counts rows of one kind from many tasks. Public because the code that Spark generates calls it.
 */
public final class LossyRows implements Serializable {

  private static final long serialVersionUID = 1L;

  private final LongAccumulator found;

  private LossyRows(LongAccumulator found) {
    this.found = found;
  }

  static LossyRows counter(SparkContext spark) {
    return new LossyRows(spark.longAccumulator());
  }

  /** Counts each row for which it is computed, and is true. */
  Column count() {
    return new MethodCall(this, LossyRows.class, "counted")
        .column(
            DataTypes.BooleanType,
            List.of(),
            NullArgument.PASSED,
            Result.NOT_NULL,
            Evaluation.ONCE);
  }

  /** How many there were, once the rows are written. */
  long found() {
    return found.value();
  }

  /** Called by the code that Spark generates. */
  public boolean counted() {
    found.add(1L);
    return true;
  }
}
