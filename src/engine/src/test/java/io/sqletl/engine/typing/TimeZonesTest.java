package io.sqletl.engine.typing;

import java.sql.Timestamp;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Time is never guessed: the column's zone decides what a name means, and what does not exist. */
class TimeZonesTest {

  private static final String NAMED = "formatters: [\"uuuu-MM-dd HH:mm:ss z\"]";

  private static String unable(String value, String pattern, String zone) {
    return "Unable to convert '%s' to timestamp using formatters ['%s'] and timezone '%s'"
        .formatted(value, pattern, zone);
  }

  private static Timestamp at(String instant) {
    return Timestamp.from(Instant.parse(instant));
  }

  private static String named(String value, String zone) {
    return unable(value, "uuuu-MM-dd HH:mm:ss z", zone);
  }

  @Test
  void aNameCountsWhereTheColumnsZoneGoesByIt() {
    TypingCases.of("type: timestamp, timezoneId: Europe/London, " + NAMED)
        .value("2024-07-01 12:00:00 BST", at("2024-07-01T11:00:00Z"))
        .value("2024-01-01 12:00:00 GMT", at("2024-01-01T12:00:00Z"))
        .value("2024-07-01 12:00:00 UTC", at("2024-07-01T12:00:00Z"))
        .error("2024-01-01 12:00:00 BST", named("2024-01-01 12:00:00 BST", "Europe/London"))
        .error("2024-07-01 12:00:00 IST", named("2024-07-01 12:00:00 IST", "Europe/London"))
        .check();
    TypingCases.of("type: timestamp, timezoneId: Asia/Kolkata, " + NAMED)
        .value("2024-07-15 09:00:00 IST", at("2024-07-15T03:30:00Z"))
        .check();
    TypingCases.of("type: timestamp, timezoneId: UTC, " + NAMED)
        .value("2024-07-01 12:00:00 UTC", at("2024-07-01T12:00:00Z"))
        .error("2024-07-01 12:00:00 EST", named("2024-07-01 12:00:00 EST", "UTC"))
        .check();
  }

  @Test
  void aNameInBracketsMayBeLeftOut() {
    for (String name : new String[] {"[ z]", "[ zzz]", "[ v]"}) {
      String pattern = "uuuu-MM-dd HH:mm" + name;
      TypingCases cases =
          TypingCases.of(
              "type: timestamp, timezoneId: America/New_York, formatters: [\"" + pattern + "\"]");
      cases
          .value("2024-06-03 01:30", at("2024-06-03T05:30:00Z"))
          .value("2024-11-03 01:30", at("2024-11-03T05:30:00Z"))
          .error(
              "2024-03-10 02:30",
              unable("2024-03-10 02:30", pattern, "America/New_York")
                  + ": this local time does not exist in America/New_York, where clocks went"
                  + " forward from 02:00 to 03:00")
          .check();
    }
    TypingCases.of(
            "type: timestamp, timezoneId: America/New_York, formatters: [\"uuuu-MM-dd HH:mm[ z]\"]")
        .value("2024-11-03 01:30 EST", at("2024-11-03T06:30:00Z"))
        .error(
            "2024-06-03 01:30 EST",
            unable("2024-06-03 01:30 EST", "uuuu-MM-dd HH:mm[ z]", "America/New_York"))
        .check();
  }

  @Test
  void aNameTellsTheTwoTimesOfAnOverlapApart() {
    TypingCases.of("type: timestamp, timezoneId: America/New_York, " + NAMED)
        .value("2024-11-03 01:30:00 EDT", at("2024-11-03T05:30:00Z"))
        .value("2024-11-03 01:30:00 EST", at("2024-11-03T06:30:00Z"))
        .error("2024-07-01 12:00:00 EST", named("2024-07-01 12:00:00 EST", "America/New_York"))
        .check();
  }

  @Test
  void aTimeThatDoesNotExistIsAnErrorInEveryPattern() {
    String zone = "Europe/Berlin";
    String gap =
        ": this local time does not exist in Europe/Berlin, where clocks went forward from 02:00 to"
            + " 03:00";
    TypingCases.of("type: timestamp, timezoneId: Europe/Berlin, formatters: [\"uuuu-MM-dd HH:mm\"]")
        .value("2024-03-31 01:59", at("2024-03-31T00:59:00Z"))
        .error("2024-03-31 02:30", unable("2024-03-31 02:30", "uuuu-MM-dd HH:mm", zone) + gap)
        .value("2024-03-31 03:00", at("2024-03-31T01:00:00Z"))
        .value("2024-10-27 02:30", at("2024-10-27T00:30:00Z"))
        .check();
    TypingCases.of(
            "type: timestamp, timezoneId: Europe/Berlin, formatters: [\"d MMM uuuu h:mm a\"]")
        .error(
            "31 Mar 2024 2:30 AM", unable("31 Mar 2024 2:30 AM", "d MMM uuuu h:mm a", zone) + gap)
        .check();
    TypingCases.of("type: timestamp, timezoneId: UTC, formatters: [\"uuuu-MM-dd HH:mm VV\"]")
        .value("2024-03-31 03:30 Europe/Berlin", at("2024-03-31T01:30:00Z"))
        .error(
            "2024-03-31 02:30 Europe/Berlin",
            unable("2024-03-31 02:30 Europe/Berlin", "uuuu-MM-dd HH:mm VV", "UTC") + gap)
        .check();
    TypingCases.of("type: timestamp, timezoneId: Pacific/Apia, formatters: [\"uuuu-MM-dd HH:mm\"]")
        .error(
            "2011-12-30 02:30",
            unable("2011-12-30 02:30", "uuuu-MM-dd HH:mm", "Pacific/Apia")
                + ": this local time does not exist in Pacific/Apia, where clocks went forward from"
                + " 2011-12-30T00:00 to 2011-12-31T00:00")
        .check();
  }

  @Test
  void theLastOfFebruaryIsNotMovedUnderAYearOfEra() {
    for (String pattern : new String[] {"dd/MM/yyyy HH:mm", "dd/MM/yyyy h:mm a"}) {
      String tail = pattern.endsWith("a") ? " 1:00 AM" : " 01:00";
      TypingCases.of("type: timestamp, timezoneId: UTC, formatters: [\"" + pattern + "\"]")
          .value("29/02/2024" + tail, at("2024-02-29T01:00:00Z"))
          .error("31/02/2024" + tail, unable("31/02/2024" + tail, pattern, "UTC"))
          .error("31/04/2024" + tail, unable("31/04/2024" + tail, pattern, "UTC"))
          .check();
    }
  }
}
