package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.stage.LocalTimes;
import io.sqletl.engine.stage.Stage;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.StagePlanning;
import io.sqletl.engine.stage.StageType;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
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
    FileLoad load = new FileLoad("orc", Map.of(), keys.target(), RULES);
    return context -> {
      warnOfClock(context.view(keys.target().inputView()).schema(), context);
      return load.run(context);
    };
  }

  /** ORC keeps a moment as the machine's clock shows it, and readers take it for their own. */
  private static void warnOfClock(StructType columns, StageContext context) {
    TimeZone zone = TimeZone.getDefault();
    List<String> moments =
        Arrays.stream(columns.fields())
            .filter(field -> field.dataType().existsRecursively(TimestampType.class::isInstance))
            .map(StructField::name)
            .toList();
    if (!moments.isEmpty() && !zone.hasSameRules(TimeZone.getTimeZone("UTC"))) {
      context.warnOf(
          ErrorCode.LOSSY_WRITE,
          "ORC keeps the moments of "
              + String.join(", ", moments)
              + " as the clock of "
              + zone.getID()
              + " shows them, so that a reader in another zone finds other moments",
          "write Parquet or a Delta table, or run here and there with"
              + " ETL_JAVA_OPTS=-Duser.timezone=UTC");
    }
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
      Column guarded = TextValues.encoded(value, field, type);
      for (Column isWrong : mistaken(value, field.dataType())) {
        guarded = Guard.against(guarded, isWrong, message, null);
      }
      if (field.dataType() instanceof TimestampType) {
        String zone = TimeZone.getDefault().getID();
        guarded =
            Guard.against(
                guarded,
                LocalTimes.isLost(value, zone),
                type
                    + " cannot write the column '"
                    + field.name()
                    + "': ORC keeps a moment as the clock of "
                    + zone
                    + " shows it, and that time comes twice. Write Parquet, or run with"
                    + " ETL_JAVA_OPTS=-Duser.timezone=UTC.",
                null);
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
