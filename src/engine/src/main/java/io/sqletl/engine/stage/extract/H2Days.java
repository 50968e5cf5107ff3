package io.sqletl.engine.stage.extract;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.raise_error;
import static org.apache.spark.sql.functions.when;

import io.sqletl.engine.stage.ColumnName;
import io.sqletl.engine.stage.jdbc.JdbcDatabase;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Days before 15 October 1582 in H2: its driver hands them to JDBC as days of the calendar that
 * holds today, and Spark takes them for days of the one that held then (H2 2.3).
 */
final class H2Days {

  private static final LocalDate FIRST = LocalDate.of(1582, 10, 15);

  private H2Days() {}

  /** The rows of a table; of H2 with an error at the first such day. */
  static Dataset<Row> guarded(JdbcDatabase database, Dataset<Row> rows) {
    if (!database.url().startsWith("jdbc:h2:")) {
      return rows;
    }
    List<Column> columns = new ArrayList<>();
    for (StructField field : rows.schema().fields()) {
      Column value = ColumnName.column(field.name());
      boolean isTime =
          field.dataType() instanceof DateType
              || field.dataType() instanceof TimestampType
              || field.dataType() instanceof TimestampNTZType;
      columns.add(isTime ? guarded(value, field) : value);
    }
    return rows.select(columns.toArray(Column[]::new));
  }

  private static Column guarded(Column value, StructField field) {
    return when(
            value.cast(DataTypes.DateType).lt(lit(FIRST)),
            raise_error(
                lit(
                    "JDBCExtract cannot read a day before 1582-10-15 in the column '"
                        + field.name()
                        + "' of H2, whose driver takes it for another. Read it as text:"
                        + " cast(… AS varchar) in a query as \"tableName\".")))
        .otherwise(value)
        .cast(field.dataType())
        .as(field.name(), field.metadata());
  }
}
