package io.sqletl.engine.run;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.StreamingQueryListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streaming queries that the stages of a run start, and which stage started which. */
final class StreamingQueries implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StreamingQueries.class);
  private static final String RUN_ID = "runId";

  /** So that a query that ended between two looks is not waited for in vain. */
  private static final long LOOK_MILLIS = 1_000;

  private final SparkSession spark;
  private final Map<UUID, PlannedStage> stages = new LinkedHashMap<>();
  private final Starts starts = new Starts();
  private volatile PlannedStage current;

  /** Told on the thread that starts a query, before the start returns. */
  private final class Starts extends StreamingQueryListener {

    @Override
    public void onQueryStarted(QueryStartedEvent event) {
      PlannedStage stage = current;
      if (stage != null) {
        stages.put(event.runId(), stage);
      }
    }

    @Override
    public void onQueryProgress(QueryProgressEvent event) {
      // Figures of a batch are Spark's own to tell
    }

    @Override
    public void onQueryTerminated(QueryTerminatedEvent event) {
      // Waiting tells it with its exception
    }
  }

  /**
   * A query that failed.
   *
   * @param stage the one that started it
   */
  record Failed(PlannedStage stage, Throwable exception) {}

  StreamingQueries(SparkSession spark) {
    this.spark = spark;
    spark.streams().resetTerminated();
    spark.streams().addListener(starts);
  }

  /** Queries that start from now on are this stage's. */
  void of(PlannedStage stage) {
    current = stage;
  }

  /** Waits until all have ended, or one failed, or this thread is interrupted. */
  Optional<Failed> await() {
    try {
      do {
        if (spark.streams().awaitAnyTermination(LOOK_MILLIS)) {
          spark.streams().resetTerminated();
        }
      } while (isAnyActive());
      return Optional.empty();
    } catch (StreamingQueryException e) {
      return Optional.of(new Failed(stageOf(e), e));
    } catch (Exception e) {
      if (!(e instanceof InterruptedException)) { // Which Spark throws undeclared
        throw e;
      }
      PlannedStage first = stages.values().stream().findFirst().orElse(current);
      return Optional.of(new Failed(first, new InterruptedException("The stream was interrupted")));
    }
  }

  private boolean isAnyActive() {
    return Arrays.stream(spark.streams().active())
        .anyMatch(query -> stages.containsKey(query.runId()));
  }

  private PlannedStage stageOf(StreamingQueryException e) {
    String run = e.getMessageParameters().get(RUN_ID);
    return stages.entrySet().stream()
        .filter(entry -> entry.getKey().toString().equals(run))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(current);
  }

  /** Stops those that still run. */
  @Override
  public void close() {
    spark.streams().removeListener(starts);
    for (StreamingQuery query : spark.streams().active()) {
      if (stages.containsKey(query.runId())) {
        stop(query);
      }
    }
  }

  private static void stop(StreamingQuery query) {
    try {
      query.stop();
    } catch (TimeoutException e) {
      LOG.warn("A streaming query does not stop: {}", query.id(), e);
    }
  }
}
