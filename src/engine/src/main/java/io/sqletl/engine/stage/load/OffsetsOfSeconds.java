package io.sqletl.engine.stage.load;

import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;

import io.sqletl.engine.stage.ColumnName;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Moments before a zone kept time by whole minutes. Text has them with an offset such as +00:53:28,
 * which ISO 8601 does not know and most readers take for another time, or for none.
 */
final class OffsetsOfSeconds {

  private static final String SECONDS = ":\\d\\d:\\d\\d$";

  private OffsetsOfSeconds() {}

  /**
   * What to tell of the columns that hold such moments; nothing where the zone has none.
   *
   * @param zone the session's, such as Europe/Berlin
   */
  static List<LossyValues.Kind> of(StructType columns, String zone) {
    ZoneRules rules = DateTimeUtils.getZoneId(zone).getRules();
    Optional<Instant> end = end(rules);
    if (end.isEmpty()) {
      return List.of();
    }
    ZoneOffset offset = rules.getOffset(end.get().minusSeconds(1));
    return Arrays.stream(columns.fields())
        .flatMap(
            field ->
                Guard.any(
                    ColumnName.column(field.name()),
                    field.dataType(),
                    TimestampType.class::isInstance,
                    moment -> isOdd(moment, end.get()))
                    .map(isLossy -> kind(isLossy, field.name(), offset, zone))
                    .stream())
        .toList();
  }

  private static LossyValues.Kind kind(
      Column isLossy, String column, ZoneOffset offset, String zone) {
    return new LossyValues.Kind(
        isLossy,
        "of column '"
            + column
            + "' hold a time of long ago whose offset has seconds, such as "
            + offset
            + " on the clock of "
            + zone
            + "; readers such as pandas, pyarrow and polars fail there, or take it for another"
            + " time",
        "write them in UTC, with --spark-conf spark.sql.session.timeZone=UTC");
  }

  /** Formats those only that are old enough, as a format costs more than a comparison. */
  private static Column isOdd(Column moment, Instant end) {
    return moment.lt(lit(end)).and(date_format(moment, "XXXXX").rlike(SECONDS));
  }

  /** From when on the zone has whole minutes. */
  private static Optional<Instant> end(ZoneRules rules) {
    return rules.getTransitions().stream()
        .filter(transition -> hasSeconds(transition.getOffsetBefore()))
        .map(ZoneOffsetTransition::getInstant)
        .reduce((one, next) -> next);
  }

  private static boolean hasSeconds(ZoneOffset offset) {
    return offset.getTotalSeconds() % 60 != 0;
  }
}
