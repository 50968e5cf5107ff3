package io.sqletl.engine.stage.execute;

import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.athena.AthenaClient;
import software.amazon.awssdk.services.athena.model.QueryExecution;
import software.amazon.awssdk.services.athena.model.QueryExecutionState;
import software.amazon.awssdk.services.athena.model.StartQueryExecutionRequest;

/** One statement in Athena, from its start to its end, which never outlives the stage. */
final class AthenaQuery {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final AthenaClient client;
  private final StageContext context;

  AthenaQuery(AthenaClient client, StageContext context) {
    this.client = client;
    this.context = context;
  }

  /**
   * Starts a statement and waits for it.
   *
   * @throws StageException if Athena fails it, with Athena's reason, or if it takes too long
   * @throws InterruptedException if the run is interrupted; the statement is stopped
   */
  void run(Consumer<StartQueryExecutionRequest.Builder> request, Duration timeout)
      throws InterruptedException {
    String id = client.startQueryExecution(request).queryExecutionId();
    context.detail("queryExecutionId", id);
    try {
      requireSuccess(await(id, timeout));
    } catch (AbortedException e) {
      // So the SDK tells that the thread was interrupted
      InterruptedException interrupted = new InterruptedException("Interrupted in query " + id);
      interrupted.initCause(e);
      stop(id, interrupted);
      throw interrupted;
    } catch (InterruptedException | TimeoutException e) {
      stop(id, e);
      if (e instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      throw new StageException(
          "Athena did not finish the statement within "
              + timeout.toSeconds()
              + " s (query "
              + id
              + "); it is stopped, and a longer \"timeout\" lets it go on",
          e);
    }
  }

  private QueryExecution await(String id, Duration timeout)
      throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      Thread.sleep(pause.toMillis());
      QueryExecution query =
          client.getQueryExecution(asked -> asked.queryExecutionId(id)).queryExecution();
      switch (query.status().state()) {
        case SUCCEEDED, FAILED, CANCELLED -> {
          return query;
        }
        default -> {
          if (System.nanoTime() - deadline >= 0) {
            throw new TimeoutException();
          }
        }
      }
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_PAUSE) > 0) {
        pause = LONGEST_PAUSE;
      }
    }
  }

  private void requireSuccess(QueryExecution query) {
    QueryExecutionState state = query.status().state();
    if (state != QueryExecutionState.SUCCEEDED) {
      throw new StageException(
          "Athena "
              + (state == QueryExecutionState.FAILED ? "failed" : "cancelled")
              + " the statement: "
              + Optional.ofNullable(query.status().stateChangeReason()).orElse("no reason given")
              + " (query "
              + query.queryExecutionId()
              + ")");
    }
    if (query.statistics() != null && query.statistics().dataScannedInBytes() != null) {
      context.detail("dataScannedInBytes", query.statistics().dataScannedInBytes());
    }
  }

  /** Also in an interrupted thread, in which the SDK would refuse to ask. */
  private void stop(String id, Exception reason) {
    boolean interrupted = Thread.interrupted();
    try {
      client.stopQueryExecution(asked -> asked.queryExecutionId(id));
    } catch (SdkException e) {
      reason.addSuppressed(e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
