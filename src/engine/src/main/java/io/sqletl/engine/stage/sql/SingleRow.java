package io.sqletl.engine.stage.sql;

import io.sqletl.engine.stage.StageException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** Takes the one row that a statement must return, of exactly the types that a stage expects. */
public final class SingleRow {

  private final String requirement;
  private final List<DataType> types;

  /**
   * @param stage the stage type, for messages
   * @param signature what is expected, for messages: {@code [message: string]}
   * @param types the types in order; a column without a type, NULL, passes for any
   */
  public SingleRow(String stage, String signature, DataType... types) {
    this.requirement =
        stage + " requires query to return 1 row with " + signature + " signature. Query returned ";
    this.types = List.of(types);
  }

  /**
   * The row.
   *
   * @throws StageException if there are other rows or columns than one stage expects
   */
  public Row of(Dataset<Row> rows) {
    // Two are enough to know; only a failure counts them all
    List<Row> first = rows.takeAsList(2);
    if (first.size() == 1 && hasTypes(rows.schema().fields())) {
      return first.get(0);
    }
    long count = first.size() < 2 ? first.size() : rows.count();
    String actual =
        Arrays.stream(rows.schema().fields())
            .map(field -> field.dataType().simpleString())
            .collect(Collectors.joining(", "));
    throw new StageException(requirement + count + " rows of type [" + actual + "].");
  }

  /** Says which columns of the row are null where that may not be. */
  public StageException refusedNull(Row row) {
    return new StageException(
        requirement
            + IntStream.range(0, row.length())
                .mapToObj(column -> row.isNullAt(column) ? "null" : "not null")
                .collect(Collectors.joining(", ", "[", "]."))
            + " A comparison with NULL is NULL, and so is an aggregate such as max over no rows: say"
            + " what counts then, with coalesce.");
  }

  private boolean hasTypes(StructField[] fields) {
    return fields.length == types.size()
        && IntStream.range(0, fields.length)
            .allMatch(
                column -> {
                  DataType type = fields[column].dataType();
                  return type.equals(types.get(column)) || type.equals(DataTypes.NullType);
                });
  }
}
