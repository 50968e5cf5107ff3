package io.sqletl.engine.stage.execute;

import static io.sqletl.engine.stage.SqlJob.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sqletl.engine.job.Problem;
import io.sqletl.engine.stage.SqlJob;
import io.sqletl.engine.stage.StageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AthenaExecuteStageTest {

  private static final String DDL =
      "CREATE EXTERNAL TABLE t LOCATION 's3://${bucket}/t/' TBLPROPERTIES('table_type'='DELTA')";
  private static final String BUCKET = ", sqlParams: {bucket: lake}";

  @TempDir Path folder;
  private AthenaServer athena;

  @BeforeEach
  void start() throws Exception {
    athena = new AthenaServer();
  }

  @AfterEach
  void stop() {
    athena.close();
  }

  @Test
  void runsAStatementToItsEnd() throws Exception {
    athena.with("QUEUED", "RUNNING", "SUCCEEDED");
    SqlJob job = execute(DDL, BUCKET + ", workgroup: etl, outputLocation: \"s3a://lake/results/\"");
    assertThat(athena.calls())
        .extracting(call -> call.split(" ")[0])
        .containsExactly(
            "StartQueryExecution", "GetQueryExecution", "GetQueryExecution", "GetQueryExecution");
    assertThat(athena.calls().get(0))
        .contains("LOCATION 's3://lake/t/'")
        .contains("\"WorkGroup\":\"etl\"")
        .contains("\"Database\":\"default\"")
        .contains("\"OutputLocation\":\"s3://lake/results/\"");
    assertThat(job.detail())
        .containsEntry("queryExecutionId", "q-1")
        .containsEntry("workgroup", "etl")
        .containsEntry("dataScannedInBytes", 42L);
  }

  @Test
  void failsWithAthenasReason() {
    athena.with("FAILED: COLUMN_NOT_FOUND: line 1:8: Column x cannot be resolved");
    assertThatThrownBy(() -> execute("SELECT x", ""))
        .isInstanceOf(StageException.class)
        .hasMessage(
            "Athena failed the statement: COLUMN_NOT_FOUND: line 1:8: Column x cannot be resolved"
                + " (query q-1)");
    assertThat(athena.calls()).noneMatch(call -> call.startsWith("StopQueryExecution"));
  }

  @Test
  void failsWhenSomebodyCancels() {
    athena.with("CANCELLED: Query cancelled by user");
    assertThatThrownBy(() -> execute("SELECT 1", ""))
        .hasMessage("Athena cancelled the statement: Query cancelled by user (query q-1)");
  }

  @Test
  void saysWhatAthenaDoesNotTakeWithoutSecrets() {
    athena.refusing("Queries of type hunter2 are not supported");
    assertThatThrownBy(() -> execute("${password}", ", sqlParams: {password: hunter2}"))
        .isInstanceOf(StageException.class)
        .hasMessageStartingWith(
            "Athena refused the call StartQueryExecution with status 400: InvalidRequestException")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void stopsWhatTakesTooLong() {
    athena.with("RUNNING");
    assertThatThrownBy(() -> execute("SELECT 1", ", timeout: 1"))
        .isInstanceOf(StageException.class)
        .hasMessageContaining("did not finish the statement within 1 s (query q-1)");
    assertThat(athena.calls()).last().asString().startsWith("StopQueryExecution");
  }

  @Test
  void stopsTheStatementWhenTheRunIsInterrupted() throws Exception {
    athena.with("RUNNING");
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Thread run =
        new Thread(
            () -> {
              try {
                execute("SELECT 1", "");
                end.complete(null);
              } catch (Exception e) {
                end.complete(e);
              }
            });
    run.start();
    athena.await("GetQueryExecution");
    run.interrupt();
    assertThat(end.join()).isInstanceOf(InterruptedException.class);
    assertThat(athena.calls()).last().asString().startsWith("StopQueryExecution");
  }

  @Test
  void wrongKeysAreFoundBeforeARun() throws Exception {
    assertThat(
            SqlJob.problems(
                stage(
                    "AthenaExecute",
                    "inputURI: \""
                        + file("SELECT ${x}")
                        + "\", timeout: 0, outputLocation: \"/tmp/results\"")))
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("A timeout of 0 s"))
        .anyMatch(message -> message.contains("Athena writes to S3 only"))
        .anyMatch(message -> message.contains("x"));
    assertThat(athena.calls()).isEmpty();
  }

  private SqlJob execute(String sql, String keys) throws Exception {
    return SqlJob.run(stage("AthenaExecute", "inputURI: \"" + file(sql) + "\"" + keys));
  }

  private Path file(String sql) throws Exception {
    return Files.writeString(folder.resolve("statement.sql"), sql);
  }
}
