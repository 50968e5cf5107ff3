package io.sqletl.engine.stage.extract;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.delta.DeltaVersion;
import io.sqletl.engine.typing.Schema;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.TimestampType;

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
    tellOfFolders(rows, commits, context);
    schema
        .schema(context)
        .map(Schema::toStructType)
        .ifPresent(columns -> SchemaDifferences.tell("the table", rows.schema(), columns, context));
    return rows;
  }

  /** Spark writes moments into names of folders in the session's zone, and others in UTC. */
  private static void tellOfFolders(Dataset<Row> rows, DeltaCommits commits, StageContext context) {
    String zone = context.spark().conf().get("spark.sql.session.timeZone");
    List<String> moments =
        commits.partitionColumns().stream()
            .filter(
                name ->
                    ColumnName.find(rows.schema(), name)
                        .filter(field -> field.dataType() instanceof TimestampType)
                        .isPresent())
            .toList();
    if (moments.isEmpty() || ZoneId.of(zone).getRules().equals(ZoneOffset.UTC.getRules())) {
      return;
    }
    Optional<String> writer = commits.writer().filter(name -> !name.startsWith("Apache-Spark"));
    if (writer.isPresent()) {
      context.warnOfColumns(
          "the partition columns "
              + String.join(", ", moments)
              + " are moments without a zone in the table's log, which "
              + writer.get()
              + " may have written in UTC, and are read as those of "
              + zone,
          "run with --spark-conf spark.sql.session.timeZone=UTC");
    }
  }
}
