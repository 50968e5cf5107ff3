package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.deleted;
import static io.sqletl.engine.stage.history.Names.end;
import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;
import static io.sqletl.engine.stage.history.Names.values;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.storage.StorageLevel;

/** Loads a view into a history, in one transaction. */
public final class HistoryLoad {

  /** Each loses against another load that came first, so more than a few are no accident. */
  private static final int MOST_ATTEMPTS = 10;

  private final HistoryRules rules;
  private final String view;
  private final String uri;
  private final Map<String, String> properties;
  private final boolean verify;
  private final StageContext context;
  private final SparkSession spark;
  private final StorageLevel level;

  /**
   * @param view the name of the view
   * @param uri the path of the table
   * @param properties of a table that is made
   * @param verify whether all things of the table are checked, and not only those of the load
   */
  public HistoryLoad(
      HistoryRules rules,
      String view,
      String uri,
      Map<String, String> properties,
      boolean verify,
      StageContext context) {
    this.rules = rules;
    this.view = view;
    this.uri = uri;
    this.properties = properties;
    this.verify = verify;
    this.context = context;
    this.spark = context.spark();
    this.level = OutputView.storageLevel(context);
  }

  /**
   * Loads the rows, anew from the beginning each time that somebody else changed the table
   * meanwhile.
   *
   * @param input the rows of the view
   * @return whether the table was written
   * @throws StageException if the rows or the table are not what they should be
   */
  public boolean run(Dataset<Row> input) {
    for (int attempt = 1; ; attempt++) {
      try {
        return attempt(input);
      } catch (ConcurrentModificationException e) {
        if (attempt == MOST_ATTEMPTS) {
          throw new StageException(
              "The table at '"
                  + uri
                  + "' was changed by others during each of "
                  + MOST_ATTEMPTS
                  + " attempts to load it; nothing was loaded. Run this load when they are done.",
              e);
        }
        context.detail("attempts", attempt + 1);
      }
    }
  }

  private boolean attempt(Dataset<Row> input) {
    HistoryTable table = HistoryTable.open(spark, uri);
    ColumnResolution resolution = new ColumnResolution(view, input.schema(), rules);
    HistoryColumns columns =
        table.exists() ? resolution.ofTable(table, uri) : resolution.ofNewTable();
    requireOpenEnd(columns);
    if (table.exists() && (verify || table.layout().isEmpty())) {
      HistoryVerification.require(
          table.versions(columns, lit(true)), columns.layout().type(), uri, REPAIR);
    }
    Column time =
        resolution.time().map(known -> known.in(columns.sequenceType(), spark)).orElse(null);
    Values values = new Values(spark, columns);
    EventSource source = new EventSource(view, input, rules, columns, values, time, level);
    Optional<Plan> plan =
        rules.source() == Choices.Source.changes
            ? Optional.of(Plan.ofChanges(table, columns, source))
            : snapshot(table, columns, source, time);
    if (plan.isEmpty()) {
      tell(new HistoryCounts(0, 0, 0, 0, 0, source.rows()), new RowChanges(0, 0, 0, 0));
      return false;
    }
    return load(table, columns, values, source, plan.get());
  }

  private static final String REPAIR =
      "Repair it, or go back to a version of the table that was sound (RESTORE TABLE).";

  private void requireOpenEnd(HistoryColumns columns) {
    if (columns.layout().openEnd().isPresent()) {
      String text = columns.layout().openEnd().get();
      boolean fits;
      try {
        fits =
            !spark
                .sql("SELECT 1")
                .select(lit(text).try_cast(columns.sequenceType()))
                .head()
                .isNullAt(0);
      } catch (Exception e) {
        fits = false;
      }
      if (!fits) {
        throw new StageException(
            "\"openEnd\" is \""
                + text
                + "\", which is no "
                + columns.sequenceType().catalogString()
                + " as \"sequenceBy\" is.");
      }
    }
  }

  /**
   * What is to be put together.
   *
   * @param existing versions of the table
   * @param events what is loaded
   * @param until when a late snapshot ceases to be true; null for other loads
   * @param unchanged things that are as they were, and are not looked at
   * @param copies rows that were passed over as copies of others
   */
  private record Plan(
      Dataset<Row> existing, Dataset<Row> events, Column until, long unchanged, long copies) {

    static Plan ofChanges(HistoryTable table, HistoryColumns columns, EventSource source) {
      if (!table.exists()) {
        return new Plan(columns.noVersions(table.session()), source.events(), null, 0, 0);
      }
      Dataset<Row> things = FewRows.of(source.events().select(key().as("wanted")), source.rows());
      Dataset<Row> existing =
          table
              .versions(columns, source.bounds())
              .join(things, key().equalTo(col("wanted")), "left_semi");
      return new Plan(existing, source.events(), null, 0, 0);
    }

    /** Of events of which there is one a thing. */
    static Plan ofSnapshot(
        Dataset<Row> existing, Dataset<Row> events, Column until, long unchanged, long copies) {
      return new Plan(existing, events.withColumn(Names.TIE, lit(0)), until, unchanged, copies);
    }
  }

  /** Nothing for a late snapshot that is passed over. */
  private Optional<Plan> snapshot(
      HistoryTable table, HistoryColumns columns, EventSource source, Column given) {
    if (source.rows() == 0 && (table.exists() || given == null)) {
      if (rules.emptySnapshot() == Choices.EmptySnapshot.fail && table.exists()) {
        throw new StageException(
            "The snapshot \""
                + view
                + "\" has no rows, which would delete everything in the table at '"
                + uri
                + "'. If that is meant, set \"emptySnapshot\" to \"delete\".");
      }
      if (given == null && table.exists()) {
        throw new StageException(
            "The snapshot \""
                + view
                + "\" has no rows and so no time in \"sequenceBy\". Give its time as ${…}.");
      }
    }
    if (!table.exists()) {
      return Optional.of(Plan.ofChanges(table, columns, source));
    }
    EventSource.DistinctEvents events = source.distinctEvents();
    Column time = given == null ? lit(source.snapshotTime()).cast(columns.sequenceType()) : given;
    Dataset<Row> versions = table.versions(columns, lit(true));
    Column last = greatest(start(), end());
    Row known =
        versions
            .agg(
                max(last).gt(time),
                max(last).equalTo(time),
                min(when(start().gt(time), start())),
                min(when(end().gt(time), end())))
            .head();
    boolean late = !known.isNullAt(0) && known.getBoolean(0);
    boolean again = !known.isNullAt(1) && known.getBoolean(1);
    if (late && (rules.lateRows() != Choices.LateRows.insert || columns.isNewest())) {
      requireNotLate(columns);
      return Optional.empty();
    }
    return Optional.of(
        late
            ? whole(columns, versions, events, time, earliest(known, columns))
            : differences(versions, columns, events, source.rows(), time, again));
  }

  private static Column earliest(Row known, HistoryColumns columns) {
    Column start = lit(known.get(2)).cast(columns.sequenceType());
    Column end = lit(known.get(3)).cast(columns.sequenceType());
    return known.isNullAt(2) ? end : known.isNullAt(3) ? start : least(start, end);
  }

  private void requireNotLate(HistoryColumns columns) {
    if (rules.lateRows() == Choices.LateRows.fail) {
      throw new StageException(
          "The snapshot \""
              + view
              + "\" is older than what the table at '"
              + uri
              + "' knows, and \"lateRows\" is \"fail\". Set it to \"ignore\" to pass the snapshot"
              + " over"
              + (columns.isNewest()
                  ? "; a table with one row a key has no place for what was true before."
                  : ", or to \"insert\" to put what it says where it belongs in the history.")
              + " Otherwise load snapshots in the order of their times.");
    }
  }

  private static Plan whole(
      HistoryColumns columns,
      Dataset<Row> versions,
      EventSource.DistinctEvents events,
      Column time,
      Column until) {
    Dataset<Row> there =
        versions.where(
            start().leq(time).and(end().isNull().or(end().gt(time))).and(deleted().equalTo(false)));
    return Plan.ofSnapshot(
        versions,
        events.rows().unionByName(missing(columns, there, events, time)),
        until,
        0,
        events.copies());
  }

  private static Dataset<Row> missing(
      HistoryColumns columns, Dataset<Row> there, EventSource.DistinctEvents events, Column time) {
    return there
        .join(events.rows().select(key().as("wanted")), key().equalTo(col("wanted")), "left_anti")
        .select(
            key().as(Names.KEY),
            time.as(Names.START),
            lit(true).as(Names.DELETED),
            columns.at(time, values()).as(Names.VALUES));
  }

  /** Of a snapshot that is not late most rows are as before, and need no look at their past. */
  private Plan differences(
      Dataset<Row> versions,
      HistoryColumns columns,
      EventSource.DistinctEvents distinct,
      long rows,
      Column time,
      boolean again) {
    Dataset<Row> open = versions.where(end().isNull());
    Dataset<Row> events =
        distinct.rows().select(key().as("ek"), deleted().as("ed"), values().as("ev"));
    List<StructField> compared = new ArrayList<>(columns.tracked());
    compared.addAll(columns.untracked());
    Column same =
        col("ek")
            .isNotNull()
            .and(key().isNotNull())
            .and(deleted().eqNullSafe(col("ed")))
            .and(deleted().or(ValueComparison.same(values(), col("ev"), compared)));
    Column gone = col("ek").isNull().and(deleted());
    Dataset<Row> different =
        open.join(events, key().equalTo(col("ek")), "full_outer")
            .where(same.or(gone).equalTo(false).or(same.or(gone).isNull()))
            .localCheckpoint(false, level);
    Dataset<Row> found =
        different
            .where(col("ek").isNotNull())
            .select(
                col("ek").as(Names.KEY),
                time.as(Names.START),
                col("ed").as(Names.DELETED),
                col("ev").as(Names.VALUES));
    Dataset<Row> lost =
        different
            .where(col("ek").isNull())
            .select(
                key().as(Names.KEY),
                time.as(Names.START),
                lit(true).as(Names.DELETED),
                columns.at(time, values()).as(Names.VALUES));
    Dataset<Row> before =
        again
            ? versions.join(
                different.select(coalesce(key(), col("ek")).as("wanted")),
                key().equalTo(col("wanted")),
                "left_semi")
            : different
                .where(key().isNotNull())
                .select(
                    Arrays.stream(versions.columns())
                        .map(name -> col(name))
                        .toArray(Column[]::new));
    long unchanged = rows - distinct.copies() - found.count();
    return Plan.ofSnapshot(before, found.unionByName(lost), null, unchanged, distinct.copies());
  }

  private boolean load(
      HistoryTable table, HistoryColumns columns, Values values, EventSource source, Plan plan) {
    Outcome outcome =
        new Outcome(plan.existing(), plan.events(), plan.until(), columns, rules, values, level);
    if (outcome.conflicts() > 0) {
      throw source.duplicates(outcome.conflicts());
    }
    if (!outcome.isSound()) {
      HistoryVerification.require(plan.existing(), columns.layout().type(), uri, REPAIR);
      throw new IllegalStateException(
          "Versions of " + uri + " are no history, for no known reason");
    }
    outcome.requireInTime(view, uri);
    HistoryWrite write = new HistoryWrite(table, columns, rules, properties);
    boolean written = write.commit(outcome, source.rows());
    tell(outcome.counts(plan.unchanged(), plan.copies()), write.changes());
    return written;
  }

  private void tell(HistoryCounts counts, RowChanges changes) {
    context.detail(HistoryCounts.FIELD, counts.fields());
    context.changed(changes);
  }
}
