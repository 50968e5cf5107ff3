package io.sqletl.engine.stage;

import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Gives columns the metadata of a schema's columns of the same name, and nothing else of it. */
public final class SchemaMetadata {

  private SchemaMetadata() {}

  /** The columns with their new metadata; fields of structures go by their path. */
  public static StructType attach(StructType columns, StructType schema) {
    return new StructType(
        Arrays.stream(columns.fields())
            .map(column -> find(schema, column.name()).map(s -> attach(column, s)).orElse(column))
            .toArray(StructField[]::new));
  }

  /** The same rows, their columns with the metadata of those columns; they go by position. */
  public static Dataset<Row> describe(Dataset<Row> rows, StructType described) {
    StructField[] fields = rows.schema().fields();
    Column[] columns = new Column[fields.length];
    for (int i = 0; i < fields.length; i++) {
      columns[i] =
          ColumnName.column(fields[i].name())
              .as(fields[i].name(), described.fields()[i].metadata());
    }
    return rows.select(columns);
  }

  private static StructField attach(StructField column, StructField described) {
    DataType type = column.dataType();
    if (type instanceof StructType fields && described.dataType() instanceof StructType inner) {
      type = attach(fields, inner);
    }
    return new StructField(column.name(), type, column.nullable(), described.metadata());
  }

  private static Optional<StructField> find(StructType schema, String name) {
    return Arrays.stream(schema.fields()).filter(field -> field.name().equals(name)).findFirst();
  }
}
