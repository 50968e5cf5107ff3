package io.sqletl.engine.stage.delta;

import io.sqletl.engine.stage.StageContext;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The rows of a Delta table as of the version that a stage is to read. */
public final class DeltaVersion {

  private static final String TIME_ZONE = "spark.sql.session.timeZone";

  private DeltaVersion() {}

  /**
   * Reads the table at the version that the options name; without any at the one that it has now if
   * a later stage changes it, and else at whatever is the latest. Tells which commit that is.
   *
   * @param uri of a table that is there
   * @throws io.sqletl.engine.stage.StageException if the table has no such version
   */
  public static Dataset<Row> read(
      String uri, Optional<TimeTravel> options, DeltaCommits commits, StageContext context) {
    Map<String, String> version =
        options
            .map(travel -> travel.readOptions(commits, context.spark().conf().get(TIME_ZONE)))
            .orElse(
                context.keepsVersion()
                    ? Map.of("versionAsOf", Long.toString(commits.latest()))
                    : Map.of());
    Dataset<Row> table = context.spark().read().format("delta").options(version).load(uri);
    context.detail("commit", commits.describe(commits.versionOf(table)));
    return table;
  }
}
