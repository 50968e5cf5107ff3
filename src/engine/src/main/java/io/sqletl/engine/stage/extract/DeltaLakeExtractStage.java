package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.delta.DeltaVersion;
import io.sqletl.engine.typing.Schema;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes a view of a Delta table, through which the table can be modified. */
public final class DeltaLakeExtractStage implements StageType<DeltaLakeExtract> {

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
    DataUri.checkTable(planning, "inputURI", keys.inputURI());
    keys.access().check(planning);
    keys.options().ifPresent(options -> options.check(planning));
    PlannedSchema schema = keys.schema().plan(planning);
    return context -> Optional.of(keys.output().register(read(keys, schema, context), context));
  }

  private static Dataset<Row> read(
      DeltaLakeExtract keys, PlannedSchema schema, StageContext context) {
    context.detail("input", keys.inputURI());
    keys.access().apply(keys.inputURI(), context);
    if (context.options().streaming()) {
      return context.spark().readStream().format("delta").load(keys.inputURI());
    }
    DeltaCommits commits = DeltaCommits.of(context.spark(), keys.inputURI());
    if (!commits.exist()) {
      return UnwrittenTable.rows(keys.inputURI(), schema, context);
    }
    Dataset<Row> rows = DeltaVersion.read(keys.inputURI(), keys.options(), commits, context);
    schema
        .schema(context)
        .map(Schema::toStructType)
        .ifPresent(columns -> SchemaDifferences.tell("the table", rows.schema(), columns, context));
    return rows;
  }
}
