package io.sqletl.engine.stage.load;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.RecordAccount;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.delta.SymlinkManifest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.types.StructType;

/**
 * Writes a view as a Delta table. The commit is the last thing that is written, so a load that
 * fails or is killed leaves the table as it was.
 */
public final class DeltaLakeLoadStage implements StageType<DeltaLakeLoad> {

  private static final String FORMAT = "delta";

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
    DataUri.refuseRoot(planning, "outputURI", keys.outputURI());
    FileTarget.refuseTwice(keys.partitionBy(), planning);
    Map<String, String> given = given(keys, planning);
    DeltaOptions.check(keys, given, planning);
    Map<String, String> options = withSchemas(given);
    return context -> {
      keys.access().apply(keys.outputURI(), context);
      DeltaCommits commits = DeltaCommits.of(context.spark(), keys.outputURI());
      Dataset<Row> prepared =
          FormatRules.DELTA
              .prepare(
                  asTheTable(context.view(keys.inputView()), keys, options, commits, context),
                  keys.inputView(),
                  keys.partitionBy(),
                  context)
              .rows();
      Dataset<Row> fitting =
          adds(prepared, keys, options) && commits.exist()
              ? DeltaAppend.to(keys.outputURI(), keys.inputView(), commits).widened(prepared)
              : prepared;
      Dataset<Row> rows =
          keys.partitionBy().isEmpty()
              ? FormatRules.inFolders(fitting, commits.partitionColumns(), context)
              : fitting;
      return rows.isStreaming()
          ? stream(rows, keys, options, context)
          : write(
              rows,
              keys,
              keepsRules(rows, keys, given, commits) ? given : options,
              commits,
              context);
    };
  }

  /**
   * Whether the table's columns stay as they are though all rows are replaced: the view's are the
   * same, and the table says more of its own, such as NOT NULL.
   *
   * @param given options of the job; one that says how it wants the columns has its way
   */
  private static boolean keepsRules(
      Dataset<Row> rows, DeltaLakeLoad keys, Map<String, String> given, DeltaCommits commits) {
    return keys.saveMode() == SaveMode.Overwrite
        && !DeltaOptions.replacesPart(given)
        && !given.containsKey(DeltaOptions.OVERWRITE_SCHEMA)
        && commits.exist()
        && commits.partitionColumns().equals(keys.partitionBy())
        && TableRules.haveSameColumns(rows.schema(), commits.columns())
        // Delta makes columns that may be NULL, whatever the view's are
        && !TableRules.lost(commits.columns(), rows.schema().asNullable()).isEmpty();
  }

  /** Whether the columns of a table that is there stay as they are. */
  private static boolean adds(Dataset<Row> rows, DeltaLakeLoad keys, Map<String, String> options) {
    return rows.isStreaming()
        || keys.saveMode() == SaveMode.Append
        || !Boolean.parseBoolean(options.get(DeltaOptions.OVERWRITE_SCHEMA));
  }

  /**
   * A table that keeps its columns and has none for what an extract says of a record goes on as
   * before; any other gets it, as it gets the other columns that extracts add.
   */
  private static Dataset<Row> asTheTable(
      Dataset<Row> rows,
      DeltaLakeLoad keys,
      Map<String, String> options,
      DeltaCommits commits,
      StageContext context) {
    boolean replaces =
        keys.saveMode() == SaveMode.Overwrite
            && !rows.isStreaming()
            && Boolean.parseBoolean(options.get(DeltaOptions.OVERWRITE_SCHEMA));
    boolean hasErrors =
        Arrays.stream(rows.schema().fields()).anyMatch(InternalColumn::isRecordErrors);
    if (!hasErrors
        || replaces
        || Boolean.parseBoolean(options.get("mergeSchema"))
        || !commits.exist()) {
      return rows;
    }
    List<String> columns =
        List.of(context.spark().read().format(FORMAT).load(keys.outputURI()).columns());
    return columns.contains(InternalColumn.ERRORS) ? rows : RecordAccount.withoutErrors(rows);
  }

  /** Those of the job, each once. */
  private static Map<String, String> given(DeltaLakeLoad keys, StagePlanning planning) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(keys.options());
    merge(options, DeltaOptions.REPLACE_WHERE, keys.replaceWhere(), planning);
    merge(options, "mergeSchema", keys.mergeSchema().map(String::valueOf), planning);
    merge(
        options,
        DeltaOptions.OVERWRITE_SCHEMA,
        keys.overwriteSchema().map(String::valueOf),
        planning);
    merge(options, DeltaOptions.CHECKPOINT_LOCATION, keys.checkpointLocation(), planning);
    return options;
  }

  private static Map<String, String> withSchemas(Map<String, String> given) {
    Map<String, String> options = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    options.putAll(given);
    if (!DeltaOptions.replacesPart(given)) {
      // Delta refuses to replace the columns of a table of which rows are kept
      options.putIfAbsent(DeltaOptions.OVERWRITE_SCHEMA, "true");
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
      Dataset<Row> rows,
      DeltaLakeLoad keys,
      Map<String, String> options,
      DeltaCommits commits,
      StageContext context)
      throws IOException {
    boolean exists = commits.exist();
    if (exists && keys.saveMode() == SaveMode.Ignore) {
      TargetFolder.at(keys.outputURI(), context).tellIgnored();
      return Optional.of(rows);
    } else if (exists && keys.saveMode() == SaveMode.Append) {
      DeltaAppend.to(keys.outputURI(), keys.inputView(), commits).warnOfMissing(rows, context);
    } else if (exists && replacesAll(keys, options)) {
      warnOfFolders(commits.partitionColumns(), keys, context);
    }
    if (keys.saveMode() == SaveMode.ErrorIfExists && exists) {
      throw new StageException(
          "There is a Delta table at '"
              + keys.outputURI()
              + "' already and 'saveMode' equals 'ErrorIfExists' so cannot continue.");
    }
    keys.numPartitions().ifPresent(number -> context.detail("numPartitions", number));
    Dataset<Row> replacing =
        options.containsKey(DeltaOptions.REPLACE_WHERE)
            ? guarded(rows, options.get(DeltaOptions.REPLACE_WHERE), keys)
            : rows;
    Dataset<Row> dealtOut =
        OutputView.Partitioning.apply(replacing, keys.numPartitions(), keys.partitionBy());
    Runnable save =
        () ->
            dealtOut
                .write()
                .format(FORMAT)
                .mode(keys.saveMode())
                .partitionBy(keys.partitionBy().toArray(String[]::new))
                .options(options)
                .save(keys.outputURI());
    long before = exists ? commits.latest() : -1;
    StructType columns = commits.columns();
    if (exists) {
      Guard.tell(save);
      if (options.containsKey(DeltaOptions.TXN_VERSION) && commits.latest() == before) {
        tellWrittenBefore(keys, options, context);
      }
    } else {
      FirstDeltaLoad.into(keys.outputURI(), context, () -> Guard.tell(save));
    }
    if (keys.generateSymlinkManifest()) {
      SymlinkManifest.write(context, keys.outputURI());
    }
    DeltaCommits after = DeltaCommits.known(context.spark(), keys.outputURI());
    context.detail("commit", after.own());
    after.replacedSince(before).ifPresent(context::changed);
    if (exists && keys.saveMode() == SaveMode.Overwrite && after.isEmptiedSince(before)) {
      OptionalLong removed = removed(after, before, keys, options, context);
      removed.ifPresent(number -> context.changed(new RowChanges(0, 0, number, 0)));
      if (removed.orElse(1) > 0) {
        tellEmptied(removed, before, keys, options, context);
      }
    }
    if (exists && options.containsKey(DeltaOptions.REPLACE_WHERE)) {
      ReplacedNulls.tell(options.get(DeltaOptions.REPLACE_WHERE), keys.outputURI(), context);
    }
    if (exists && replacesAll(keys, options)) {
      ReplacedColumns.tell(columns, after.columns(), before, keys.outputURI(), context);
      TableRules.tell(columns, after.columns(), before, keys.outputURI(), context);
    }
    context.wrote(keys.outputURI());
    return Optional.of(dealtOut);
  }

  /** Delta refuses such rows too, as those that break a check that no table has. */
  private static Dataset<Row> guarded(Dataset<Row> rows, String replaced, DeltaLakeLoad keys) {
    String first = rows.columns()[0];
    Column fails =
        functions.not(functions.coalesce(functions.expr(replaced), functions.lit(false)));
    return Guard.columns(
        rows,
        (value, field) ->
            field.name().equals(first)
                ? Optional.of(
                    Guard.against(
                        value,
                        fails,
                        "DeltaLakeLoad cannot write a row of inputView '"
                            + keys.inputView()
                            + "': \"replaceWhere\" ("
                            + replaced
                            + ") is not true of it, so that the next load would not replace it."
                            + " Leave such rows out of the view, or widen \"replaceWhere\".",
                        functions.to_json(functions.struct(functions.col("*")))))
                : Optional.empty());
  }

  private static boolean replacesAll(DeltaLakeLoad keys, Map<String, String> options) {
    return keys.saveMode() == SaveMode.Overwrite && !DeltaOptions.replacesPart(options);
  }

  /** A condition on columns that are no folders leaves a log that does not say the number. */
  private static OptionalLong removed(
      DeltaCommits commits,
      long before,
      DeltaLakeLoad keys,
      Map<String, String> options,
      StageContext context) {
    OptionalLong told = commits.removed();
    return told.isPresent() || !options.containsKey(DeltaOptions.REPLACE_WHERE)
        ? told
        : OptionalLong.of(
            context
                .spark()
                .read()
                .format(FORMAT)
                .option("versionAsOf", before)
                .load(keys.outputURI())
                .where(options.get(DeltaOptions.REPLACE_WHERE))
                .count());
  }

  /** A view that was empty for once takes all rows with it that it was to replace. */
  private static void tellEmptied(
      OptionalLong removed,
      long before,
      DeltaLakeLoad keys,
      Map<String, String> options,
      StageContext context) {
    String which =
        options.containsKey(DeltaOptions.REPLACE_WHERE)
            ? " of which \"replaceWhere\" (" + options.get(DeltaOptions.REPLACE_WHERE) + ") is true"
            : "";
    context.warn(
        ErrorCode.LOST_IN_LOAD,
        "The view \""
            + keys.inputView()
            + "\" has no rows, so the table "
            + keys.outputURI()
            + " has none"
            + which
            + " from now on, where it had "
            + (removed.isPresent()
                ? String.format(Locale.ROOT, "%,d", removed.getAsLong())
                : "some")
            + " before",
        "if that is wrong, bring them back with %sql RESTORE TABLE delta.`"
            + keys.outputURI()
            + "` TO VERSION AS OF "
            + before
            + ", and check the view with a SQLValidate before");
  }

  /** What replaces a table lays it out anew. */
  private static void warnOfFolders(
      List<String> folders, DeltaLakeLoad keys, StageContext context) {
    if (!folders.isEmpty() && keys.partitionBy().isEmpty()) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "The table "
              + keys.outputURI()
              + " is partitioned by "
              + String.join(", ", folders)
              + ", and the load that replaces it has no \"partitionBy\": the table has no partitions"
              + " from now on",
          "add \"partitionBy\": [\""
              + String.join("\", \"", folders)
              + "\"] if it is to keep them");
    }
  }

  /** Delta passes over a load whose number the table knows, whatever its rows are. */
  private static void tellWrittenBefore(
      DeltaLakeLoad keys, Map<String, String> options, StageContext context) {
    context.warn(
        ErrorCode.NOTHING_WRITTEN,
        "Nothing was written to the table "
            + keys.outputURI()
            + ": it has a load with \"txnVersion\" "
            + options.get(DeltaOptions.TXN_VERSION)
            + ", or a later one, of this \"txnAppId\"",
        "give other rows a greater \"txnVersion\"; of a run that is repeated this is right");
  }

  private static Optional<Dataset<Row>> stream(
      Dataset<Row> rows, DeltaLakeLoad keys, Map<String, String> options, StageContext context)
      throws TimeoutException {
    if (!options.containsKey(DeltaOptions.CHECKPOINT_LOCATION)) {
      throw new StageException(
          "DeltaLakeLoad requires the option 'checkpointLocation' for a streaming view.");
    }
    if (DeltaOptions.replacesPart(options)) {
      throw new StageException(
          "DeltaLakeLoad cannot replace a part of a table with a streaming view: its rows are only"
              + " added. Leave 'replaceWhere' and 'partitionOverwriteMode' out.");
    }
    Map<String, String> streamed = new TreeMap<>(options);
    streamed.remove(
        DeltaOptions.OVERWRITE_SCHEMA); // The one that is always added; a stream only appends
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
