package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.StageException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.util.QueryExecutionListener;
import scala.Option;

/**
 * Counts rows while they are written, without a second pass. Not by Spark's {@code Observation}: a
 * session that has seen one can no longer be sent to tasks, which the training of models does.
 */
final class RowCount implements QueryExecutionListener, AutoCloseable {

  private final org.apache.spark.sql.classic.SparkSession spark;
  private final String name = "rows " + UUID.randomUUID();
  private final CompletableFuture<Long> count = new CompletableFuture<>();

  /** Listens to the session until it is closed. */
  RowCount(SparkSession spark) {
    this.spark = (org.apache.spark.sql.classic.SparkSession) spark;
    this.spark.listenerManager().register(this);
  }

  /** The same rows, counted when they are computed; to be used once. */
  Dataset<Row> counting(Dataset<Row> rows) {
    return rows.observe(name, functions.count(functions.lit(1)).as("rows"));
  }

  /** How many there were; Spark tells its listeners some moments after the rows are written. */
  long get() {
    try {
      return count.get(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StageException("Interrupted while the written rows were counted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new StageException("Spark did not say how many rows it wrote", e);
    }
  }

  @Override
  public void onSuccess(String function, QueryExecution execution, long nanoseconds) {
    Option<Row> metrics = execution.observedMetrics().get(name);
    if (metrics.isDefined()) {
      count.complete(metrics.get().getLong(0));
    }
  }

  @Override
  public void onFailure(String function, QueryExecution execution, Exception exception) {
    // The write itself throws it
  }

  @Override
  public void close() {
    spark.listenerManager().unregister(this);
  }
}
