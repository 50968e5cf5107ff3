package io.sqletl.engine.stage.execute;

import com.fasterxml.jackson.databind.JsonNode;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** One statement in Athena, from its start to its end, which does not outlive the stage. */
final class AthenaQuery {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final String ID = "QueryExecutionId";

  private final AthenaApi athena;
  private final StageContext context;

  AthenaQuery(AthenaApi athena, StageContext context) {
    this.athena = athena;
    this.context = context;
  }

  /**
   * Starts a statement and waits for it.
   *
   * @param request of the call StartQueryExecution
   * @throws StageException if Athena refuses or fails it, with Athena's reason, or if it takes too
   *     long
   * @throws InterruptedException if the run is interrupted; the statement is stopped
   */
  void run(Map<String, Object> request, Duration timeout) throws IOException, InterruptedException {
    String id = athena.call("StartQueryExecution", request).path(ID).asText();
    context.detail("queryExecutionId", id);
    try {
      requireSuccess(id, await(id, timeout));
    } catch (InterruptedException e) {
      stop(id, e);
      throw e;
    } catch (TimeoutException e) {
      stop(id, e);
      throw new StageException(
          "Athena did not finish the statement within "
              + timeout.toSeconds()
              + " s (query "
              + id
              + "); it is stopped, and a longer \"timeout\" lets it go on",
          e);
    }
  }

  private JsonNode await(String id, Duration timeout)
      throws IOException, InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      Thread.sleep(pause.toMillis());
      JsonNode query = athena.call("GetQueryExecution", Map.of(ID, id)).path("QueryExecution");
      String state = state(query);
      if (!state.equals("QUEUED") && !state.equals("RUNNING")) {
        return query;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new TimeoutException();
      }
      pause = pause.multipliedBy(2);
      if (pause.compareTo(LONGEST_PAUSE) > 0) {
        pause = LONGEST_PAUSE;
      }
    }
  }

  private static String state(JsonNode query) {
    return query.path("Status").path("State").asText();
  }

  private void requireSuccess(String id, JsonNode query) {
    String state = state(query);
    if (!state.equals("SUCCEEDED")) {
      throw new StageException(
          "Athena %s the statement: %s (query %s)"
              .formatted(
                  state.equals("CANCELLED") ? "cancelled" : "failed",
                  query.path("Status").path("StateChangeReason").asText("no reason given"),
                  id));
    }
    JsonNode scanned = query.path("Statistics").path("DataScannedInBytes");
    if (scanned.isNumber()) {
      context.detail("dataScannedInBytes", scanned.asLong());
    }
  }

  /** Also in an interrupted thread, in which no call would be made. */
  private void stop(String id, Exception reason) {
    boolean interrupted = Thread.interrupted();
    try {
      athena.call("StopQueryExecution", Map.of(ID, id));
    } catch (IOException | StageException e) {
      reason.addSuppressed(e);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
