package io.sqletl.engine.stage.load;

import io.delta.tables.DeltaMergeBuilder;
import io.delta.tables.DeltaTable;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.DataUri;
import io.sqletl.engine.stage.IdleKeys;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import io.sqletl.engine.stage.delta.AddedFiles;
import io.sqletl.engine.stage.delta.DeltaCommits;
import io.sqletl.engine.stage.delta.SymlinkManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Merges a view into a Delta table, in one commit. */
public final class DeltaLakeMergeLoadStage implements StageType<DeltaLakeMergeLoad> {

  private static final String SOURCE = "source";
  private static final String TARGET = "target";
  private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";

  @Override
  public Class<DeltaLakeMergeLoad> configuration() {
    return DeltaLakeMergeLoad.class;
  }

  @Override
  public String description() {
    return "Merges a view into a Delta table: updates and deletes the rows that match, inserts and"
        + " deletes those that do not, in one commit.";
  }

  @Override
  public Stage plan(DeltaLakeMergeLoad keys, StagePlanning planning) {
    DataUri.checkTable(planning, "outputURI", keys.outputURI());
    keys.access().check(planning);
    DataUri.refuseRoot(planning, "outputURI", keys.outputURI());
    new MergeClauses(keys).check(planning);
    FileTarget.refuseTwice(keys.partitionBy(), planning);
    new IdleKeys(planning)
        .warn(
            !keys.partitionBy().isEmpty() && !keys.createTableIfNotExists(),
            "partitionBy",
            "with \"createTableIfNotExists\": true")
        .warn(
            keys.mergeSchema() && !takesAll(keys),
            "mergeSchema",
            "where a clause takes every column, as {} does");
    return context -> Optional.of(load(keys, context));
  }

  private static Dataset<Row> load(DeltaLakeMergeLoad keys, StageContext context)
      throws IOException {
    keys.access().apply(keys.outputURI(), context);
    DeltaCommits commits = DeltaCommits.of(context.spark(), keys.outputURI());
    boolean exists = commits.exist();
    boolean writes =
        keys.whenMatchedUpdate().isPresent() || keys.whenNotMatchedByTargetInsert().isPresent();
    List<String> folders = exists && writes ? commits.partitionColumns() : List.of();
    Dataset<Row> rows = FormatRules.inFolders(context.view(keys.inputView()), folders, context);
    // What makes a table is guarded as any load of one is
    Dataset<Row> source = (exists && writes ? FormatRules.encoded(rows, context) : rows).as(SOURCE);
    long before = exists ? commits.latest() : -1;
    if (!exists && !keys.createTableIfNotExists()) {
      throw new StageException(
          "There is no Delta table at '"
              + keys.outputURI()
              + "' and 'createTableIfNotExists' is set to false.");
    }
    Dataset<Row> result =
        withPartitions(
            keys.numPartitions(),
            context.spark(),
            () -> exists ? merge(source, keys, context) : create(source, keys, context));
    if (keys.generateSymlinkManifest()) {
      SymlinkManifest.write(context, keys.outputURI());
    }
    DeltaCommits after = DeltaCommits.known(context.spark(), keys.outputURI());
    context.detail("commit", after.own());
    Optional<RowChanges> changes = after.mergedSince(before);
    changes.ifPresent(context::changed);
    if (changes.isEmpty() && exists) {
      // A merge that changes nothing makes no commit
      context.changed(new RowChanges(0, 0, 0, 0));
    }
    if (changes.isPresent() && exists) {
      warnOfEmptyView(source, keys, changes.get().deleted(), context);
    }
    if (!exists && keys.whenNotMatchedByTargetInsert().isEmpty()) {
      warnOfRowsWithoutPlace(source, keys, context);
    }
    if (!exists || !after.mergeTookAllSince(before)) {
      MergeNulls.tell(source, keys, exists, context);
    }
    MergeKeys condition = MergeKeys.of(keys.condition());
    if (keys.whenNotMatchedByTargetInsert().isPresent() && !condition.pairs().isEmpty()) {
      DeltaLakeMergeLoad.Write insert = keys.whenNotMatchedByTargetInsert().get();
      AddedFiles added = AddedFiles.since(context.spark(), keys.outputURI(), before);
      condition.warnOfNulls(
          insert.condition().map(source::where).orElse(source), insert.values(), added, context);
      if (changes.map(RowChanges::inserted).orElse(Long.MAX_VALUE) > 1) {
        condition.warnOfRepeated(insert.values(), added, context);
      }
    }
    context.wrote(keys.outputURI());
    return result;
  }

  /** A source that was empty for once takes all rows with it. */
  private static void warnOfEmptyView(
      Dataset<Row> source, DeltaLakeMergeLoad keys, long deleted, StageContext context) {
    if (deleted > 0 && keys.whenNotMatchedBySourceDelete().isPresent() && source.isEmpty()) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "The view \""
              + keys.inputView()
              + "\" has no rows, so \"whenNotMatchedBySourceDelete\" deleted "
              + deleted
              + " of the table "
              + keys.outputURI(),
          "if that is wrong, bring them back with %sql RESTORE TABLE delta.`"
              + keys.outputURI()
              + "` TO VERSION AS OF …, and check the view with a SQLValidate before");
    }
  }

  /** Nothing matches in a table that was not there, and no clause inserts. */
  private static void warnOfRowsWithoutPlace(
      Dataset<Row> source, DeltaLakeMergeLoad keys, StageContext context) {
    long rows = source.count();
    if (rows > 0) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          (rows == 1 ? "1 row" : String.format(Locale.ROOT, "%,d rows", rows))
              + " of the view \""
              + keys.inputView()
              + "\" "
              + (rows == 1 ? "goes" : "go")
              + " nowhere: there was no table at "
              + keys.outputURI()
              + ", so the merge made an empty one, and no clause inserts",
          "add \"whenNotMatchedByTargetInsert\": {} if they are to be in the table, or correct"
              + " \"outputURI\"");
    }
  }

  private static Dataset<Row> merge(
      Dataset<Row> source, DeltaLakeMergeLoad keys, StageContext context) {
    DeltaTable table = DeltaTable.forPath(context.spark(), keys.outputURI()).as(TARGET);
    List<String> columns = List.of(table.toDF().columns());
    if (!keys.mergeSchema()) {
      warnOfNewColumns(source, columns, keys, context);
    }
    MergeKeys.of(keys.condition()).warnOfTypes(source.schema(), table.toDF().schema(), context);
    new MergedTypes(keys, source, table.toDF(), context).require();
    Dataset<Row> fitting = takesAll(keys) ? fitting(source, table, keys) : source;
    CharComparisons chars =
        new CharComparisons(
            source, table.toDF(), DeltaCommits.known(context.spark(), keys.outputURI()).columns());
    String condition = chars.withoutPadding(keys.condition());
    DeltaMergeBuilder merge = table.merge(fitting, condition);
    try {
      return new MergeClauses(keys)
          .addTo(
              keys.mergeSchema() ? merge.withSchemaEvolution() : merge,
              columns,
              chars::withoutPadding)
          .execute();
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared
      Optional<String> said = Guard.said(e);
      if (said.isPresent()) {
        throw new StageException(said.get(), e);
      }
      throw e instanceof RuntimeException known
          ? new MergeDuplicates(source, SOURCE, table.toDF().as(TARGET), keys, condition)
              .explain(known)
          : Guard.unchecked(e);
    }
  }

  /** A clause that takes every column would round or cut what the table has a narrower type for. */
  private static Dataset<Row> fitting(
      Dataset<Row> source, DeltaTable table, DeltaLakeMergeLoad keys) {
    StructType there = table.toDF().schema();
    Dataset<Row> guarded =
        Guard.columns(
            source,
            (value, field) ->
                ColumnName.find(there, field.name())
                    .flatMap(
                        column ->
                            NarrowedValues.changed(value, field.dataType(), column.dataType())
                                .map(isWrong -> guard(value, field, isWrong, column, keys))));
    return guarded != source && !(keys.mergeSchema() && widens(table))
        ? guarded.as(SOURCE)
        : source;
  }

  private static Column guard(
      Column value, StructField field, Column isWrong, StructField there, DeltaLakeMergeLoad keys) {
    return Guard.against(
        value,
        isWrong,
        "DeltaLakeMergeLoad cannot write a value of the column '"
            + field.name()
            + "' of inputView '"
            + keys.inputView()
            + "' into the table '"
            + keys.outputURI()
            + "': it does not fit "
            + there.dataType().sql()
            + " as it is. Round or cast it in a SQLTransform, or give its expression in"
            + " \"values\".",
        value.cast(DataTypes.StringType));
  }

  /** Whether the table's types follow those of what is merged. */
  private static boolean widens(DeltaTable table) {
    Map<Object, Object> properties = table.detail().select("properties").first().getJavaMap(0);
    return "true".equals(properties.get("delta.enableTypeWidening"));
  }

  /** A clause that takes every column takes those that the table has. */
  private static void warnOfNewColumns(
      Dataset<Row> source, List<String> columns, DeltaLakeMergeLoad keys, StageContext context) {
    List<String> left =
        Stream.of(source.schema().fields())
            .filter(field -> !InternalColumn.isRecordErrors(field))
            .map(StructField::name)
            .filter(name -> columns.stream().noneMatch(name::equalsIgnoreCase))
            .toList();
    if (takesAll(keys) && !left.isEmpty()) {
      context.warn(
          ErrorCode.LOST_IN_LOAD,
          "The table "
              + keys.outputURI()
              + " has no "
              + (left.size() == 1 ? "column " : "columns ")
              + String.join(", ", left)
              + " of the view \""
              + keys.inputView()
              + "\", so the merge leaves "
              + (left.size() == 1 ? "it" : "them")
              + " out",
          "set \"mergeSchema\" to true to add "
              + (left.size() == 1 ? "it" : "them")
              + ", or leave "
              + (left.size() == 1 ? "it" : "them")
              + " out of the view");
    }
  }

  private static boolean takesAll(DeltaLakeMergeLoad keys) {
    return Stream.of(keys.whenMatchedUpdate(), keys.whenNotMatchedByTargetInsert())
        .flatMap(Optional::stream)
        .anyMatch(clause -> clause.values().isEmpty());
  }

  /**
   * Makes the table of what a merge into an empty one would insert; that is one commit instead of
   * two, and no table is left behind if it fails.
   */
  private static Dataset<Row> create(
      Dataset<Row> source, DeltaLakeMergeLoad keys, StageContext context) {
    Dataset<Row> rows =
        FormatRules.DELTA
            .prepare(inserted(source, keys), keys.inputView(), keys.partitionBy(), context)
            .rows();
    Runnable save =
        () ->
            rows.write()
                .format("delta")
                .mode(SaveMode.ErrorIfExists)
                .partitionBy(keys.partitionBy().toArray(String[]::new))
                .save(keys.outputURI());
    try {
      FirstDeltaLoad.into(keys.outputURI(), context, () -> Guard.tell(save));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write '" + keys.outputURI() + "'", e);
    }
    return rows;
  }

  private static Dataset<Row> inserted(Dataset<Row> source, DeltaLakeMergeLoad keys) {
    if (keys.whenNotMatchedByTargetInsert().isEmpty()) {
      return source.limit(0);
    }
    DeltaLakeMergeLoad.Write insert = keys.whenNotMatchedByTargetInsert().get();
    Dataset<Row> rows = insert.condition().map(source::where).orElse(source);
    return insert.values().isEmpty() ? rows : rows.select(columns(source, insert.values()));
  }

  /** The values in the order of the view's columns of the same names, then the others. */
  private static Column[] columns(Dataset<Row> source, Map<String, String> values) {
    Map<String, String> ordered = new LinkedHashMap<>();
    for (String column : source.columns()) {
      if (values.containsKey(column)) {
        ordered.put(column, values.get(column));
      }
    }
    values.forEach(ordered::putIfAbsent);
    return ordered.entrySet().stream()
        .map(value -> functions.expr(value.getValue()).as(value.getKey()))
        .toArray(Column[]::new);
  }

  private static Dataset<Row> withPartitions(
      Optional<Integer> number, SparkSession spark, Supplier<Dataset<Row>> merge) {
    if (number.isEmpty()) {
      return merge.get();
    }
    String before = spark.conf().get(SHUFFLE_PARTITIONS);
    spark.conf().set(SHUFFLE_PARTITIONS, number.get());
    try {
      return merge.get();
    } finally {
      spark.conf().set(SHUFFLE_PARTITIONS, before);
    }
  }
}
