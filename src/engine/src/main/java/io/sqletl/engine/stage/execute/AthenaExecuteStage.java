package io.sqletl.engine.stage.execute;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.athena.AthenaClient;

/** Runs a statement in Amazon Athena, with the usual AWS credentials and region. */
public final class AthenaExecuteStage implements StageType<AthenaExecute> {

  @Override
  public Class<AthenaExecute> configuration() {
    return AthenaExecute.class;
  }

  @Override
  public String description() {
    return "Runs one statement in Amazon Athena, such as the DDL by which a table becomes queryable.";
  }

  @Override
  public Stage plan(AthenaExecute keys, StagePlanning planning) {
    keys.access().check(planning);
    if (keys.timeout() < 1) {
      planning.invalid(
          "timeout", "A timeout of " + keys.timeout() + " s", "give 1 or more seconds");
    }
    keys.outputLocation()
        .filter(location -> !location.matches("s3a?://[^/]+(?:/.*)?"))
        .ifPresent(
            location ->
                planning.invalid(
                    "outputLocation",
                    "Athena writes to S3 only, not to " + location,
                    "give s3://BUCKET/FOLDER/"));
    Optional<SqlStatement> statement =
        SqlStatement.ofOtherSystem(keys.inputURI(), keys.sqlParams(), planning);
    return context -> {
      execute(keys, statement.orElseThrow(), context);
      return Optional.empty();
    };
  }

  private static void execute(AthenaExecute keys, SqlStatement statement, StageContext context)
      throws InterruptedException {
    context.detail("inputURI", keys.inputURI());
    context.detail("workgroup", keys.workgroup());
    context.detail("database", keys.database());
    statement.describe(context);
    try (AthenaClient client = AthenaClient.create()) {
      new AthenaQuery(client, context)
          .run(
              builder ->
                  builder
                      .queryString(statement.text())
                      .workGroup(keys.workgroup())
                      .queryExecutionContext(
                          in -> in.database(keys.database()).catalog(keys.catalog().orElse(null)))
                      .resultConfiguration(
                          to ->
                              to.outputLocation(
                                  keys.outputLocation()
                                      .map(uri -> uri.replaceFirst("^s3a:", "s3:"))
                                      .orElse(null))),
              Duration.ofSeconds(keys.timeout()));
    } catch (SdkException e) {
      throw new StageException(
          "Athena did not take the statement: " + statement.withoutSecrets(e.getMessage()), e);
    }
  }
}
