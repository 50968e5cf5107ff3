package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.DeltaCommits;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes a view of a Delta table, through which the table can be modified. */
public final class DeltaLakeExtractStage implements StageType<DeltaLakeExtract> {

  private static final String TIME_ZONE = "spark.sql.session.timeZone";

  @Override
  public Class<DeltaLakeExtract> configuration() {
    return DeltaLakeExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of a Delta table; the view follows the table's latest version unless"
        + " \"options\" name another, and MERGE INTO the view modifies the table.";
  }

  @Override
  public Stage plan(DeltaLakeExtract keys, StagePlanning planning) {
    keys.access().check(planning);
    keys.options().ifPresent(options -> options.check(planning));
    return context -> extract(keys, context);
  }

  private static Optional<Dataset<Row>> extract(DeltaLakeExtract keys, StageContext context) {
    context.detail("input", keys.inputURI());
    keys.access().apply(keys.inputURI(), context);
    if (context.options().streaming()) {
      Dataset<Row> stream = context.spark().readStream().format("delta").load(keys.inputURI());
      return Optional.of(keys.output().register(stream, context));
    }
    DeltaCommits commits = DeltaCommits.of(context.spark(), keys.inputURI());
    if (!commits.exist()) {
      throw new StageException(
          "Input '"
              + keys.inputURI()
              + "' does not contain any fields and no schema has been provided to create an empty"
              + " dataframe.");
    }
    Map<String, String> version =
        keys.options()
            .map(options -> options.readOptions(commits, context.spark().conf().get(TIME_ZONE)))
            .orElse(Map.of());
    Dataset<Row> table =
        context.spark().read().format("delta").options(version).load(keys.inputURI());
    context.detail("commit", commits.describe(commits.versionOf(table)));
    return Optional.of(keys.output().register(table, context));
  }
}
