package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.sqletl.engine.stage.CharType;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.storage.StorageLevel;

/** The rows of a view as events: this thing, at that time, is like that or is deleted. */
final class EventSource {

  private static final int SHOWN = 5;
  private static final String NUMBER = "n";

  private final String view;
  private final HistoryRules rules;
  private final HistoryColumns columns;
  private final SparkSession spark;
  private final StorageLevel level;
  private final Values values;
  private final ComputedRows prepared;
  private final EventTally tally;
  private final Column bounds;

  /**
   * @param view the name of the view, for messages
   * @param input its rows
   * @param time what orders the rows if that is no column; null otherwise
   * @param level where the events are kept while they are needed
   * @throws StageException if rows have no key or no time
   */
  EventSource(
      String view,
      Dataset<Row> input,
      HistoryRules rules,
      HistoryColumns columns,
      Values values,
      Column time,
      StorageLevel level) {
    this.view = view;
    this.rules = rules;
    this.columns = columns;
    this.values = values;
    this.level = level;
    this.spark = input.sparkSession();
    this.prepared = ComputedRows.of(prepare(input, time), level);
    EventTally empty =
        new EventTally(prepared.frame().schema(), columns.sequence().size() > 1, openEnd());
    this.tally =
        empty.addAll(
            prepared
                .rows()
                .mapPartitions(
                    rows -> {
                      EventTally part = empty.empty();
                      rows.forEachRemaining(part::add);
                      return List.of(part).iterator();
                    })
                .collect());
    require();
    bounds = columnBounds();
  }

  private Object openEnd() {
    return columns.openEnd().map(open -> RowFunction.constant(spark, open)).orElse(null);
  }

  private Dataset<Row> prepare(Dataset<Row> input, Column time) {
    StructType schema = input.schema();
    Column isDeleted =
        rules.deleteWhen().map(text -> coalesce(expr(text), lit(false))).orElse(lit(false));
    Column at = time == null ? cast(columns.sequence(), schema, true) : time;
    Column tie = rules.latestBy().map(name -> ColumnName.column(name)).orElse(lit(0));
    return input.select(
        cast(columns.keys(), schema, false).as(Names.KEY),
        at.as(Names.START),
        isDeleted.as(Names.DELETED),
        cast(columns.data(), schema, false).as(Names.VALUES),
        tie.as(Names.TIE));
  }

  private Column cast(List<StructField> fields, StructType schema, boolean bare) {
    List<Column> values = new ArrayList<>();
    for (StructField field : fields) {
      StructField found = ColumnName.find(schema, field.name()).orElse(null);
      Column value =
          found == null
              ? lit(null).cast(field.dataType())
              : ColumnCast.of(
                  ColumnName.column(found.name()),
                  found.name(),
                  found.dataType(),
                  field.dataType(),
                  view,
                  keyText(schema),
                  spark);
      values.add(CharType.padded(value, field).as(field.name()));
    }
    return bare && values.size() == 1 ? values.get(0) : struct(values.toArray(Column[]::new));
  }

  /** The key of a row as it comes, for a message. */
  private Column keyText(StructType schema) {
    return to_json(
        struct(
            columns.keys().stream()
                .flatMap(field -> ColumnName.find(schema, field.name()).stream())
                .map(field -> ColumnName.column(field.name()))
                .toArray(Column[]::new)));
  }

  private Column columnBounds() {
    Object least = tally.leastKey();
    if (least == null
        || tally.isFirstKeyNull()
        || isNotFiltered(columns.keys().get(0).dataType())) {
      return lit(true);
    }
    Column first = ColumnName.column(columns.keys().get(0).name());
    return first.geq(lit(least)).and(first.leq(lit(tally.greatestKey())));
  }

  /** Types whose order is not everywhere the same, or whose values Spark has no literals for. */
  private static boolean isNotFiltered(DataType type) {
    return !(type instanceof IntegralType
        || type instanceof DateType
        || type instanceof TimestampType
        || type.equals(DataTypes.StringType));
  }

  private void require() {
    if (tally.withoutKey() > 0 && rules.nullKeys() == Choices.NullKeys.fail) {
      throw failure(
          tally.withoutKey(),
          "has NULL in its key",
          "have NULL in their keys",
          tally::isWithoutKey,
          "Leave them out of the view, or set \"nullKeys\" to \"match\" if NULL is a value like"
              + " others.");
    }
    if (tally.withoutTime() > 0) {
      throw failure(
          tally.withoutTime(),
          "has NULL in \"sequenceBy\", so that its place in time is not known",
          "have NULL in \"sequenceBy\", so that their place in time is not known",
          tally::isWithoutTime,
          "Leave them out of the view, or give them a time.");
    }
    if (tally.afterOpenEnd() > 0) {
      throw failure(
          tally.afterOpenEnd(),
          "has a time in \"sequenceBy\" that is that of \"openEnd\", or later",
          "have a time in \"sequenceBy\" that is that of \"openEnd\", or later",
          tally::isAfterOpenEnd,
          "Leave them out of the view, or give them the time at which they came to be.");
    }
    if (rules.source() == Choices.Source.snapshot
        && !Objects.equals(tally.earliest(), tally.latest())) {
      throw new StageException(
          "A snapshot is of one time, and the view \""
              + view
              + "\" has several in \"sequenceBy\", from "
              + tally.earliest()
              + " to "
              + tally.latest()
              + ". Load one snapshot after the other, or give its time as"
              + " ${…}; for rows that each have a time of their own, set \"source\" to"
              + " \"changes\".");
    }
  }

  private StageException failure(
      long number,
      String singular,
      String plural,
      Function<InternalRow, Boolean> which,
      String remedy) {
    String shown =
        prepared.frameOf(which).select("v.*").toJSON().takeAsList(SHOWN).stream()
            .collect(Collectors.joining("\n  ", "\n  ", number > SHOWN ? "\n  …\n" : "\n"));
    return new StageException(
        String.format(
            java.util.Locale.ROOT,
            "%,d row%s of the view \"%s\" %s:%s%s",
            number,
            number == 1 ? "" : "s",
            view,
            number == 1 ? singular : plural,
            shown,
            remedy));
  }

  /**
   * Says which rows are there more than once.
   *
   * @param rowsTooMany how many of them there are
   */
  StageException duplicates(long rowsTooMany) {
    List<Row> worst =
        marked()
            .groupBy(key(), start())
            .agg(
                count(lit(1)).as(NUMBER),
                max(col(DuplicateMarks.CONFLICT)).as(DuplicateMarks.CONFLICT))
            .where(col(DuplicateMarks.CONFLICT))
            .orderBy(col(NUMBER).desc(), key(), start())
            .limit(SHOWN)
            .select(Names.keyText(), Names.startText(), col(NUMBER))
            .collectAsList();
    String shown =
        worst.stream()
            .map(
                row ->
                    row.getString(0) + " at " + row.getString(1) + ": " + row.getLong(2) + " rows")
            .collect(Collectors.joining("\n  ", "\n  ", "\n"));
    String remedy =
        switch (rules.duplicates()) {
          case fail ->
              "Remove them, or set \"duplicates\" to \"identical\" if copies of a row may be"
                  + " there, or to \"latest\" with \"latestBy\" if another column tells which"
                  + " counts.";
          case identical -> "They differ, so that it is not known which one counts.";
          case latest ->
              "They have the same value of \"latestBy\", so that it is not known which one"
                  + " counts.";
        };
    return new StageException(
        "The view \""
            + view
            + "\" has "
            + rowsTooMany
            + " row"
            + (rowsTooMany == 1 ? "" : "s")
            + " too many of one key and one time:"
            + shown
            + remedy);
  }

  private Dataset<Row> marked() {
    StructType schema = prepared.frame().schema();
    DuplicateMarks marks =
        new DuplicateMarks(schema, new Duplicates(rules.duplicates(), schema, values));
    return ComputedRows.of(
            spark,
            ComputedRows.rowsOf(Outcome.byThing(prepared.frame())).mapPartitions(marks),
            marks.schema(),
            level)
        .frame();
  }

  /** The rows of the view, of which several may be of one thing and time. */
  Dataset<Row> events() {
    return prepared.frame();
  }

  /**
   * One event a thing and time.
   *
   * @throws StageException if it is not known which of several rows counts
   */
  DistinctEvents distinctEvents() {
    Dataset<Row> marked = marked();
    Row counts =
        marked
            .agg(count_if(col(DuplicateMarks.FURTHER)), count_if(col(DuplicateMarks.CONFLICT)))
            .head();
    if (counts.getLong(1) > 0) {
      throw duplicates(counts.getLong(1));
    }
    return new DistinctEvents(
        marked
            .where(not(col(DuplicateMarks.FURTHER)))
            .drop(Names.TIE, DuplicateMarks.FURTHER, DuplicateMarks.CONFLICT),
        counts.getLong(0));
  }

  /**
   * @param copies how many rows were passed over
   */
  record DistinctEvents(Dataset<Row> rows, long copies) {}

  /**
   * A filter on a table's rows that the things of the view pass, for the statistics of its files;
   * true where there is none.
   */
  Column bounds() {
    return bounds;
  }

  /** How many rows the view has. */
  long rows() {
    return tally.rows();
  }

  /** The time of a snapshot in a column; null if it has no rows. */
  Object snapshotTime() {
    return tally.latest();
  }
}
