package io.sqletl.engine.stage;

import java.util.Arrays;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;

/** Columns by names that may hold anything: dots, blanks, back-ticks. */
public final class ColumnName {

  private ColumnName() {}

  /** The column of exactly this name. */
  public static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  /** The column of exactly this name if the frame has one; else what the name means to Spark. */
  public static Column of(Dataset<?> frame, String name) {
    return Arrays.asList(frame.columns()).contains(name) ? column(name) : functions.col(name);
  }
}
