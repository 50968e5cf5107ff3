package io.sqletl.engine.cli;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.session.Profile;
import io.sqletl.engine.session.kubernetes.ClusterException;
import io.sqletl.engine.session.kubernetes.ClusterOptions;
import io.sqletl.engine.session.kubernetes.ClusterPlan;
import io.sqletl.engine.session.kubernetes.PodEnvironment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The part of a command line that says how Spark runs. */
final class SessionArguments {

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "local[*]",
      description =
          "Spark's master (default: local[*]); k8s in a pod of a cluster, k8s://https://HOST:PORT"
              + " elsewhere.")
  private String master;

  @Option(
      names = "--profile",
      paramLabel = "small|large",
      description =
          "Settings for small or for large data (default: chosen by the size of the inputs).")
  private Profile profile;

  @Option(
      names = {"--spark-conf", "--conf"},
      paramLabel = "NAME=VALUE",
      description = "A setting of Spark's; wins over all that the engine sets. Repeatable.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(names = "--ui", description = "Serves Spark's own web page while the job runs.")
  private boolean ui;

  @Option(
      names = "--event-log",
      paramLabel = "URI",
      description =
          "Writes what happens for Spark's history server, to a folder such as"
              + " s3a://BUCKET/spark-events (default: ETL_EVENT_LOG).")
  private String eventLog;

  @ArgGroup(
      exclusive = false,
      validate = false,
      heading = "%nOn Kubernetes, with --master k8s; docs/cluster.md has more:%n")
  private ClusterArguments cluster = new ClusterArguments();

  /** A session connected to a metastore may know tables that no stage makes. */
  JobPlanner.TableNames tableNames() {
    return "hive".equals(settings.get("spark.sql.catalogImplementation"))
        ? JobPlanner.TableNames.FROM_METASTORE
        : JobPlanner.TableNames.FROM_STAGES;
  }

  SessionChoice choose(Workspace workspace, PlannedJob job, Optional<ClusterPlan> plan) {
    return new SessionChoice(workspace, this, job, plan);
  }

  String master() {
    return master;
  }

  boolean isOnKubernetes() {
    return ClusterOptions.isKubernetes(master);
  }

  /**
   * What is asked of a cluster; empty for other places.
   *
   * @throws JobException with every option that makes no sense
   */
  Optional<ClusterPlan> cluster(JobArguments job) {
    if (!isOnKubernetes()) {
      if (cluster.isGiven()) {
        throw new JobException(
            new Problem(
                ErrorCode.USAGE,
                null,
                "Executors are asked for, and --master " + master + " has none of its own",
                "add --master k8s in a pod of a cluster, or leave the options for Kubernetes out"));
      }
      return Optional.empty();
    }
    requireReachableLake(job);
    try {
      return Optional.of(
          ClusterPlan.of(cluster.options(master), PodEnvironment.ofThisProcess(), settings));
    } catch (ClusterException e) {
      throw new JobException(
          e.troubles().stream()
              .map(
                  trouble ->
                      new Problem(ErrorCode.USAGE, null, trouble.message(), trouble.remedy()))
              .toList());
    }
  }

  /** The lake's server listens on the loopback address, as executors then must do too. */
  private void requireReachableLake(JobArguments job) {
    String driver = settings.getOrDefault("spark.driver.host", "");
    if (job.namesLake() && !driver.equals("127.0.0.1") && !driver.equals("localhost")) {
      throw new JobException(
          new Problem(
              ErrorCode.USAGE,
              null,
              "Executors on a cluster cannot reach the folder of --lake",
              "leave --lake out, so that s3a: is S3 itself; where executors run on this machine,"
                  + " say so with --spark-conf spark.driver.host=127.0.0.1"));
    }
  }

  /** The folder for Spark's history server. */
  Optional<String> eventLog() {
    return Optional.ofNullable(eventLog).or(PodEnvironment.ofThisProcess()::eventLog);
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
