package io.sqletl.engine.stage;

import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_utc_timestamp;

import org.apache.spark.sql.Column;

/** Moments that are written as times of a clock, without their offset. */
public final class LocalTimes {

  private LocalTimes() {}

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
