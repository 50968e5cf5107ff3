package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Writes a view as ORC files. */
public final class ORCLoadStage implements StageType<ORCLoad> {

  private static final FormatRules RULES =
      FormatRules.of(
          WritableTypes.ORC,
          new WritableNames(
              name -> name.indexOf('`') < 0, "Spark writes no back-tick in names of ORC"),
          new Times());

  @Override
  public Class<ORCLoad> configuration() {
    return ORCLoad.class;
  }

  @Override
  public String description() {
    return "Writes a view as ORC files.";
  }

  @Override
  public Stage plan(ORCLoad keys, StagePlanning planning) {
    keys.target().check(planning);
    return new FileLoad("orc", Map.of(), keys.target(), RULES);
  }

  /** Times as ORC keeps them: whole seconds, cut towards 1970, and the part of a second apart. */
  private record Times() implements FormatRules.Values {

    @Override
    public Column written(Column value, StructField field) {
      return value;
    }

    @Override
    public Column guarded(Column value, StructField field, String type) {
      String message =
          type
              + " cannot write the column '"
              + field.name()
              + "': it holds a time in the last second before 1970-01-01 00:00:00 UTC, which"
              + " readers of ORC take for one a second later. Write Parquet, or another time.";
      Column guarded = value;
      for (Column isWrong : mistaken(value, field.dataType())) {
        guarded = Guard.against(guarded, isWrong, message, null);
      }
      String skipped =
          type
              + " cannot write the column '"
              + field.name()
              + "': it holds a day from 1582-10-05 to 1582-10-14, which the calendar of ORC does not"
              + " have. Write Parquet, or another day.";
      for (Column isWrong : skipped(value, field.dataType())) {
        guarded = Guard.against(guarded, isWrong, skipped, null);
      }
      return guarded;
    }

    /** ORC keeps days of the Julian calendar and then of the Gregorian, with ten left out. */
    private static List<Column> skipped(Column value, DataType type) {
      LocalDateTime from = LocalDateTime.of(1582, 10, 5, 0, 0);
      LocalDateTime to = LocalDateTime.of(1582, 10, 15, 0, 0);
      return Stream.of(
              Guard.any(
                  value,
                  type,
                  DateType.class::isInstance,
                  day -> day.geq(lit(from.toLocalDate())).and(day.lt(lit(to.toLocalDate())))),
              Guard.any(
                  value,
                  type,
                  TimestampType.class::isInstance,
                  time ->
                      time.geq(lit(from.toInstant(ZoneOffset.UTC)))
                          .and(time.lt(lit(to.toInstant(ZoneOffset.UTC))))),
              Guard.any(
                  value,
                  type,
                  TimestampNTZType.class::isInstance,
                  time -> time.geq(lit(from)).and(time.lt(lit(to)))))
          .flatMap(Optional::stream)
          .toList();
    }

    /** Their second is 0, as that of times after it; before the first millisecond it is -1. */
    private static List<Column> mistaken(Column value, DataType type) {
      LocalDateTime from = LocalDateTime.of(1969, 12, 31, 23, 59, 59, 1_000_000);
      LocalDateTime to = LocalDateTime.of(1970, 1, 1, 0, 0);
      return Stream.of(
              Guard.any(
                  value,
                  type,
                  TimestampType.class::isInstance,
                  time ->
                      time.geq(lit(from.toInstant(ZoneOffset.UTC)))
                          .and(time.lt(lit(to.toInstant(ZoneOffset.UTC))))),
              Guard.any(
                  value,
                  type,
                  TimestampNTZType.class::isInstance,
                  time -> time.geq(lit(from)).and(time.lt(lit(to)))))
          .flatMap(Optional::stream)
          .toList();
    }
  }
}
