package io.sqletl.engine.stage;

import io.sqletl.engine.job.Key;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** The keys of a stage that makes a view. */
public record OutputView(
    @Key(
            value = "The name of the view that the stage makes.",
            required = true,
            role = Key.Role.OUTPUT_VIEW)
        String outputView,
    @Key("The number of partitions of the view; as the input has them when left out.")
        Optional<Integer> numPartitions,
    @Key("The columns whose values decide into which partition a row goes.")
        List<String> partitionBy,
    @Key(
            value = "Whether the view is computed once, kept, and its rows counted.",
            defaultValue = "false")
        boolean persist) {

  /** A view as the rows are, not kept. */
  public static OutputView named(String name) {
    return new OutputView(name, Optional.empty(), List.of(), false);
  }

  /** Repartitions as the keys say and makes the view, kept and counted if the stage says so. */
  public Dataset<Row> register(Dataset<Row> rows, StageContext context) {
    Dataset<Row> partitioned = Partitioning.apply(rows, numPartitions, partitionBy);
    numPartitions.ifPresent(number -> context.detail("numPartitions", number));
    WideView.prepare(outputView, partitioned.schema().length(), context);
    createView(partitioned, context);
    context.detail("outputColumns", partitioned.schema().length());
    if (persist && !partitioned.isStreaming()) {
      context.spark().catalog().cacheTable(outputView, storageLevel(context));
      context.detail("records", context.view(outputView).count());
    }
    return partitioned;
  }

  /** The level at which the run keeps what stages persist. */
  public static StorageLevel storageLevel(StageContext context) {
    return StorageLevel.fromString(context.options().storageLevel().toUpperCase(Locale.ROOT));
  }

  private void createView(Dataset<Row> rows, StageContext context) {
    try {
      if (context.options().immutableViews()) {
        rows.createTempView(outputView);
      } else {
        rows.createOrReplaceTempView(outputView);
      }
    } catch (AnalysisException e) {
      throw new StageException(
          "The view \"" + outputView + "\" cannot be made: " + e.getSimpleMessage(), e);
    }
  }

  /** How rows are dealt out before they are kept or written. */
  public static final class Partitioning {

    private Partitioning() {}

    public static Dataset<Row> apply(
        Dataset<Row> rows, Optional<Integer> number, List<String> columns) {
      Column[] by = columns.stream().map(name -> ColumnName.of(rows, name)).toArray(Column[]::new);
      if (by.length == 0) {
        return number.map(rows::repartition).orElse(rows);
      }
      return number.map(n -> rows.repartition(n, by)).orElseGet(() -> rows.repartition(by));
    }
  }
}
