package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.delta.ShortLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.catalyst.plans.logical.Filter;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.commands.DeletionVectorBitmapGenerator$;
import org.apache.spark.sql.delta.commands.DeletionVectorResult;
import org.apache.spark.sql.delta.commands.DeletionVectorUtils$;
import org.apache.spark.sql.delta.implicits.package$;
import org.apache.spark.sql.delta.util.Utils$;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple2;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A Delta table in one transaction. What is read is one version of it, and a commit fails when
 * somebody else changed the table meanwhile, so that the load can be computed anew.
 */
public final class HistoryTable {

  private static final DeletionVectorBitmapGenerator$ GENERATOR =
      DeletionVectorBitmapGenerator$.MODULE$;
  private static final StructType VECTORS =
      new StructType()
          .add(GENERATOR.FILE_NAME_COL(), DataTypes.StringType)
          .add(GENERATOR.FILE_DV_ID_COL(), DataTypes.StringType);
  private static final StructType PATHS = new StructType().add("path", DataTypes.StringType);
  private static final int FEW_FILES = 16;
  private static final long FEW_BYTES = 8L << 20;

  private final SparkSession spark;
  private final DeltaLog log;
  private final OptimisticTransaction transaction;
  private List<AddFile> found = List.of();

  private HistoryTable(SparkSession spark, DeltaLog log) {
    this.spark = spark;
    this.log = log;
    Snapshot latest = log.update(false, Option.empty(), Option.empty());
    // With none given, Delta would ask the storage once more
    this.transaction = log.startTransaction(Option.empty(), Option.apply(latest));
    transaction.readWholeTable();
  }

  /** Begins a transaction on the table as it is now. */
  public static HistoryTable open(SparkSession spark, String uri) {
    return new HistoryTable(spark, DeltaLog.forTable(spark, new Path(uri)));
  }

  /** Whether there is a table. */
  public boolean exists() {
    return transaction.readVersion() >= 0;
  }

  /** The version that is read; -1 for none. */
  public long version() {
    return transaction.readVersion();
  }

  public StructType schema() {
    return transaction.metadata().schema();
  }

  /** The layout that the table was given when it was made. */
  public Optional<HistoryLayout> layout() {
    Option<String> json = transaction.metadata().configuration().get(HistoryLayout.PROPERTY);
    return json.isDefined() ? HistoryLayout.ofJson(json.get()) : Optional.empty();
  }

  /** All rows; a filter on them spares the files that the log's statistics rule out. */
  public Dataset<Row> rows() {
    return spark.baseRelationToDataFrame(
        log.createRelation(
            seq(List.of()),
            Option.apply(transaction.snapshot()),
            Option.empty(),
            // As one that travels in time, or it would read what others committed meanwhile
            true));
  }

  SparkSession session() {
    return spark;
  }

  /**
   * The versions whose rows meet a condition, and where each stands. Files that the log's
   * statistics rule out are not read, and the log is asked once: {@link #files} knows those that
   * were found.
   */
  Dataset<Row> versions(HistoryColumns columns, Column condition) {
    found = fewFiles().orElseGet(() -> filterFiles(conditionOf(rows().where(condition))));
    // Delta's files have no such metadata unless they may have deletion vectors
    Column index = hasVectors() ? col("_metadata.row_index") : lit(null).cast(DataTypes.LongType);
    return columns.versions(
        columns.complete(rows(found)).where(condition),
        Names.place(col("_metadata.file_path"), index));
  }

  /** All files, where reading them takes less than finding out which of them are needed. */
  private Optional<List<AddFile>> fewFiles() {
    return ShortLog.files(log, transaction.snapshot())
        .filter(files -> files.size() <= FEW_FILES)
        .filter(files -> files.stream().mapToLong(AddFile::size).sum() <= FEW_BYTES);
  }

  private static Expression conditionOf(Dataset<Row> filtered) {
    LogicalPlan plan =
        ((org.apache.spark.sql.classic.Dataset<Row>) filtered).queryExecution().analyzed();
    return plan instanceof Filter filter ? filter.condition() : Literal$.MODULE$.TrueLiteral();
  }

  private List<AddFile> filterFiles(Expression condition) {
    return CollectionConverters.asJava(transaction.filterFiles(seq(List.of(condition)), true));
  }

  /** The rows of some files. */
  Dataset<Row> rows(Collection<AddFile> files) {
    return log.createDataFrame(
        transaction.snapshot(), seq(new ArrayList<>(files)), false, Option.empty());
  }

  /**
   * The files of these paths, among those that were read.
   *
   * @param paths as {@code _metadata.file_path} has them
   * @return the files by these paths; of their statistics there may be the number of rows only
   * @throws IllegalStateException if the table has no such file
   */
  Map<String, AddFile> files(Set<String> paths) {
    Map<String, AddFile> files = new LinkedHashMap<>();
    for (AddFile file : found) {
      String path = file.absolutePath(log).toUri().toString();
      if (paths.contains(path)) {
        files.put(path, file);
      }
    }
    if (files.size() != paths.size()) {
      throw new IllegalStateException(
          "Of "
              + paths.size()
              + " files of "
              + log.dataPath()
              + " only "
              + files.size()
              + " are"
              + " in its log: "
              + paths);
    }
    return files;
  }

  /** Whether rows may be taken out of a file by a deletion vector beside it. */
  boolean hasVectors() {
    return DeletionVectorUtils$.MODULE$.deletionVectorsWritable(
        transaction.protocol(), transaction.metadata());
  }

  /**
   * Takes rows out of files by deletion vectors, written as Delta's own merge writes them; a vector
   * that a file has already is merged with the new one. Nobody knows of them before the commit.
   *
   * @param removed rows with {@link Names#PLACE}, of other files too
   * @param numbers how many rows of each of the files there are among them
   * @param files by path
   * @return the actions, one that adds and one that removes a file each
   * @throws IllegalStateException if the vectors would not hide just these rows
   */
  List<Action> mark(Dataset<Row> removed, Map<String, Long> numbers, Map<String, AddFile> files) {
    List<Row> vectors =
        files.entrySet().stream()
            .map(
                file -> {
                  DeletionVectorDescriptor vector = file.getValue().deletionVector();
                  return RowFactory.create(
                      file.getKey(), vector == null ? null : vector.serializeToBase64());
                })
            .toList();
    Dataset<Row> places =
        removed
            .join(
                broadcast(spark.createDataFrame(vectors, VECTORS)),
                Names.file().equalTo(col(GENERATOR.FILE_NAME_COL())))
            .select(
                col(GENERATOR.FILE_NAME_COL()),
                col(GENERATOR.FILE_DV_ID_COL()),
                Names.rowIndex().as(GENERATOR.ROW_INDEX_COL()));
    List<DeletionVectorResult> results =
        CollectionConverters.asJava(
            GENERATOR.buildDeletionVectors(
                spark, places, log, Utils$.MODULE$.getRandomPrefixLength(transaction.metadata())));
    Map<String, AddFile> described = described(files.values());
    List<Action> actions = new ArrayList<>();
    for (DeletionVectorResult result : results) {
      AddFile file = files.get(result.filePath());
      long hidden = result.deletionVector().cardinality();
      long expected = file.numDeletedRecords() + numbers.get(result.filePath());
      if (hidden != expected) {
        throw new IllegalStateException(
            "The deletion vector of %s would hide %d rows and not %d"
                .formatted(result.filePath(), hidden, expected));
      }
      Tuple2<AddFile, RemoveFile> changed =
          described.get(file.path()).removeRows(result.deletionVector(), false, true);
      actions.add(changed._1());
      actions.add(changed._2());
    }
    if (results.size() != files.size()) {
      throw new IllegalStateException(
          "Deletion vectors of %d files and not of %d".formatted(results.size(), files.size()));
    }
    return actions;
  }

  /** Files with their statistics, whose bounds may be wider than the rows that are left. */
  private Map<String, AddFile> described(Collection<AddFile> files) {
    Dataset<Row> paths =
        spark.createDataFrame(
            files.stream().map(file -> RowFactory.create(file.path())).toList(), PATHS);
    Snapshot snapshot = transaction.snapshot();
    Dataset<Row> withStatistics =
        snapshot.withStats().join(broadcast(paths), PATHS.fieldNames(), "left_semi");
    Map<String, AddFile> described = new HashMap<>();
    snapshot
        .updateStatsToWideBounds(withStatistics, snapshot.getBaseStatsColumnName())
        .as(package$.MODULE$.addFileEncoder())
        .collectAsList()
        .forEach(file -> described.put(file.path(), file));
    return described;
  }

  /**
   * Makes the table, or gives it columns and properties, when the transaction is committed.
   *
   * @param schema all columns, or null to leave them as they are
   * @param partitionBy of a new table
   * @param properties added to those that there are
   */
  void define(StructType schema, List<String> partitionBy, Map<String, String> properties) {
    Metadata before = transaction.metadata();
    Map<String, String> all =
        new LinkedHashMap<>(CollectionConverters.asJava(before.configuration()));
    all.putAll(properties);
    Metadata after =
        before.copy(
            before.id(),
            before.name(),
            before.description(),
            before.format(),
            schema == null ? before.schemaString() : schema.json(),
            exists() ? before.partitionColumns() : seq(partitionBy),
            scala.collection.immutable.Map$.MODULE$.from(CollectionConverters.asScala(all)),
            exists() ? before.createdTime() : Option.apply(System.currentTimeMillis()));
    if (exists()) {
      transaction.updateMetadata(after, false);
    } else {
      transaction.updateMetadataForNewTable(after);
    }
  }

  /** Writes files, of which nobody knows before the commit. */
  List<Action> write(Dataset<Row> rows) {
    return new ArrayList<>(CollectionConverters.asJava(transaction.writeFiles(rows)));
  }

  /**
   * Ends the transaction.
   *
   * @param added files
   * @param marks what {@link #mark} gave
   * @param removed files whose rows were written anew, or are no longer there
   * @param sourceRows how many rows the load had, for the table's history
   * @throws java.util.ConcurrentModificationException if somebody else changed the table
   */
  void commit(
      List<Action> added,
      List<Action> marks,
      List<AddFile> removed,
      RowChanges changes,
      long sourceRows) {
    Map<String, SQLMetric> metrics = new LinkedHashMap<>();
    metric(metrics, "numTargetRowsInserted", changes.inserted());
    metric(metrics, "numTargetRowsUpdated", changes.updated());
    metric(metrics, "numTargetRowsDeleted", changes.deleted());
    metric(metrics, "numTargetRowsCopied", changes.copied());
    // Delta's description of a merge asks for this one by another name
    metric(metrics, "operationNumSourceRows", sourceRows);
    metric(metrics, "numOutputRows", changes.total() - changes.deleted() + changes.copied());
    metric(metrics, "numTargetFilesAdded", added.size());
    metric(metrics, "numTargetFilesRemoved", removed.size());
    long updated =
        marks.stream()
            .filter(action -> action instanceof RemoveFile file && file.deletionVector() != null)
            .count();
    metric(metrics, "numTargetDeletionVectorsAdded", marks.size() / 2 - updated);
    metric(metrics, "numTargetDeletionVectorsUpdated", updated);
    metric(
        metrics,
        "numTargetDeletionVectorsRemoved",
        removed.stream().filter(file -> file.deletionVector() != null).count());
    transaction.registerSQLMetrics(spark, Map$.MODULE$.from(CollectionConverters.asScala(metrics)));
    List<Action> actions = new ArrayList<>(added);
    actions.addAll(marks);
    removed.forEach(file -> actions.add(file.remove()));
    transaction.commit(
        seq(actions),
        new DeltaOperations.Merge(
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            seq(List.of()),
            seq(List.of()),
            seq(List.of())));
  }

  private void metric(Map<String, SQLMetric> metrics, String name, long value) {
    SQLMetric metric = SQLMetrics.createMetric(spark.sparkContext(), name);
    metric.set(value);
    metrics.put(name, metric);
  }

  private static <T> Seq<T> seq(List<T> values) {
    return CollectionConverters.asScala(values).toSeq();
  }
}
