package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.RowChanges;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.types.StructField;

/** Writes what a load changes: files of new versions, and what files that lose some have left. */
final class HistoryWrite {

  private static final long ROWS_OF_A_FILE = 1_000_000;
  private static final long ROWS_OF_A_TASK = 50_000;
  private static final long BYTES_OF_A_FILE = 128L << 20;
  private static final long BYTES_OF_A_TASK = 8L << 20;

  private final HistoryTable table;
  private final HistoryColumns columns;
  private final HistoryRules rules;
  private final Map<String, String> properties;
  private RowChanges changes = new RowChanges(0, 0, 0, 0);

  HistoryWrite(
      HistoryTable table,
      HistoryColumns columns,
      HistoryRules rules,
      Map<String, String> properties) {
    this.table = table;
    this.columns = columns;
    this.rules = rules;
    this.properties = properties;
  }

  /**
   * Writes and commits.
   *
   * @param sourceRows how many rows the load had
   * @return false if there was nothing to write
   */
  boolean commit(Outcome outcome, long sourceRows) {
    boolean defined = define();
    if (!defined && outcome.newVersions() == 0 && outcome.removals() == 0) {
      return false;
    }
    Dataset<Row> fresh = outcome.written().select(columns.rowsOf());
    Losses losses = Losses.none();
    List<Action> added = List.of();
    List<Action> marks = List.of();
    if (outcome.removals() > 0) {
      Dataset<Row> removed = outcome.removed();
      losses = Losses.of(outcome.losses(), table);
      if (!losses.marked().isEmpty()) {
        marks = table.mark(removed, losses.numbers(), losses.marked());
      }
      if (!losses.rewritten().isEmpty()) {
        List<AddFile> rewritten = losses.rewritten();
        fresh = rest(rewritten, removed, outcome.removals()).unionByName(fresh);
        added = table.write(dealtOut(fresh, rewritten, outcome.newVersions()));
      }
    }
    if (outcome.newVersions() > 0 && losses.rewritten().isEmpty()) {
      added = table.write(dealtOut(fresh, List.of(), outcome.newVersions()));
    }
    changes =
        new RowChanges(
            outcome.newVersions() - outcome.successors(),
            outcome.successors(),
            outcome.removals() - outcome.successors(),
            losses.copied());
    table.commit(added, marks, losses.removed(), changes, sourceRows);
    return true;
  }

  /** What was done to rows of the table, after the commit. */
  RowChanges changes() {
    return changes;
  }

  private boolean define() {
    String layout = columns.layout().toJson();
    if (!table.exists()) {
      Map<String, String> all = new LinkedHashMap<>();
      // A writer that only adds rows conflicts with a load as well
      all.put("delta.isolationLevel", "Serializable");
      all.putAll(properties);
      all.put(HistoryLayout.PROPERTY, layout);
      List<String> partitionBy =
          rules.partitionBy().stream()
              .map(
                  name ->
                      ColumnName.find(List.of(columns.table().fields()), name)
                          .map(field -> field.name())
                          .orElse(name))
              .toList();
      table.define(columns.table(), partitionBy, all);
      return true;
    }
    boolean wider = columns.table().length() > table.schema().length();
    boolean known = table.layout().isPresent();
    if (wider || !known) {
      table.define(
          wider ? columns.table() : null, List.of(), Map.of(HistoryLayout.PROPERTY, layout));
    }
    return wider || !known;
  }

  /** The rows that stay of files that lose some; column by column, for there are many rows. */
  private Dataset<Row> rest(List<AddFile> files, Dataset<Row> removed, long number) {
    Dataset<Row> rows = columns.complete(table.rows(files));
    Dataset<Row> gone = FewRows.of(removed.select(key(), start()), number);
    Column isGone = columns.startIn(rows).equalTo(ColumnName.in(gone, Names.START));
    for (StructField field : columns.keys()) {
      Column key = ColumnName.in(gone, Names.KEY).getField(field.name());
      isGone = isGone.and(ColumnName.in(rows, field.name()).eqNullSafe(key));
    }
    return rows.join(gone, isGone, "left_anti")
        .select(
            Arrays.stream(columns.table().fields())
                .map(field -> ColumnName.in(rows, field.name()).as(field.name(), field.metadata()))
                .toArray(Column[]::new));
  }

  private Dataset<Row> dealtOut(Dataset<Row> rows, List<AddFile> rewritten, long fresh) {
    long bytes = rewritten.stream().mapToLong(AddFile::size).sum();
    return dealtOut(
        rows,
        bytes / BYTES_OF_A_FILE + fresh / ROWS_OF_A_FILE + 1,
        bytes / BYTES_OF_A_TASK + fresh / ROWS_OF_A_TASK + 1);
  }

  /** Few files, since each costs every reader; yet no fewer than keep all cores busy. */
  private Dataset<Row> dealtOut(Dataset<Row> rows, long files, long tasks) {
    if (!rules.partitionBy().isEmpty()) {
      return rows.repartition(
          rules.partitionBy().stream().map(ColumnName::column).toArray(Column[]::new));
    }
    int cores = table.session().sparkContext().defaultParallelism();
    return rows.coalesce((int) Math.max(files, Math.min(tasks, cores)));
  }
}
