package io.sqletl.engine.stage.execute;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.sql.SqlStatement;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

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
      throws IOException, InterruptedException {
    context.detail("inputURI", keys.inputURI());
    context.detail("workgroup", keys.workgroup());
    context.detail("database", keys.database());
    statement.describe(context);
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("QueryString", statement.text());
    request.put("WorkGroup", keys.workgroup());
    // So that a call that is made again starts no second statement
    request.put("ClientRequestToken", UUID.randomUUID().toString());
    Map<String, String> place = new LinkedHashMap<>();
    place.put("Database", keys.database());
    keys.catalog().ifPresent(catalog -> place.put("Catalog", catalog));
    request.put("QueryExecutionContext", place);
    keys.outputLocation()
        .ifPresent(
            uri ->
                request.put(
                    "ResultConfiguration",
                    Map.of("OutputLocation", uri.replaceFirst("^s3a:", "s3:"))));
    try {
      new AthenaQuery(AthenaApi.connect(), context)
          .run(request, Duration.ofSeconds(keys.timeout()));
    } catch (StageException e) {
      // Athena quotes the statement
      throw new StageException(statement.withoutSecrets(e.getMessage()), e.getCause());
    }
  }
}
