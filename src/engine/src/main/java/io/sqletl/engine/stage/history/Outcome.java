package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.deleted;
import static io.sqletl.engine.stage.history.Names.end;
import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;
import static io.sqletl.engine.stage.history.Names.values;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.history.Tally.Count;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.storage.StorageLevel;

/** What a load comes to, computed thing by thing before anything is written. */
final class Outcome {

  /** So many late rows are shown, at most. */
  private static final int SHOWN = 5;

  private final Dataset<Row> changes;
  private final Tally tally = new Tally();
  private final Choices.LateRows lateRows;

  /**
   * Computes it, in one pass over what the load touches.
   *
   * @param existing the versions of the table
   * @param events what is loaded; rows of one key and time are told apart as the rules say
   * @param until when a late snapshot ceases to be true; null for other loads
   * @param level where the changes are kept while they are needed
   */
  Outcome(
      Dataset<Row> existing,
      Dataset<Row> events,
      Column until,
      HistoryColumns columns,
      HistoryRules rules,
      Values values,
      StorageLevel level) {
    SparkSession spark = existing.sparkSession();
    this.lateRows = rules.lateRows();
    DataType tieType = events.schema().apply(Names.TIE).dataType();
    Dataset<Row> known =
        existing.select(
            key(),
            lit(false).as(ThingChanges.IS_EVENT),
            start(),
            end(),
            deleted(),
            values(),
            col(Names.MARKED),
            col(Names.PLACE),
            lit(null).cast(tieType).as(Names.TIE));
    Dataset<Row> told =
        events.select(
            key(),
            lit(true).as(ThingChanges.IS_EVENT),
            start(),
            lit(null).cast(columns.sequenceType()).as(Names.END),
            deleted(),
            values(),
            lit(true).as(Names.MARKED),
            lit(null).cast(existing.schema().apply(Names.PLACE).dataType()).as(Names.PLACE),
            col(Names.TIE));
    Dataset<Row> things = byThing(known.unionByName(told));
    ThingChanges pass =
        new ThingChanges(
            things.schema(),
            new Timeline(spark, columns, rules, values),
            new HistoryOrder(columns.isNewest(), new TimeOrder(columns.sequenceType())),
            new Duplicates(rules.duplicates(), events.schema(), values),
            lateRows == Choices.LateRows.fail,
            until != null,
            until == null ? null : RowFunction.constant(spark, until.cast(columns.sequenceType())));
    ComputedRows computed =
        ComputedRows.of(
            spark, ComputedRows.rowsOf(things).mapPartitions(pass), pass.schema(), level);
    this.changes = computed.frame();
    computed
        .rows()
        .mapPartitions(part -> List.of(ThingChanges.tally(part)).iterator())
        .collect()
        .forEach(tally::add);
  }

  /** Rows so that those of one thing follow each other, in one partition. */
  static Dataset<Row> byThing(Dataset<Row> rows) {
    return rows.repartition(key()).sortWithinPartitions(key());
  }

  /** The versions that are written: of which thing, from when to when, and what it is like. */
  Dataset<Row> written() {
    return changes.where(col(ThingChanges.CHANGE).equalTo(ThingChanges.WRITTEN));
  }

  /** The versions that the table will not have any more: of which thing, from when, and where. */
  Dataset<Row> removed() {
    return changes.where(col(ThingChanges.CHANGE).equalTo(ThingChanges.REMOVED));
  }

  /**
   * Ends the run if rows came late that would change something, and must not.
   *
   * @throws StageException with their number, and the keys and times of some
   */
  void requireInTime(String view, String uri) {
    long late = tally.get(Count.LATE);
    if (late > 0 && lateRows == Choices.LateRows.fail) {
      throw new StageException(
          late
              + (late == 1 ? " row" : " rows")
              + " of the view \""
              + view
              + "\" came late: the table at '"
              + uri
              + "' has later versions of the same key, and \"lateRows\" is \"fail\":"
              + late().stream()
                  .map(row -> row.getString(0) + " at " + row.getString(1))
                  .collect(Collectors.joining("\n  ", "\n  ", late > SHOWN ? "\n  …\n" : "\n"))
              + "Set \"lateRows\" to \"insert\", and each goes between the versions that it belongs"
              + " between, or to \"ignore\", and they are passed over; or leave them out of the"
              + " view.");
    }
  }

  /** Keys and times of late events, for the message. */
  private List<Row> late() {
    return changes
        .where(col(ThingChanges.CHANGE).equalTo(ThingChanges.LATE))
        .orderBy(key(), start())
        .limit(SHOWN)
        .select(Names.keyText(), Names.startText())
        .collectAsList();
  }

  /**
   * @param unchanged things that are as they were and were not looked at
   * @param copies rows that were passed over before, as copies of others
   */
  HistoryCounts counts(long unchanged, long copies) {
    return new HistoryCounts(
        tally.get(Count.APPEARED),
        tally.get(Count.CHANGED),
        tally.get(Count.UNCHANGED) + unchanged,
        tally.get(Count.VANISHED),
        tally.get(Count.LATE),
        tally.get(Count.PASSED_OVER) + tally.get(Count.FURTHER) + copies);
  }

  /** Rows of which nobody knows whether they count, beside others of their key and time. */
  long conflicts() {
    return tally.get(Count.CONFLICTS);
  }

  /** How many rows each file loses, at least 1, by the path that its rows' metadata have. */
  Map<String, Long> losses() {
    return tally.losses();
  }

  /** Whether the versions that the table has of the things are a history. */
  boolean isSound() {
    return tally.get(Count.UNSOUND) == 0;
  }

  /** Versions that are written, in place of others or new. */
  long newVersions() {
    return tally.get(Count.NEW_VERSIONS);
  }

  /** Those of them that are written in place of another. */
  long successors() {
    return tally.get(Count.SUCCESSORS);
  }

  /** Versions of the table that it will not have any more. */
  long removals() {
    return tally.get(Count.REMOVED);
  }
}
