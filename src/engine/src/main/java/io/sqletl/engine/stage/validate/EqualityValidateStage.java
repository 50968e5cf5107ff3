package io.sqletl.engine.stage.validate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.RowIdentity;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;

/** Fails the job when two views are not the same: columns, their order and types, and rows. */
public final class EqualityValidateStage implements StageType<EqualityValidate> {

  private static final String BEGIN =
      "EqualityValidate ensures the two input datasets are the same (including column order), but ";
  private static final String END = ". Columns are not equal so cannot the data be compared.";

  @Override
  public Class<EqualityValidate> configuration() {
    return EqualityValidate.class;
  }

  @Override
  public String description() {
    return "Fails the job when two views differ in their columns, the order or types of these, or in"
        + " their rows; internal columns do not count, nor how often a row is there.";
  }

  @Override
  public Stage plan(EqualityValidate keys, StagePlanning planning) {
    return context -> {
      new Comparison(keys, context).require();
      return Optional.empty();
    };
  }

  /** The two views without their internal columns. */
  private static final class Comparison {

    private final String leftName;
    private final String rightName;
    private final Dataset<Row> left;
    private final Dataset<Row> right;
    private final List<String> leftColumns;
    private final List<String> rightColumns;
    private final StageContext context;

    Comparison(EqualityValidate keys, StageContext context) {
      this.context = context;
      leftName = keys.leftView();
      rightName = keys.rightView();
      left = withoutInternal(leftName);
      right = withoutInternal(rightName);
      leftColumns = List.of(left.columns());
      rightColumns = List.of(right.columns());
    }

    private Dataset<Row> withoutInternal(String view) {
      Dataset<Row> rows = context.view(view);
      if (rows.isStreaming()) {
        throw new StageException("EqualityValidate cannot compare the stream '" + view + "'.");
      }
      return rows.select(
          Arrays.stream(rows.schema().fields())
              .filter(field -> !InternalColumn.isInternal(field.metadata()))
              .map(field -> ColumnName.column(field.name()))
              .toArray(Column[]::new));
    }

    void require() {
      requireNames();
      requireOrder();
      requireTypes();
      requireRows();
    }

    private void requireNames() {
      List<String> onlyLeft = without(leftColumns, rightColumns);
      List<String> onlyRight = without(rightColumns, leftColumns);
      if (!onlyLeft.isEmpty() || !onlyRight.isEmpty()) {
        context.detail("leftExceptRightColumns", onlyLeft);
        context.detail("rightExceptLeftColumns", onlyRight);
        throw new StageException(
            BEGIN
                + surplus(leftName, leftColumns, onlyLeft, rightName)
                + " and "
                + surplus(rightName, rightColumns, onlyRight, leftName)
                + END);
      }
    }

    private static List<String> without(List<String> columns, List<String> others) {
      return columns.stream().filter(column -> !others.contains(column)).toList();
    }

    private static String surplus(
        String view, List<String> columns, List<String> surplus, String other) {
      return "'"
          + view
          + "' ("
          + columns.size()
          + " columns) contains columns: "
          + quoted(surplus)
          + " that are not in '"
          + other
          + "'";
    }

    private void requireOrder() {
      requireSame("Columns", "columns (ordered)", leftColumns, rightColumns);
    }

    private void requireTypes() {
      requireSame("ColumnsTypes", "column types (ordered)", types(left), types(right));
    }

    private void requireSame(String field, String what, List<String> ofLeft, List<String> ofRight) {
      if (!ofLeft.equals(ofRight)) {
        context.detail("left" + field, ofLeft);
        context.detail("right" + field, ofRight);
        throw new StageException(
            BEGIN
                + contains(leftName, what, ofLeft)
                + " and "
                + contains(rightName, what, ofRight)
                + END);
      }
    }

    private static String contains(String view, String what, List<String> texts) {
      return "'" + view + "' contains " + what + ": " + quoted(texts);
    }

    private static List<String> types(Dataset<Row> rows) {
      return Arrays.stream(rows.schema().fields())
          .map(field -> typeName(field.dataType()))
          .toList();
    }

    private static String typeName(DataType type) {
      boolean nested =
          type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
      return nested ? type.catalogString() : type.typeName();
    }

    /** Counts in one pass how often each row is in either view. */
    private void requireRows() {
      RowIdentity identity = RowIdentity.between(left, leftColumns, right, rightColumns);
      Dataset<Row> counts =
          counted(left, identity.of(left.schema(), leftColumns), 1, 0)
              .unionAll(counted(right, identity.of(right.schema(), rightColumns), 0, 1))
              .groupBy("row")
              .agg(sum("left").as("left"), sum("right").as("right"));
      Row sums =
          counts
              .agg(
                  total(col("left")),
                  total(col("right")),
                  total(when(col("right").equalTo(0), col("left"))),
                  total(when(col("left").equalTo(0), col("right"))))
              .first();
      long onlyLeft = sums.getLong(2);
      long onlyRight = sums.getLong(3);
      if (onlyLeft > 0 || onlyRight > 0) {
        context.detail("leftExceptRightCount", onlyLeft);
        context.detail("rightExceptLeftCount", onlyRight);
        throw new StageException(
            BEGIN
                + String.format(
                    "'%s' (%d rows) contains %d rows that are not in '%s'"
                        + " and '%s' (%d rows) contains %d rows which are not in '%s'.",
                    leftName,
                    sums.getLong(0),
                    onlyLeft,
                    rightName,
                    rightName,
                    sums.getLong(1),
                    onlyRight,
                    leftName));
      }
    }

    private static Dataset<Row> counted(
        Dataset<Row> rows, Column identity, long inLeft, long inRight) {
      return rows.select(identity.as("row"), lit(inLeft).as("left"), lit(inRight).as("right"));
    }

    private static Column total(Column counts) {
      return coalesce(sum(counts), lit(0L));
    }

    private static String quoted(List<String> texts) {
      return texts.stream()
          .map(text -> "'" + text + "'")
          .collect(Collectors.joining(", ", "[", "]"));
    }
  }
}
