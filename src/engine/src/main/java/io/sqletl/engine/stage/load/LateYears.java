package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.ColumnName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Years of more than four digits. Text has them as +20204, which few readers take for a year. */
final class LateYears {

  private static final LocalDate FIRST = LocalDate.of(10_000, 1, 1);

  private LateYears() {}

  /** What to tell of the columns that hold such days or times. */
  static List<LossyValues.Kind> of(StructType columns) {
    return Arrays.stream(columns.fields()).flatMap(field -> kind(field).stream()).toList();
  }

  private static Optional<LossyValues.Kind> kind(StructField field) {
    Optional<Column> isLate =
        isLate(field, DateType.class, lit(FIRST))
            .or(
                () ->
                    isLate(
                        field, TimestampType.class, lit(Instant.parse("+10000-01-01T00:00:00Z"))))
            .or(
                () ->
                    isLate(
                        field,
                        TimestampNTZType.class,
                        lit(LocalDateTime.of(FIRST, java.time.LocalTime.MIDNIGHT))));
    return isLate.map(
        isLossy ->
            new LossyValues.Kind(
                isLossy,
                "of column '"
                    + field.name()
                    + "' hold a year after 9999, which is written as +10000; most readers take it"
                    + " for no date",
                "see whether the year is meant; NULL says that there is no end"));
  }

  private static Optional<Column> isLate(
      StructField field, Class<? extends DataType> type, Column first) {
    return Guard.any(
        ColumnName.column(field.name()),
        field.dataType(),
        type::isInstance,
        value -> value.geq(first));
  }
}
