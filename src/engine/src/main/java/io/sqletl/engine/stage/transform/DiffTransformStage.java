package io.sqletl.engine.stage.transform;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.struct;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.InternalColumn;
import io.sqletl.engine.stage.OutputView;
import io.sqletl.engine.stage.RowIdentity;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/** Compares two views row by row: what is in both, and what is in one only. */
public final class DiffTransformStage implements StageType<DiffTransform> {

  private static final String LEFT = "left";
  private static final String RIGHT = "right";
  private static final List<String> ALL = List.of("*");

  @Override
  public Class<DiffTransform> configuration() {
    return DiffTransform.class;
  }

  @Override
  public String description() {
    return "Compares the rows of two views: makes views of those in both, only in the left, and only"
        + " in the right. A row that is there n times on one side and m times on the other is n"
        + " times m times in both.";
  }

  @Override
  public Stage plan(DiffTransform keys, StagePlanning planning) {
    return context -> compare(keys, context);
  }

  private static Optional<Dataset<Row>> compare(DiffTransform keys, StageContext context) {
    Dataset<Row> left = view(keys.inputLeftView(), context);
    Dataset<Row> right = view(keys.inputRightView(), context);
    List<String> leftKeys = columns(left, "inputLeftKeys", keys.inputLeftKeys(), context);
    boolean isWhole = keys.inputLeftKeys().isEmpty() && keys.inputRightKeys().isEmpty();
    List<String> named = columns(right, "inputRightKeys", keys.inputRightKeys(), context);
    Optional<List<String>> sameNames = isWhole ? inOrder(leftKeys, named) : Optional.empty();
    List<String> rightKeys = sameNames.orElse(named);
    if (!rightKeys.equals(named)) {
      context.warnOfColumns(
          "the right view has the columns of the left in another order; they are compared by name",
          "bring them into one order, if that was not meant");
    }
    warnOfTypes(left, leftKeys, right, rightKeys, context);
    List<String> rightNames = sameNames.isPresent() ? leftKeys : rightKeys;
    RowIdentity identity = RowIdentity.between(left, leftKeys, right, rightKeys, rightNames);
    Dataset<Row> joined =
        side(left, LEFT, identity.of(left.schema(), leftKeys))
            .join(
                side(right, RIGHT, identity.of(right.schema(), rightKeys, rightNames)),
                col("leftIdentity").equalTo(col("rightIdentity")),
                "full_outer")
            .select(LEFT, RIGHT);
    if (keys.persist()) {
      joined.persist(OutputView.storageLevel(context));
      context.detail("records", counts(joined));
    }
    boolean byKeys = !keys.inputLeftKeys().isEmpty() || !keys.inputRightKeys().isEmpty();
    Dataset<Row> both = joined.where(col(LEFT).isNotNull().and(col(RIGHT).isNotNull()));
    Dataset<Row> intersection = byKeys ? both : both.select(LEFT + ".*");
    register(keys.outputIntersectionView(), intersection, context);
    register(keys.outputLeftView(), joined.where(col(RIGHT).isNull()).select(LEFT + ".*"), context);
    register(
        keys.outputRightView(), joined.where(col(LEFT).isNull()).select(RIGHT + ".*"), context);
    return Optional.of(intersection);
  }

  /** The columns in the order of others of the same names; nothing where the names differ. */
  private static Optional<List<String>> inOrder(List<String> order, List<String> columns) {
    List<String> found =
        order.stream()
            .flatMap(name -> columns.stream().filter(name::equalsIgnoreCase).limit(1))
            .distinct()
            .toList();
    return found.size() == order.size() && order.size() == columns.size()
        ? Optional.of(found)
        : Optional.empty();
  }

  /** Values of two types are hardly ever the same: 1.5 and 1.50, 1 and "1". */
  private static void warnOfTypes(
      Dataset<Row> left,
      List<String> leftKeys,
      Dataset<Row> right,
      List<String> rightKeys,
      StageContext context) {
    if (leftKeys.size() != rightKeys.size()) {
      context.warnOfColumns(
          "the left view is compared by "
              + leftKeys.size()
              + " columns and the right one by "
              + rightKeys.size()
              + ", so that hardly any rows are the same",
          "name the columns with \"inputLeftKeys\" and \"inputRightKeys\"");
      return;
    }
    List<String> differing = new ArrayList<>();
    for (int i = 0; i < leftKeys.size(); i++) {
      StructField one = ColumnName.find(left.schema(), leftKeys.get(i)).orElseThrow();
      StructField other = ColumnName.find(right.schema(), rightKeys.get(i)).orElseThrow();
      if (!DataType.equalsIgnoreNullability(one.dataType(), other.dataType())) {
        differing.add(
            one.name()
                + " is "
                + one.dataType().catalogString()
                + " on the left and "
                + other.dataType().catalogString()
                + " on the right");
      }
    }
    if (!differing.isEmpty()) {
      context.warnOfColumns(
          "values of two types are the same only if JSON writes them alike, and 1 is none of \"1\" and"
              + " 1.5 none of 1.50: "
              + String.join("; ", differing),
          "cast them to one type in a SQLTransform");
    }
  }

  private static Dataset<Row> view(String name, StageContext context) {
    Dataset<Row> rows = context.view(name);
    if (rows.isStreaming()) {
      throw new StageException("DiffTransform cannot compare the stream '" + name + "'.");
    }
    return rows;
  }

  private static List<String> columns(
      Dataset<Row> rows, String key, List<String> names, StageContext context) {
    context.detail(key, names.isEmpty() ? ALL : names);
    return names.isEmpty()
        // Where a row stands is no part of it
        ? Arrays.stream(rows.schema().fields())
            .filter(field -> !InternalColumn.isInternal(field.metadata()))
            .map(StructField::name)
            .toList()
        : NamedColumns.of("DiffTransform", key, names, rows);
  }

  private static Dataset<Row> side(Dataset<Row> rows, String name, Column identity) {
    return rows.select(struct(col("*")).as(name), identity.as(name + "Identity"));
  }

  private static Map<String, Object> counts(Dataset<Row> joined) {
    Column inLeft = col(LEFT).isNotNull();
    Column inRight = col(RIGHT).isNotNull();
    Row counts =
        joined
            .agg(
                count_if(inLeft.and(inRight)),
                count_if(col(RIGHT).isNull()),
                count_if(col(LEFT).isNull()))
            .first();
    return Map.of(
        "intersection", counts.getLong(0), LEFT, counts.getLong(1), RIGHT, counts.getLong(2));
  }

  private static void register(Optional<String> view, Dataset<Row> rows, StageContext context) {
    view.ifPresent(name -> OutputView.named(name).register(rows, context));
  }
}
