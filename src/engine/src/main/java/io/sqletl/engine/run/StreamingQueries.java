package io.sqletl.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/** The streaming queries that stages of a run start, which go on when the stages are over. */
final class StreamingQueries extends StreamingQueryListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamingQueries.class);
  private static final long LOOK_AGAIN_MILLIS = 500;

  private final SparkSession spark;
  private final List<Started> queries = new CopyOnWriteArrayList<>();
  private volatile PlannedStage current;

  /**
   * A query.
   *
   * @param stage the stage that started it
   */
  private record Started(StreamingQuery query, PlannedStage stage) {}

  /**
   * A query that failed.
   *
   * @param stage the stage that had started it
   */
  record Failed(PlannedStage stage, Throwable exception) {}

  /** Listens to the session until it is closed. */
  StreamingQueries(SparkSession spark) {
    this.spark = spark;
    spark.streams().addListener(this);
  }

  /** Queries that start from now on are those of a stage. */
  void during(PlannedStage stage) {
    current = stage;
  }

  /** Spark tells it before the stage goes on, so that no query is missed that fails at once. */
  @Override
  public void onQueryStarted(QueryStartedEvent event) {
    PlannedStage stage = current;
    StreamingQuery query = spark.streams().get(event.id());
    if (stage != null && query != null) {
      queries.add(new Started(query, stage));
    }
  }

  @Override
  public void onQueryProgress(QueryProgressEvent event) {}

  @Override
  public void onQueryTerminated(QueryTerminatedEvent event) {}

  /** Whether one goes on. */
  boolean areActive() {
    return queries.stream().anyMatch(started -> started.query.isActive());
  }

  /**
   * Waits until all have ended, or one has failed; the others are stopped then, as all are when the
   * thread is interrupted.
   *
   * @return the one that failed
   */
  Optional<Failed> await() {
    try {
      Optional<Failed> failed = failed();
      while (failed.isEmpty() && areActive()) {
        Thread.sleep(LOOK_AGAIN_MILLIS);
        failed = failed();
      }
      return failed;
    } catch (InterruptedException e) {
      // Whoever interrupts knows it, and tells of it
      return Optional.empty();
    } finally {
      stop();
    }
  }

  private Optional<Failed> failed() {
    for (Started started : queries) {
      Option<StreamingQueryException> exception = started.query.exception();
      if (exception.isDefined()) {
        return Optional.of(new Failed(started.stage, exception.get()));
      }
    }
    return Optional.empty();
  }

  /** Stops all of them. */
  void stop() {
    for (Started started : new ArrayList<>(queries)) {
      if (started.query.isActive()) {
        try {
          started.query.stop();
        } catch (TimeoutException e) {
          LOG.warn("The stream of {} does not stop", started.stage.describe(), e);
        }
      }
    }
  }

  @Override
  public void close() {
    spark.streams().removeListener(this);
  }
}
