package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.AssignableTypes;
import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.LocalTimes;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.TypeDifferences;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The types of what a merge writes, against those of the table. Delta casts without a word, times
 * by the session's zone, numbers to times, bytes to texts; and it says of a struct that does not
 * fit neither where nor what to do.
 */
final class MergedTypes {

  private final DeltaLakeMergeLoad keys;
  private final Dataset<Row> source;
  private final Dataset<Row> target;
  private final StageContext context;

  /**
   * @param source the view, by its alias
   * @param target the table, by its alias
   */
  MergedTypes(
      DeltaLakeMergeLoad keys, Dataset<Row> source, Dataset<Row> target, StageContext context) {
    this.keys = keys;
    this.source = source;
    this.target = target;
    this.context = context;
  }

  /**
   * @throws StageException that names the columns that do not go together, and what to do
   */
  void require() {
    keys.whenMatchedUpdate().ifPresent(clause -> require(clause, source.crossJoin(target)));
    keys.whenNotMatchedByTargetInsert().ifPresent(clause -> require(clause, source));
  }

  private void require(DeltaLakeMergeLoad.Write clause, Dataset<Row> rows) {
    boolean takesAll = clause.values().isEmpty();
    TypeDifferences differences =
        TypeDifferences.of(
            takesAll ? source.schema() : typesOf(clause.values(), rows), target.schema());
    String subject =
        "DeltaLakeMergeLoad cannot write "
            + (takesAll ? "" : "the \"values\" of ")
            + "inputView '"
            + keys.inputView()
            + "' into the table '"
            + keys.outputURI()
            + "'";
    if (takesAll) {
      // An expression in "values" is a cast that the job wrote
      AssignableTypes.require(differences, subject);
    }
    LocalTimes.requireSame(differences, subject, context.spark());
    if (!keys.mergeSchema()) {
      requireFields(differences, subject);
    }
  }

  /** The types of those expressions that are columns of the table and can be understood here. */
  private StructType typesOf(Map<String, String> values, Dataset<Row> rows) {
    StructType types = new StructType();
    for (Map.Entry<String, String> value : values.entrySet()) {
      Optional<DataType> type = typeOf(value.getValue(), rows);
      if (type.isPresent()) {
        types = types.add(value.getKey(), type.get());
      }
    }
    return types;
  }

  private static Optional<DataType> typeOf(String expression, Dataset<Row> rows) {
    try {
      return Optional.of(rows.select(functions.expr(expression)).schema().fields()[0].dataType());
    } catch (Exception e) {
      // What is wrong with it Delta tells better, and it knows DEFAULT
      return Optional.empty();
    }
  }

  private void requireFields(TypeDifferences differences, String subject) {
    List<String> parts = new ArrayList<>();
    if (!differences.added().isEmpty()) {
      parts.add("the table has no field " + paths(differences.added()));
    }
    if (!differences.missing().isEmpty()) {
      parts.add("the view has no field " + paths(differences.missing()));
    }
    if (parts.isEmpty()) {
      return;
    }
    TypeDifferences.Field first =
        differences.added().isEmpty() ? differences.missing().get(0) : differences.added().get(0);
    throw new StageException(
        subject
            + ": "
            + String.join(", and ", parts)
            + ". Structs have to have the same fields: make them anew in a SQLTransform"
            + example(first.path())
            + ", or set \"mergeSchema\" to true, which adds to the table what it lacks and takes"
            + " NULL for what the view lacks.");
  }

  /** The expression for a struct that is a column of its own; one in a list needs a transform. */
  private String example(String path) {
    String column = path.substring(0, path.lastIndexOf('.'));
    return ColumnName.find(target.schema(), column)
        .map(StructField::dataType)
        .filter(StructType.class::isInstance)
        .map(
            type ->
                List.of(((StructType) type).fields()).stream()
                    .map(field -> "'" + field.name() + "', " + value(column, field))
                    .collect(Collectors.joining(", ", ", as in named_struct(", ")")))
        .orElse(" with the fields of the table (named_struct, and transform for lists)");
  }

  private String value(String column, StructField field) {
    boolean isThere =
        ColumnName.find(source.schema(), column)
            .map(StructField::dataType)
            .filter(StructType.class::isInstance)
            .flatMap(type -> ColumnName.find((StructType) type, field.name()))
            .isPresent();
    return isThere ? column + "." + field.name() : "CAST(NULL AS " + field.dataType().sql() + ")";
  }

  private static String paths(List<TypeDifferences.Field> fields) {
    return fields.stream().map(TypeDifferences.Field::path).collect(Collectors.joining(", "));
  }
}
