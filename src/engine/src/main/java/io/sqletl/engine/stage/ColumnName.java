package io.sqletl.engine.stage;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Columns by names that may hold anything: dots, blanks, back-ticks. */
public final class ColumnName {

  private ColumnName() {}

  /** The column of exactly this name. */
  public static Column column(String name) {
    return functions.col(quoted(name));
  }

  /** The frame's own column of exactly this name, also where it is joined with others' of it. */
  public static Column in(Dataset<?> frame, String name) {
    return frame.col(quoted(name));
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** The column of exactly this name if the frame has one; else what the name means to Spark. */
  public static Column of(Dataset<?> frame, String name) {
    return Arrays.asList(frame.columns()).contains(name) ? column(name) : functions.col(name);
  }

  /** The column that a name means, whatever its case; one of exactly this name comes first. */
  public static Optional<StructField> find(StructType columns, String name) {
    return find(List.of(columns.fields()), name);
  }

  /** The same among some columns. */
  public static Optional<StructField> find(List<StructField> columns, String name) {
    return Stream.concat(
            columns.stream().filter(column -> column.name().equals(name)),
            columns.stream().filter(column -> column.name().equalsIgnoreCase(name)))
        .findFirst();
  }
}
