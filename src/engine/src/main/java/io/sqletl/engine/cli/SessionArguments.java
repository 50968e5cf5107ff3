package io.sqletl.engine.cli;

import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.session.Profile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The part of a command line that says how Spark runs. */
final class SessionArguments {

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "local[*]",
      description = "Spark's master (default: local[*]).")
  private String master;

  @Option(
      names = "--profile",
      paramLabel = "small|large",
      description =
          "Settings for small or for large data (default: chosen by the size of the inputs).")
  private Profile profile;

  @Option(
      names = "--spark-conf",
      paramLabel = "NAME=VALUE",
      description = "A setting of Spark's; wins over all that the engine sets. Repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--ui", description = "Serves Spark's own web page while the job runs.")
  private boolean ui;

  /** A session connected to a metastore may know tables that no stage makes. */
  JobPlanner.TableNames tableNames() {
    return "hive".equals(settings.get("spark.sql.catalogImplementation"))
        ? JobPlanner.TableNames.FROM_METASTORE
        : JobPlanner.TableNames.FROM_STAGES;
  }

  SessionChoice choose(Workspace workspace, PlannedJob job) {
    return new SessionChoice(workspace, this, job);
  }

  String master() {
    return master;
  }

  Optional<Profile> profile() {
    return Optional.ofNullable(profile);
  }

  Map<String, String> settings() {
    return settings;
  }

  boolean ui() {
    return ui;
  }
}
