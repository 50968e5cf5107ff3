package io.sqletl.engine.stage.history;

import static io.sqletl.engine.stage.history.Names.deleted;
import static io.sqletl.engine.stage.history.Names.key;
import static io.sqletl.engine.stage.history.Names.start;
import static io.sqletl.engine.stage.history.Names.values;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
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
  private static final String TIE = "tie";
  private static final String NUMBER = "n";
  private static final String CONFLICT = "conflict";

  private final String view;
  private final HistoryRules rules;
  private final HistoryColumns columns;
  private final Dataset<Row> prepared;
  private final long rows;
  private final long copies;
  private final Object snapshotTime;
  private final Column bounds;

  /**
   * @param view the name of the view, for messages
   * @param input its rows
   * @param time what orders the rows if that is no column; null otherwise
   * @param level where the events are kept while they are needed
   * @throws StageException if rows have no key or no time, or are there more than once
   */
  EventSource(
      String view,
      Dataset<Row> input,
      HistoryRules rules,
      HistoryColumns columns,
      Column time,
      StorageLevel level) {
    this.view = view;
    this.rules = rules;
    this.columns = columns;
    this.prepared = prepare(input, time).localCheckpoint(false, level);
    Row counts = prepared.agg(count(lit(1)), checks()).head();
    rows = counts.getLong(0);
    copies = counts.isNullAt(1) ? 0 : counts.getLong(1);
    require(counts);
    snapshotTime = counts.get(6);
    bounds = bounds(counts);
  }

  private Dataset<Row> prepare(Dataset<Row> input, Column time) {
    StructType schema = input.schema();
    Column isDeleted =
        rules.deleteWhen().map(text -> coalesce(expr(text), lit(false))).orElse(lit(false));
    Column at = time == null ? cast(columns.sequence(), schema, true) : time;
    Column tie = rules.latestBy().map(name -> ColumnName.column(name)).orElse(lit(0));
    Dataset<Row> events =
        input.select(
            cast(columns.keys(), schema, false).as(Names.KEY),
            at.as(Names.START),
            isDeleted.as(Names.DELETED),
            cast(columns.data(), schema, false).as(Names.VALUES),
            tie.as(TIE));
    WindowSpec same = Window.partitionBy(key(), start()).orderBy(col(TIE).desc_nulls_last());
    Column isCopy =
        first(deleted())
            .over(same)
            .eqNullSafe(deleted())
            .and(
                deleted()
                    .or(
                        ValueComparison.same(
                            first(values()).over(same), values(), columns.data())));
    Column isConflict =
        switch (rules.duplicates()) {
          case fail -> lit(true);
          case identical -> isCopy.equalTo(false);
          case latest -> first(col(TIE)).over(same).eqNullSafe(col(TIE)).and(isCopy.equalTo(false));
        };
    return events
        .withColumn(NUMBER, row_number().over(same))
        .withColumn(CONFLICT, col(NUMBER).gt(1).and(isConflict))
        .drop(TIE);
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
                  field.dataType());
      values.add(value.as(field.name()));
    }
    return bare && values.size() == 1 ? values.get(0) : struct(values.toArray(Column[]::new));
  }

  private Column[] checks() {
    return new Column[] {
      sum(when(col(NUMBER).gt(1), 1L)),
      sum(when(col(CONFLICT), 1L)),
      sum(when(isWithoutKey(), 1L)),
      sum(when(isWithoutTime(), 1L)),
      min(start()),
      max(start()),
      min(key()),
      max(key()),
      sum(when(isAfterOpenEnd(), 1L)),
    };
  }

  /** Of the first key only: structs are ordered by it. */
  private Column bounds(Row counts) {
    if (counts.isNullAt(7)) {
      return lit(true);
    }
    Object least = counts.getStruct(7).get(0);
    Object greatest = counts.getStruct(8).get(0);
    if (least == null || greatest == null || isNotFiltered(columns.keys().get(0).dataType())) {
      return lit(true);
    }
    Column first = ColumnName.column(columns.keys().get(0).name());
    return first.geq(lit(least)).and(first.leq(lit(greatest)));
  }

  /** Types whose order is not everywhere the same, or whose values Spark has no literals for. */
  private static boolean isNotFiltered(DataType type) {
    return !(type instanceof IntegralType
        || type instanceof DateType
        || type instanceof TimestampType
        || type.equals(DataTypes.StringType));
  }

  private Column isWithoutKey() {
    return anyNull(columns.keys(), key());
  }

  private Column isWithoutTime() {
    return columns.sequence().size() > 1 ? anyNull(columns.sequence(), start()) : start().isNull();
  }

  private Column isAfterOpenEnd() {
    return columns.openEnd().map(open -> start().geq(open)).orElse(lit(false));
  }

  private static Column anyNull(List<StructField> fields, Column struct) {
    return fields.stream()
        .map(field -> struct.getField(field.name()).isNull())
        .reduce(Column::or)
        .orElse(lit(false));
  }

  private void require(Row counts) {
    if (number(counts, 3) > 0 && rules.nullKeys() == Choices.NullKeys.fail) {
      throw failure(
          counts.getLong(3),
          "has NULL in its key",
          "have NULL in their keys",
          isWithoutKey(),
          "Leave them out of the view, or set \"nullKeys\" to \"match\" if NULL is a value like"
              + " others.");
    }
    if (number(counts, 4) > 0) {
      throw failure(
          counts.getLong(4),
          "has NULL in \"sequenceBy\", so that its place in time is not known",
          "have NULL in \"sequenceBy\", so that their place in time is not known",
          isWithoutTime(),
          "Leave them out of the view, or give them a time.");
    }
    if (number(counts, 9) > 0) {
      throw failure(
          counts.getLong(9),
          "has a time in \"sequenceBy\" that is that of \"openEnd\", or later",
          "have a time in \"sequenceBy\" that is that of \"openEnd\", or later",
          isAfterOpenEnd(),
          "Leave them out of the view, or give them the time at which they came to be.");
    }
    if (number(counts, 2) > 0) {
      throw duplicates(counts.getLong(2));
    }
    if (rules.source() == Choices.Source.snapshot
        && !Objects.equals(counts.get(5), counts.get(6))) {
      throw new StageException(
          "A snapshot is of one time, and the view \""
              + view
              + "\" has several in \"sequenceBy\", from "
              + counts.get(5)
              + " to "
              + counts.get(6)
              + ". Load one snapshot after the other, or give its time as"
              + " ${…}; for rows that each have a time of their own, set \"source\" to"
              + " \"changes\".");
    }
  }

  private static long number(Row counts, int index) {
    return counts.isNullAt(index) ? 0 : counts.getLong(index);
  }

  private StageException failure(
      long number, String singular, String plural, Column which, String remedy) {
    String shown =
        prepared.where(which).select("v.*").toJSON().takeAsList(SHOWN).stream()
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

  private StageException duplicates(long rowsTooMany) {
    List<Row> worst =
        prepared
            .groupBy(key(), start())
            .agg(count(lit(1)).as(NUMBER), sum(when(col(CONFLICT), 1)).as(CONFLICT))
            .where(col(CONFLICT).gt(0))
            .orderBy(col(NUMBER).desc(), key(), start())
            .limit(SHOWN)
            .selectExpr("to_json(k)", "to_json(struct(s))", "n")
            .collectAsList();
    String shown =
        worst.stream()
            .map(
                row ->
                    row.getString(0)
                        + " at "
                        + row.getString(1).replaceFirst("^\\{\"s\":(.*)}$", "$1")
                        + ": "
                        + row.getLong(2)
                        + " rows")
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

  /**
   * A filter on a table's rows that the things of the view pass, for the statistics of its files;
   * true where there is none.
   */
  Column bounds() {
    return bounds;
  }

  /** One event a thing and time. */
  Dataset<Row> events() {
    return prepared.where(col(NUMBER).equalTo(1)).drop(NUMBER, CONFLICT);
  }

  /** How many rows the view has. */
  long rows() {
    return rows;
  }

  /** How many of them are further copies of another. */
  long copies() {
    return copies;
  }

  /** The time of a snapshot in a column; null if it has no rows. */
  Object snapshotTime() {
    return snapshotTime;
  }
}
