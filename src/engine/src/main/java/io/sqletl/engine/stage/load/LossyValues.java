package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.util.QueryExecutionListener;
import scala.Option;

/**
 * Counts values that are written and do not read back as they were, while they are written, and
 * tells them. Listens as {@link RowCount} does, for the same reason.
 */
final class LossyValues implements QueryExecutionListener, AutoCloseable {

  /**
   * Values to count.
   *
   * @param isLossy true for such a row
   * @param message what is told, behind the number of rows
   * @param remedy what to do about it
   */
  record Kind(Column isLossy, String message, String remedy) {}

  private final String name = "values " + UUID.randomUUID();
  private final CompletableFuture<Row> counts = new CompletableFuture<>();
  private final List<Kind> kinds;
  private final org.apache.spark.sql.classic.SparkSession spark;

  LossyValues(StageContext context, List<Kind> kinds) {
    this.kinds = List.copyOf(kinds);
    this.spark = (org.apache.spark.sql.classic.SparkSession) context.spark();
    if (!kinds.isEmpty()) {
      spark.listenerManager().register(this);
    }
  }

  /** The same rows, counted when they are computed; to be used once. */
  Dataset<Row> counting(Dataset<Row> rows) {
    if (kinds.isEmpty()) {
      return rows;
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      columns.add(functions.count_if(kinds.get(i).isLossy()).as("kind" + i));
    }
    return rows.observe(
        name, columns.get(0), columns.subList(1, columns.size()).toArray(Column[]::new));
  }

  /** Warns of each kind of which a row was written. */
  void tell(StageContext context) {
    if (kinds.isEmpty()) {
      return;
    }
    Row found = get();
    for (int i = 0; i < kinds.size(); i++) {
      long rows = found.getLong(i);
      if (rows > 0) {
        context.warn(
            ErrorCode.LOSSY_WRITE,
            context.type()
                + ": "
                + rows
                + (rows == 1 ? " row " : " rows ")
                + kinds.get(i).message(),
            kinds.get(i).remedy());
      }
    }
  }

  private Row get() {
    try {
      return counts.get(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StageException("Interrupted while the written values were counted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new StageException("Spark did not say what it wrote", e);
    }
  }

  @Override
  public void onSuccess(String function, QueryExecution execution, long nanoseconds) {
    Option<Row> metrics = execution.observedMetrics().get(name);
    if (metrics.isDefined()) {
      counts.complete(metrics.get());
    }
  }

  @Override
  public void onFailure(String function, QueryExecution execution, Exception exception) {
    // The write itself throws it
  }

  @Override
  public void close() {
    if (!kinds.isEmpty()) {
      spark.listenerManager().unregister(this);
    }
  }
}
