package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.delta.SymlinkManifest;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.streaming.DataStreamWriter;

/**
 * Writes a view as a Delta table. The commit is the last thing that is written, so a load that
 * fails or is killed leaves the table as it was.
 */
public final class DeltaLakeLoadStage implements StageType<DeltaLakeLoad> {

  private static final String FORMAT = "delta";
  private static final String REPLACE_WHERE = "replaceWhere";
  private static final String OVERWRITE_SCHEMA = "overwriteSchema";
  private static final String CHECKPOINT_LOCATION = "checkpointLocation";

  @Override
  public Class<DeltaLakeLoad> configuration() {
    return DeltaLakeLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as a Delta table; a load that fails leaves the table as it was.";
  }

  @Override
  public Stage plan(DeltaLakeLoad keys, StagePlanning planning) {
    DataUri.checkTable(planning, "outputURI", keys.outputURI());
    keys.access().check(planning);
    Map<String, String> options = options(keys, planning);
    return context -> {
      keys.access().apply(keys.outputURI(), context);
      Dataset<Row> rows =
          FormatRules.DELTA
              .prepare(
                  context.view(keys.inputView()), keys.inputView(), keys.partitionBy(), context)
              .rows();
      return rows.isStreaming()
          ? stream(rows, keys, options, context)
          : write(rows, keys, options, context);
    };
  }

  private static Map<String, String> options(DeltaLakeLoad keys, StagePlanning planning) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(keys.options());
    merge(options, REPLACE_WHERE, keys.replaceWhere(), planning);
    merge(options, "mergeSchema", keys.mergeSchema().map(String::valueOf), planning);
    merge(options, OVERWRITE_SCHEMA, keys.overwriteSchema().map(String::valueOf), planning);
    merge(options, CHECKPOINT_LOCATION, keys.checkpointLocation(), planning);
    boolean partial =
        options.containsKey(REPLACE_WHERE)
            || "dynamic".equalsIgnoreCase(options.get("partitionOverwriteMode"));
    if (!partial) {
      // Delta refuses to replace the columns of a table of which rows are kept
      options.putIfAbsent(OVERWRITE_SCHEMA, "true");
    }
    return options;
  }

  private static void merge(
      Map<String, String> options, String name, Optional<String> value, StagePlanning planning) {
    value.ifPresent(
        text -> {
          String other = options.put(name, text);
          if (other != null && !other.equals(text)) {
            planning.invalid(
                name,
                "\"" + name + "\" is \"" + text + "\" here and \"" + other + "\" in \"options\"",
                "write it once");
          }
        });
  }

  private static Optional<Dataset<Row>> write(
      Dataset<Row> rows, DeltaLakeLoad keys, Map<String, String> options, StageContext context)
      throws IOException {
    if (keys.saveMode() == SaveMode.ErrorIfExists
        && DeltaCommits.of(context.spark(), keys.outputURI()).exist()) {
      throw new StageException(
          "There is a Delta table at '"
              + keys.outputURI()
              + "' already and 'saveMode' equals 'ErrorIfExists' so cannot continue.");
    }
    keys.numPartitions().ifPresent(number -> context.detail("numPartitions", number));
    Dataset<Row> dealtOut =
        OutputView.Partitioning.apply(rows, keys.numPartitions(), keys.partitionBy());
    Guard.tell(
        () ->
            dealtOut
                .write()
                .format(FORMAT)
                .mode(keys.saveMode())
                .partitionBy(keys.partitionBy().toArray(String[]::new))
                .options(options)
                .save(keys.outputURI()));
    if (keys.generateSymlinkManifest()) {
      SymlinkManifest.write(context, keys.outputURI());
    }
    context.detail("commit", DeltaCommits.of(context.spark(), keys.outputURI()).own());
    context.wrote(keys.outputURI());
    return Optional.of(dealtOut);
  }

  private static Optional<Dataset<Row>> stream(
      Dataset<Row> rows, DeltaLakeLoad keys, Map<String, String> options, StageContext context)
      throws TimeoutException {
    if (!options.containsKey(CHECKPOINT_LOCATION)) {
      throw new StageException(
          "DeltaLakeLoad requires the option 'checkpointLocation' for a streaming view.");
    }
    Map<String, String> streamed = new TreeMap<>(options);
    streamed.remove(OVERWRITE_SCHEMA); // The one that is always added; a stream only appends
    DataStreamWriter<Row> writer =
        rows.writeStream()
            .format(FORMAT)
            .outputMode(keys.outputMode().name().toLowerCase(Locale.ROOT))
            .options(streamed);
    if (!keys.partitionBy().isEmpty()) {
      writer.partitionBy(keys.partitionBy().toArray(String[]::new));
    }
    writer.start(keys.outputURI());
    context.wrote(keys.outputURI());
    return Optional.of(rows);
  }
}
