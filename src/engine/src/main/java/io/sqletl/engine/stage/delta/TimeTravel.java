package io.sqletl.engine.stage.delta;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.stage.StageException;
import io.sqletl.engine.stage.StagePlanning;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.util.DateTimeUtils;
import org.apache.spark.unsafe.types.UTF8String;
import scala.Option;

/** The keys of "options" of DeltaLakeExtract: which version of the table is read. */
public record TimeTravel(
    @Key("The version to read, from 0.") Optional<Long> versionAsOf,
    @Key("The version to read is the last one committed at or before this date or timestamp.")
        Optional<String> timestampAsOf,
    @Key("The version to read, counted back from the latest: 0 is the latest, -1 the one before.")
        Optional<Integer> relativeVersion,
    @Key(
            value =
                "Whether a version before the first is the first, and a time after the last commit"
                    + " is the last, rather than an error.",
            defaultValue = "false")
        boolean canReturnLastCommit) {

  static final String ONLY_ONE =
      "Only one of ['relativeVersion' ,'timestampAsOf' ,'versionAsOf' ,'canReturnLastCommit'] is"
          + " supported for time travel";

  private static final String OPTIONS = "options";
  private static final String VERSION_AS_OF = "versionAsOf";

  /** Reports what cannot be meant. */
  public void check(StagePlanning planning) {
    long ways =
        Stream.of(versionAsOf, timestampAsOf, relativeVersion).filter(Optional::isPresent).count();
    if (ways > 1) {
      planning.invalid(OPTIONS, ONLY_ONE, "keep the one that is meant");
    }
    if (relativeVersion.orElse(0) > 0) {
      planning.invalid(
          OPTIONS,
          "relativeVersion must be less than or equal to zero",
          "write -1 for the version before the latest");
    }
    if (versionAsOf.orElse(0L) < 0) {
      planning.invalid(
          OPTIONS,
          "versionAsOf cannot be less than zero",
          "count back from the latest with relativeVersion");
    }
    timestampAsOf
        .filter(text -> !isTime(text))
        .ifPresent(
            text ->
                planning.invalid(
                    OPTIONS,
                    "timestampAsOf \"" + text + "\" is no date or time",
                    "write it as 2026-11-30, 2026-11-30 02:05:40.247 or 2026-11-30T02:05:40Z"));
  }

  private static boolean isTime(String text) {
    return DateTimeUtils.stringToTimestamp(UTF8String.fromString(text), ZoneOffset.UTC).isDefined();
  }

  /** Whether another version than whatever is the latest is meant. */
  public boolean isPinned() {
    return versionAsOf.isPresent() || timestampAsOf.isPresent() || relativeVersion.isPresent();
  }

  /** What Delta's reader is to be told. */
  public Map<String, String> readOptions(DeltaCommits commits, String sessionTimeZone) {
    if (versionAsOf.isPresent()) {
      return Map.of(VERSION_AS_OF, versionAsOf.get().toString());
    }
    if (relativeVersion.isPresent()) {
      return Map.of(VERSION_AS_OF, Long.toString(absolute(relativeVersion.get(), commits)));
    }
    if (timestampAsOf.isEmpty()) {
      return Map.of();
    }
    return canReturnLastCommit && isAfterLast(commits, sessionTimeZone)
        ? Map.of(VERSION_AS_OF, Long.toString(commits.latest()))
        : Map.of("timestampAsOf", timestampAsOf.get());
  }

  private long absolute(int relative, DeltaCommits commits) {
    long latest = commits.latest();
    long oldest = commits.oldest();
    long version = latest + relative;
    if (version >= oldest) {
      return version;
    }
    if (canReturnLastCommit) {
      return oldest;
    }
    throw new StageException(
        "Cannot time travel Delta table to version "
            + relative
            + ". Available versions: ["
            + (oldest - latest)
            + " ... 0].");
  }

  private boolean isAfterLast(DeltaCommits commits, String sessionTimeZone) {
    Option<Object> micros =
        DateTimeUtils.stringToTimestamp(
            UTF8String.fromString(timestampAsOf.orElseThrow()), ZoneId.of(sessionTimeZone));
    commits.latest();
    return micros.isDefined() && (Long) micros.get() >= commits.latestTimestamp() * 1000;
  }
}
