package io.sqletl.engine.stage.history;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.delta.DeltaCommits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The rows of a table that DeltaLakeHistoryLoad made, read as the layout says that is stored with
 * it.
 */
public final class StoredHistory {

  private static final String ROW = "r";
  private static final String IS_THERE = "isThere";

  private final Dataset<Row> rows;
  private final HistoryColumns columns;
  private final String uri;
  private final Optional<DataType> order;

  private StoredHistory(
      Dataset<Row> rows, HistoryColumns columns, String uri, Optional<DataType> order) {
    this.rows = rows;
    this.columns = columns;
    this.uri = uri;
    this.order = order;
  }

  /**
   * A history as it was freshly read.
   *
   * @param table the rows of one version of the table, or of whatever is the latest
   * @param commits those of the table
   * @param uri where it is, for messages
   * @throws StageException if the table is no history, or has no longer the columns of one
   */
  public static StoredHistory of(Dataset<Row> table, DeltaCommits commits, String uri) {
    HistoryLayout layout =
        commits
            .property(table, HistoryLayout.PROPERTY)
            .flatMap(HistoryLayout::ofJson)
            .orElseThrow(
                () ->
                    new StageException(
                        "The table at '"
                            + uri
                            + "' is no history: it lacks the property \""
                            + HistoryLayout.PROPERTY
                            + "\", in which DeltaLakeHistoryLoad stores how it keeps versions. Read"
                            + " it with DeltaLakeExtract, or load into it with DeltaLakeHistoryLoad"
                            + " first."));
    StructType schema = table.schema();
    Columns named = new Columns(List.of(schema.fields()), uri);
    layout.made().forEach(named::find);
    List<StructField> keys = layout.keys().stream().map(named::find).toList();
    boolean isOrdered = layout.validFrom().isEmpty();
    List<StructField> sequence =
        isOrdered ? layout.sequence().stream().map(named::find).toList() : List.of();
    Optional<DataType> order =
        layout
            .validFrom()
            .map(name -> Optional.of(named.find(name).dataType()))
            .orElseGet(() -> typeOf(sequence));
    List<StructField> data =
        Arrays.stream(schema.fields())
            .filter(field -> layout.made().stream().noneMatch(field.name()::equals))
            .toList();
    DataType end =
        order.orElseGet(
            () ->
                layout
                    .validTo()
                    .map(name -> named.find(name).dataType())
                    .orElse(DataTypes.NullType));
    return new StoredHistory(
        table,
        new HistoryColumns(layout, schema, data, keys, List.of(), List.of(), sequence, end),
        uri,
        order);
  }

  /** Finds the columns that a layout names. */
  private record Columns(List<StructField> fields, String uri) {

    StructField find(String name) {
      return ColumnName.find(fields, name)
          .orElseThrow(
              () ->
                  new StageException(
                      "The history at '"
                          + uri
                          + "' has lost its column \""
                          + name
                          + "\", which was dropped or renamed after the load that made it. Go back"
                          + " to a version of the table that has it (RESTORE TABLE)."));
    }
  }

  private static Optional<DataType> typeOf(List<StructField> sequence) {
    if (sequence.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        sequence.size() == 1 ? sequence.get(0).dataType() : DataTypes.createStructType(sequence));
  }

  private HistoryLayout layout() {
    return columns.layout();
  }

  /** Whether the end of a version is in its row. */
  private boolean hasEnds() {
    return columns.isNewest() || layout().validTo().isPresent();
  }

  private Column isThere() {
    return layout()
        .isDeleted()
        .map(name -> coalesce(ColumnName.column(name), lit(false)).equalTo(false))
        .orElse(lit(true));
  }

  /** The rows as they are, those that stand for a deletion included. */
  public Dataset<Row> all() {
    return rows;
  }

  /** The versions that hold, of things that are there. */
  public Dataset<Row> current() {
    if (hasEnds()) {
      return rows.where(columns.end().isNull().and(isThere()));
    }
    if (layout().isCurrent().isPresent()) {
      return rows.where(
          coalesce(ColumnName.column(layout().isCurrent().get()), lit(false)).and(isThere()));
    }
    requireOrder("tell which versions are the current ones");
    return withEnds(Names.end().isNull());
  }

  /**
   * The versions that held at a moment, of things that were there: those that began at or before
   * it, and had not ended by then. None for a moment before all of them.
   *
   * @throws StageException if the table does not keep its past, or the moment is not of the type of
   *     its times
   */
  public Dataset<Row> asOf(Moment moment) {
    if (columns.isNewest()) {
      throw new StageException(
          "The table at '"
              + uri
              + "' keeps only the newest of each thing (\"historyType\": 1), so that nobody can tell"
              + " how things were. Read it with \"versions\": \"current\".");
    }
    requireOrder("tell what held at a moment");
    Column at = moment.in(order.orElseThrow(), rows.sparkSession());
    if (hasEnds()) {
      Column end = columns.end();
      return rows.where(columns.start().leq(at).and(end.isNull().or(end.gt(at))).and(isThere()));
    }
    return withEnds(Names.start().leq(at).and(Names.end().isNull().or(Names.end().gt(at))));
  }

  private void requireOrder(String purpose) {
    if (order.isEmpty()) {
      throw new StageException(
          "The history at '"
              + uri
              + "' was made with \"validFrom\": \"off\" and with its times given by the job, so that"
              + " no column tells when a version began. Nobody can "
              + purpose
              + ".");
    }
  }

  /** A version without an end of its own ends where the next of its thing begins. */
  private Dataset<Row> withEnds(Column condition) {
    List<Column> kept = new ArrayList<>();
    for (String name : rows.columns()) {
      kept.add(ColumnName.column(name));
    }
    Dataset<Row> versions =
        columns.ended(
            rows.select(
                struct(HistoryColumns.columns(columns.keys())).as(Names.KEY),
                columns.start().as(Names.START),
                isThere().as(IS_THERE),
                struct(kept.toArray(Column[]::new)).as(ROW)));
    return versions
        .where(condition.and(col(IS_THERE)))
        .select(
            Arrays.stream(rows.schema().fields())
                .map(field -> col(ROW).getField(field.name()).as(field.name(), field.metadata()))
                .toArray(Column[]::new));
  }

  /**
   * Looks at all versions.
   *
   * @param nullKeys whether NULL is a key like others
   * @return how many versions there are
   * @throws StageException if the history is not sound, with the first versions that are wrong
   */
  public long validate(Choices.NullKeys nullKeys) {
    if (!columns.isNewest()) {
      requireOrder("tell whether its versions follow each other");
    }
    HistoryProblems problems = HistoryProblems.of(rows, columns, nullKeys);
    problems.require(uri);
    return problems.versions();
  }
}
