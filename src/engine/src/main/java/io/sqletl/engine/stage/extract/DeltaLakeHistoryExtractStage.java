package io.sqletl.engine.stage.extract;

import com.typesafe.config.ConfigValue;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.PlannedSchema;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.delta.DeltaVersion;
import io.sqletl.engine.stage.history.Moment;
import io.sqletl.engine.stage.history.StoredHistory;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes a view of a history: as it was at a moment, as it is, or all versions. */
public final class DeltaLakeHistoryExtractStage implements StageType<DeltaLakeHistoryExtract> {

  private static final String AS_OF = "asOf";

  @Override
  public Class<DeltaLakeHistoryExtract> configuration() {
    return DeltaLakeHistoryExtract.class;
  }

  @Override
  public String description() {
    return "Makes a view of a table that DeltaLakeHistoryLoad made: what held at a moment, what"
        + " holds now, or all versions.";
  }

  @Override
  public Stage plan(DeltaLakeHistoryExtract keys, StagePlanning planning) {
    DataUri.checkTable(planning, "inputURI", keys.inputURI());
    keys.access().check(planning);
    keys.options().ifPresent(options -> options.check(planning));
    Optional<Moment> moment = keys.asOf().map(DeltaLakeHistoryExtractStage::moment);
    moment
        .flatMap(Moment::problem)
        .ifPresent(
            problem ->
                planning.invalid(AS_OF, problem, "write it as 2026-01-31 or 2026-01-31 12:00:00"));
    if (keys.asOf().isPresent() && keys.versions().isPresent()) {
      planning.invalid(
          AS_OF,
          "\"asOf\" and \"versions\" exclude each other: one moment has one version of a thing",
          "keep \"asOf\" for what held at a moment, or \"versions\" for what holds now or all");
    }
    PlannedSchema schema = keys.schema().plan(planning);
    return context ->
        Optional.of(keys.output().register(read(keys, moment, schema, context), context));
  }

  private static Moment moment(ConfigValue value) {
    Object plain = value.unwrapped();
    return new Moment(
        plain instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : List.of(String.valueOf(plain)));
  }

  private static Dataset<Row> read(
      DeltaLakeHistoryExtract keys,
      Optional<Moment> moment,
      PlannedSchema schema,
      StageContext context) {
    context.detail("input", keys.inputURI());
    keys.access().apply(keys.inputURI(), context);
    DeltaCommits commits = DeltaCommits.of(context.spark(), keys.inputURI());
    if (!commits.exist()) {
      return UnwrittenTable.rows(keys.inputURI(), schema, context);
    }
    Dataset<Row> table = DeltaVersion.read(keys.inputURI(), keys.options(), commits, context);
    StoredHistory history = StoredHistory.of(table, commits, keys.inputURI());
    return moment
        .map(history::asOf)
        .orElseGet(
            () ->
                keys.versions().filter(DeltaLakeHistoryExtract.Versions.current::equals).isPresent()
                    ? history.current()
                    : history.all());
  }
}
