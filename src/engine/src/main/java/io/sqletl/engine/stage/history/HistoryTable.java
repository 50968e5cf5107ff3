package io.sqletl.engine.stage.history;

import io.sqletl.engine.stage.RowChanges;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.Literal$;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A Delta table in one transaction. What is read is one version of it, and a commit fails when
 * somebody else changed the table meanwhile, so that the load can be computed anew.
 */
public final class HistoryTable {

  private final SparkSession spark;
  private final DeltaLog log;
  private final OptimisticTransaction transaction;

  private HistoryTable(SparkSession spark, DeltaLog log) {
    this.spark = spark;
    this.log = log;
    log.update(false, Option.empty(), Option.empty());
    this.transaction = log.startTransaction(Option.empty(), Option.empty());
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
            CollectionConverters.asScala(
                    List.<org.apache.spark.sql.catalyst.expressions.Expression>of())
                .toSeq(),
            Option.apply(transaction.snapshot()),
            Option.empty(),
            // As one that travels in time, or it would read what others committed meanwhile
            true));
  }

  SparkSession session() {
    return spark;
  }

  /** All rows, with NULL in columns that the table will have. */
  Dataset<Row> rows(HistoryColumns columns) {
    return columns.complete(rows());
  }

  /** The rows of some files. */
  Dataset<Row> rows(Collection<AddFile> files) {
    return log.createDataFrame(
        transaction.snapshot(),
        CollectionConverters.asScala(new ArrayList<>(files)).toSeq(),
        false,
        Option.empty());
  }

  /**
   * The files of these paths.
   *
   * @param paths as {@code _metadata.file_path} has them
   * @throws IllegalStateException if the table has no such file
   */
  List<AddFile> files(Set<String> paths) {
    List<AddFile> found =
        CollectionConverters.asJava(
                transaction.filterFiles(
                    CollectionConverters.asScala(
                            List.<org.apache.spark.sql.catalyst.expressions.Expression>of(
                                Literal$.MODULE$.TrueLiteral()))
                        .toSeq(),
                    true))
            .stream()
            .filter(file -> paths.contains(file.absolutePath(log).toUri().toString()))
            .toList();
    if (found.size() != paths.size()) {
      throw new IllegalStateException(
          "Of "
              + paths.size()
              + " files of "
              + log.dataPath()
              + " only "
              + found.size()
              + " are"
              + " in its log: "
              + paths);
    }
    return found;
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
            exists()
                ? before.partitionColumns()
                : CollectionConverters.asScala(partitionBy).toSeq(),
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
   * @param removed files whose rows were written anew, or are no longer there
   * @param sourceRows how many rows the load had, for the table's history
   * @throws java.util.ConcurrentModificationException if somebody else changed the table
   */
  void commit(List<Action> added, List<AddFile> removed, RowChanges changes, long sourceRows) {
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
    transaction.registerSQLMetrics(spark, Map$.MODULE$.from(CollectionConverters.asScala(metrics)));
    List<Action> actions = new ArrayList<>(added);
    removed.forEach(file -> actions.add(file.remove()));
    transaction.commit(
        CollectionConverters.asScala(actions).toSeq(),
        new DeltaOperations.Merge(
            Option.empty(),
            Option.empty(),
            Option.empty(),
            Option.empty(),
            none(),
            none(),
            none()));
  }

  private void metric(Map<String, SQLMetric> metrics, String name, long value) {
    SQLMetric metric = SQLMetrics.createMetric(spark.sparkContext(), name);
    metric.set(value);
    metrics.put(name, metric);
  }

  private static <T> Seq<T> none() {
    return CollectionConverters.asScala(List.<T>of()).toSeq();
  }
}
