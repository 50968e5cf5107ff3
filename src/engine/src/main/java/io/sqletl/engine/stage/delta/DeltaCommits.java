package io.sqletl.engine.stage.delta;

import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.StageException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.delta.DeltaHistoryManager;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.CommitInfo;
import org.apache.spark.sql.delta.files.TahoeLogFileIndex;
import org.apache.spark.sql.delta.util.DeltaCommitFileProvider;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The commits of a Delta table, read from its log without a Spark job: Delta's own history runs one
 * for each look.
 */
public final class DeltaCommits {

  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?\\d{1,18}");

  private static final List<String> FILLED =
      List.of("delta.generationExpression", "delta.identity.start");

  private static final String OUTPUT_ROWS = "numOutputRows";
  private static final String COPIED_ROWS = "numCopiedRows";
  private static final String DELETED_ROWS = "numDeletedRows";

  /** Delta's name of the operation. */
  private static final String MERGE = "MERGE";

  private final DeltaLog log;

  private DeltaCommits(DeltaLog log) {
    this.log = log;
  }

  /**
   * The table at a path as it is now, which may have no commit yet. A session knows tables that it
   * looked at before, and others write them meanwhile.
   *
   * @throws StageException if a file of its log is broken
   */
  public static DeltaCommits of(SparkSession spark, String uri) {
    Option<Object> now = Option.apply(System.currentTimeMillis());
    return of(spark, uri, log -> log.update(false, now, Option.empty()));
  }

  /**
   * The table as this process knows it after it wrote it itself, without asking the storage again.
   *
   * @throws StageException if a file of its log is broken
   */
  public static DeltaCommits known(SparkSession spark, String uri) {
    return of(spark, uri, DeltaLog::unsafeVolatileSnapshot);
  }

  private static DeltaCommits of(
      SparkSession spark, String uri, Function<DeltaLog, Snapshot> snapshot) {
    try {
      DeltaLog log = DeltaLog.forTable(spark, new Path(uri));
      BrokenLog.requireContent(snapshot.apply(log), uri);
      return new DeltaCommits(log);
    } catch (StageException e) {
      throw e;
    } catch (Exception e) {
      // Spark throws checked exceptions undeclared
      Optional<String> broken = BrokenLog.find(spark, uri, e);
      if (broken.isPresent()) {
        throw new StageException(broken.get(), e);
      }
      throw e;
    }
  }

  /** Whether there is a table. */
  public boolean exist() {
    return log.unsafeVolatileSnapshot().version() >= 0 || latest() >= 0;
  }

  /** The columns of the table; none where there is no table. */
  public StructType columns() {
    return exist() ? log.unsafeVolatileSnapshot().schema() : new StructType();
  }

  /** The columns that the table fills itself: generated ones, and numbers that go up. */
  public List<String> filledColumns() {
    return Arrays.stream(columns().fields())
        .filter(field -> FILLED.stream().anyMatch(property -> field.metadata().contains(property)))
        .map(StructField::name)
        .toList();
  }

  /** The columns that are names of folders; none where there is no table. */
  public List<String> partitionColumns() {
    return exist()
        ? CollectionConverters.asJava(
            log.unsafeVolatileSnapshot().metadata().partitionColumns().toSeq())
        : List.of();
  }

  /**
   * What wrote the latest commit, such as {@code delta-rs:1.6.6}; nothing where it does not say.
   */
  public Optional<String> writer() {
    return info(log.unsafeVolatileSnapshot().version())
        .flatMap(
            commit ->
                commit.engineInfo().isDefined()
                    ? Optional.of(commit.engineInfo().get())
                    : Optional.empty());
  }

  /** The version of the latest commit, looking for those of others. */
  public long latest() {
    return log.update(false, Option.empty(), Option.empty()).version();
  }

  /** The version that a freshly read table has. */
  public long versionOf(Dataset<Row> table) {
    return index(table).map(TahoeLogFileIndex::version).orElseGet(this::latest);
  }

  /** Where the one Delta table is that a view has its rows of; nothing for another view. */
  public static Optional<String> place(Dataset<Row> view) {
    List<LogicalPlan> leaves =
        CollectionConverters.asJava(
            ((org.apache.spark.sql.classic.Dataset<Row>) view)
                .queryExecution()
                .analyzed()
                .collectLeaves());
    return leaves.size() == 1
        ? index(leaves.get(0)).map(index -> index.path().toString())
        : Optional.empty();
  }

  /** A property of a freshly read table, as of the version that was read; nothing if it is not. */
  public Optional<String> property(Dataset<Row> table, String name) {
    Option<String> value =
        index(table)
            .map(index -> index.snapshotAtAnalysis().metadata())
            .orElseGet(() -> log.unsafeVolatileSnapshot().metadata())
            .configuration()
            .get(name);
    return value.isDefined() ? Optional.of(value.get()) : Optional.empty();
  }

  private static Optional<TahoeLogFileIndex> index(Dataset<Row> table) {
    return index(((org.apache.spark.sql.classic.Dataset<Row>) table).queryExecution().analyzed());
  }

  private static Optional<TahoeLogFileIndex> index(LogicalPlan plan) {
    return plan instanceof LogicalRelation relation
            && relation.relation() instanceof HadoopFsRelation files
            && files.location() instanceof TahoeLogFileIndex index
        ? Optional.of(index)
        : Optional.empty();
  }

  /** When the latest commit was made, in milliseconds since the epoch. */
  public long latestTimestamp() {
    return log.unsafeVolatileSnapshot().timestamp();
  }

  /** The version of the oldest commit that the log still has. */
  public long oldest() {
    return DeltaHistoryManager.getEarliestDeltaFile(log);
  }

  /**
   * The latest commit that this process knows of: after a write its own, without asking the storage
   * again.
   */
  public Map<String, Object> own() {
    return describe(log.unsafeVolatileSnapshot().version());
  }

  /**
   * A commit for the log: version, timestamp and the operation's metrics; the version alone when
   * the commit's file was cleaned up.
   */
  public Map<String, Object> describe(long version) {
    Map<String, Object> commit = new LinkedHashMap<>();
    commit.put("version", version);
    info(version)
        .ifPresent(
            info -> {
              commit.put("timestamp", isoTimestamp(info));
              commit.put("operationMetrics", metrics(info));
            });
    return commit;
  }

  /**
   * What the latest merge since a version did, as Delta counted it.
   *
   * @param before the version before the merge; -1 for a table that was not there
   * @return empty when there was none, or its commit was cleaned up
   */
  public Optional<RowChanges> mergedSince(long before) {
    for (long version = log.unsafeVolatileSnapshot().version(); version > before; version--) {
      Optional<CommitInfo> info = info(version);
      if (info.filter(commit -> MERGE.equals(commit.operation())).isPresent()) {
        Map<String, Object> metrics = metrics(info.get());
        return Optional.of(
            new RowChanges(
                rows(metrics, "numTargetRowsInserted"),
                rows(metrics, "numTargetRowsUpdated"),
                rows(metrics, "numTargetRowsDeleted"),
                rows(metrics, "numTargetRowsCopied")));
      }
    }
    return Optional.empty();
  }

  /**
   * Whether the last merge after a version is certain to have done something with each row of its
   * source.
   */
  public boolean mergeTookAllSince(long before) {
    for (long version = log.unsafeVolatileSnapshot().version(); version > before; version--) {
      Optional<CommitInfo> info = info(version);
      if (info.filter(commit -> MERGE.equals(commit.operation())).isPresent()) {
        Map<String, Object> metrics = metrics(info.get());
        return metrics.containsKey("numSourceRows")
            && metrics.containsKey("numTargetRowsMatchedDeleted")
            && rows(metrics, "numSourceRows")
                == rows(metrics, "numTargetRowsInserted")
                    + rows(metrics, "numTargetRowsUpdated")
                    + rows(metrics, "numTargetRowsMatchedDeleted");
      }
    }
    return false;
  }

  /**
   * What the latest commit did if it replaced some rows and kept others of the same files, which
   * Delta counts as written too.
   *
   * @param before the version before it; a write that changes nothing makes no commit
   */
  public Optional<RowChanges> replacedSince(long before) {
    long version = log.unsafeVolatileSnapshot().version();
    Map<String, Object> metrics = metrics(version);
    if (version <= before
        || !metrics.containsKey(COPIED_ROWS)
        || !metrics.containsKey(DELETED_ROWS)) {
      return Optional.empty();
    }
    long copied = rows(metrics, COPIED_ROWS);
    return Optional.of(
        new RowChanges(
            Math.max(0, rows(metrics, OUTPUT_ROWS) - copied),
            0,
            rows(metrics, DELETED_ROWS),
            copied));
  }

  /**
   * Whether the latest commit took rows away and put none in their place, as far as the commits
   * tell.
   *
   * @param before the version before it; a write that changes nothing makes no commit
   */
  public boolean isEmptiedSince(long before) {
    long version = log.unsafeVolatileSnapshot().version();
    Map<String, Object> metrics = metrics(version);
    return version > before
        && metrics.containsKey("numRemovedFiles")
        && rows(metrics, OUTPUT_ROWS) <= rows(metrics, COPIED_ROWS)
        && rows(metrics, "numRemovedFiles") > 0
        && removed(metrics, version).orElse(wroteNone(version - 1) ? 0 : 1) > 0;
  }

  /** A file without rows is there where a view had none. */
  private boolean wroteNone(long version) {
    Map<String, Object> metrics = metrics(version);
    return metrics.containsKey(OUTPUT_ROWS) && rows(metrics, OUTPUT_ROWS) == 0;
  }

  /** How many rows the latest commit took away; nothing where the commits do not tell. */
  public OptionalLong removed() {
    long version = log.unsafeVolatileSnapshot().version();
    return removed(metrics(version), version);
  }

  /** By rows where files were written anew without them, otherwise by files. */
  private OptionalLong removed(Map<String, Object> metrics, long version) {
    return metrics.containsKey(DELETED_ROWS)
        ? OptionalLong.of(rows(metrics, DELETED_ROWS))
        : RemovedFiles.rows(log, version);
  }

  private Map<String, Object> metrics(long version) {
    return version < 0 ? Map.of() : info(version).map(DeltaCommits::metrics).orElse(Map.of());
  }

  private static long rows(Map<String, Object> metrics, String name) {
    return metrics.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private Optional<CommitInfo> info(long version) {
    Path file = DeltaCommitFileProvider.apply(log.unsafeVolatileSnapshot()).deltaFile(version);
    Option<CommitInfo> info =
        DeltaHistoryManager.getCommitInfoOpt(log.store(), file, log.newDeltaHadoopConf());
    return info.isDefined() ? Optional.of(info.get()) : Optional.empty();
  }

  private static String isoTimestamp(CommitInfo info) {
    return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
        Instant.ofEpochMilli(info.getTimestamp()).atZone(ZoneId.systemDefault()));
  }

  private static Map<String, Object> metrics(CommitInfo info) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    if (info.operationMetrics().isDefined()) {
      CollectionConverters.asJava(info.operationMetrics().get())
          .forEach((name, value) -> metrics.put(name, number(value)));
    }
    return metrics;
  }

  private static Object number(String value) {
    return WHOLE_NUMBER.matcher(value).matches() ? (Object) Long.valueOf(value) : value;
  }
}
