package io.sqletl.engine.stage;

import io.sqletl.engine.job.ErrorCode;
import org.apache.spark.sql.internal.SQLConf;

/**
 * Views of thousands of columns. Spark's optimizer compares each column with each other, for every
 * rule and every stage behind the view, so that planning takes minutes before a row is read.
 */
final class WideView {

  /**
   * Where what Spark derives from columns, such as that one is not null, costs more than it saves.
   */
  private static final int WIDE = 500;

  /** Where a query is planned for tens of seconds, whatever is switched off. */
  private static final int TOLD = 3000;

  private WideView() {}

  /** Has Spark leave out the costliest of these comparisons from here on, and tells of the rest. */
  static void prepare(String view, int columns, StageContext context) {
    String constraints = SQLConf.CONSTRAINT_PROPAGATION_ENABLED().key();
    if (columns > WIDE && !context.spark().sparkContext().conf().contains(constraints)) {
      context.spark().conf().set(constraints, false);
    }
    if (columns > TOLD && context.state().isFirst("wide view")) {
      context.warn(
          ErrorCode.WIDE_VIEW,
          "The view \"%s\" has %,d columns; Spark plans what reads it for tens of seconds or minutes, since the time grows by the square of their number"
              .formatted(view, columns),
          "select the columns that are needed in the stage behind it, or keep them as rows of name and value");
    }
  }
}
