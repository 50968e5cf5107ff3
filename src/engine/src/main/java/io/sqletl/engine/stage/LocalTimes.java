package io.sqletl.engine.stage;

import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_utc_timestamp;

import java.time.Instant;
import java.time.zone.ZoneRules;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;

/** Moments that are written as times of a clock, without their offset. */
public final class LocalTimes {

  private static final String SESSION_ZONE = "spark.sql.session.timeZone";

  private LocalTimes() {}

  /** The zone whose clocks a session goes by, such as Europe/Berlin. */
  public static String zone(SparkSession spark) {
    return spark.conf().get(SESSION_ZONE);
  }

  /** Whether clocks of a zone show UTC all the year, so that each time of theirs is one moment. */
  public static boolean areUtc(String zone) {
    ZoneRules rules = DateTimeUtils.getZoneId(zone).getRules();
    return rules.isFixedOffset() && rules.getOffset(Instant.EPOCH).getTotalSeconds() == 0;
  }

  /**
   * Refuses to make times of a clock of moments, or the reverse, where no one said so: Spark casts
   * without a word, by the session's zone, and two moments of an autumn night become one time.
   *
   * @param differences between what is written and the table
   * @param subject who cannot write, and of which view: the beginning of a sentence
   * @throws StageException that names the columns, unless the session goes by UTC
   */
  public static void requireSame(TypeDifferences differences, String subject, SparkSession spark) {
    String zone = zone(spark);
    if (differences.clocks().isEmpty() || areUtc(zone)) {
      return;
    }
    String first = differences.clocks().get(0).path();
    throw new StageException(
        subject
            + ": "
            + differences.clocks().stream()
                .map(
                    clock ->
                        "'"
                            + clock.path()
                            + "' is "
                            + clock.view().sql()
                            + " there and "
                            + clock.table().sql()
                            + " in the table")
                .collect(Collectors.joining(", "))
            + ". They would be converted by the clocks of "
            + zone
            + ", which show some times twice a year and leave others out. If that is meant, say so"
            + " in a SQLTransform, as in CAST("
            + first
            + " AS "
            + differences.clocks().get(0).table().sql()
            + "); if times of UTC are meant, set spark.sql.session.timeZone to UTC.");
  }

  /**
   * Whether a moment would be read back as another: it is the second of those that a clock shows
   * alike, as it goes back.
   *
   * @param moment a TIMESTAMP
   * @param zone the clock's, such as Europe/Berlin
   */
  public static Column isLost(Column moment, String zone) {
    return to_utc_timestamp(from_utc_timestamp(moment, lit(zone)), lit(zone)).notEqual(moment);
  }
}
