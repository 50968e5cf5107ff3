package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lead;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a history.
 *
 * @param layout what the table's columns are called
 * @param table all columns, in the table's order
 * @param data those that the load does not make
 * @param keys those that name a thing
 * @param tracked those whose change makes a version
 * @param untracked those that are changed in place
 * @param sequence those that order changes, if they are columns
 * @param sequenceType the type of a version's start and end
 */
record HistoryColumns(
    HistoryLayout layout,
    StructType table,
    List<StructField> data,
    List<StructField> keys,
    List<StructField> tracked,
    List<StructField> untracked,
    List<StructField> sequence,
    DataType sequenceType) {

  /**
   * The versions of a table's rows, and the thing that each is of.
   *
   * @param place where each row stands
   */
  Dataset<Row> versions(Dataset<Row> rows, Column place) {
    List<Column> columns = new ArrayList<>();
    columns.add(struct(columns(keys)).as(Names.KEY));
    columns.add(start().as(Names.START));
    columns.add(end().as(Names.END));
    columns.add(
        layout
            .isDeleted()
            .map(name -> coalesce(ColumnName.column(name), lit(false)))
            .orElse(lit(false))
            .as(Names.DELETED));
    columns.add(struct(columns(data)).as(Names.VALUES));
    columns.add(isMarkedRight().as(Names.MARKED));
    columns.add(place);
    Dataset<Row> versions = rows.select(columns.toArray(Column[]::new));
    if (isNewest() || layout.validTo().isPresent()) {
      return versions;
    }
    return ended(versions);
  }

  /** Without a column for it, a version ends where the next of its thing begins. */
  Dataset<Row> ended(Dataset<Row> versions) {
    return versions.withColumn(
        Names.END,
        lead(Names.start(), 1).over(Window.partitionBy(Names.key()).orderBy(Names.start())));
  }

  /** Rows of the table with NULL in columns that it does not have yet. */
  Dataset<Row> complete(Dataset<Row> rows) {
    List<String> there = List.of(rows.columns());
    Dataset<Row> all = rows;
    for (StructField field : table.fields()) {
      if (!there.contains(field.name())) {
        all = all.withColumn(field.name(), lit(null).cast(field.dataType()));
      }
    }
    return all;
  }

  /** The versions of a table that is not there. */
  Dataset<Row> noVersions(SparkSession spark) {
    return versions(
        spark.createDataFrame(List.of(), table),
        Names.place(lit(null).cast("string"), lit(null).cast("bigint")));
  }

  /** Whether the mark of the current version is where it belongs. */
  private Column isMarkedRight() {
    if (layout.isCurrent().isEmpty() || layout.validTo().isEmpty()) {
      return lit(true);
    }
    return ColumnName.column(layout.isCurrent().get()).eqNullSafe(end().isNull());
  }

  Column start() {
    return start(ColumnName::column);
  }

  /** The start of a version in a frame of the table's rows, where others have such columns too. */
  Column startIn(Dataset<Row> rows) {
    return start(name -> ColumnName.in(rows, name));
  }

  private Column start(Function<String, Column> column) {
    return layout
        .validFrom()
        .map(column)
        .orElseGet(
            () ->
                sequence.size() == 1
                    ? column.apply(sequence.get(0).name())
                    : struct(
                        sequence.stream()
                            .map(field -> column.apply(field.name()).as(field.name()))
                            .toArray(Column[]::new)));
  }

  /** Whether the table keeps only the newest of each thing. */
  boolean isNewest() {
    return layout.type() == HistoryType.NEWEST;
  }

  /** Whether the table has the columns of the sequence for more than a version's start. */
  boolean tellsTime() {
    return layout.validFrom().isPresent()
        && !sequence.isEmpty()
        && sequence.stream().allMatch(field -> ColumnName.find(data, field.name()).isPresent());
  }

  /** The sequence in a struct of the table's columns, if these are there. */
  Column sequenceIn(Column values) {
    Column sequence =
        sequence().size() == 1
            ? values.getField(sequence().get(0).name())
            : struct(
                sequence().stream()
                    .map(field -> values.getField(field.name()).as(field.name()))
                    .toArray(Column[]::new));
    return sequence.cast(sequenceType);
  }

  /** The struct of the table's columns as of another time. */
  Column at(Column time, Column values) {
    List<Column> fields = new ArrayList<>();
    for (StructField field : data) {
      Column value = values.getField(field.name());
      if (sequence.size() == 1 && sequence.get(0).name().equals(field.name())) {
        value = time.cast(field.dataType());
      }
      fields.add(value.as(field.name()));
    }
    return struct(fields.toArray(Column[]::new));
  }

  /** The end of a version as the table has it; NULL for one that is open. */
  Column end() {
    Column none = lit(null).cast(sequenceType);
    if (isNewest() || layout.validTo().isEmpty()) {
      return none;
    }
    Column end = ColumnName.column(layout.validTo().get());
    return openEnd().map(open -> when(end.equalTo(open), none).otherwise(end)).orElse(end);
  }

  /** The end of a version that has none, if that is not NULL. */
  Optional<Column> openEnd() {
    return layout.openEnd().map(text -> lit(text).cast(sequenceType));
  }

  /** The table's rows of versions. */
  Column[] rowsOf() {
    return Arrays.stream(table.fields())
        .map(field -> columnOf(field).cast(field.dataType()).as(field.name(), field.metadata()))
        .toArray(Column[]::new);
  }

  private Column columnOf(StructField field) {
    Optional<String> name = Optional.of(field.name());
    if (name.equals(layout.validFrom())) {
      return Names.start();
    }
    if (name.equals(layout.validTo())) {
      return openEnd().map(open -> coalesce(Names.end(), open)).orElse(Names.end());
    }
    if (name.equals(layout.isCurrent())) {
      return Names.end().isNull();
    }
    if (name.equals(layout.isDeleted())) {
      return Names.deleted();
    }
    return Names.values().getField(field.name());
  }

  static Column[] columns(List<StructField> fields) {
    return fields.stream()
        .map(field -> ColumnName.column(field.name()).as(field.name()))
        .toArray(Column[]::new);
  }

  /** The type of {@link Names#VALUES}. */
  StructType dataType() {
    return DataTypes.createStructType(
        data.stream()
            .map(field -> DataTypes.createStructField(field.name(), field.dataType(), true))
            .toList());
  }
}
