package io.sqletl.engine.cli;

import io.sqletl.engine.job.Key;
import io.sqletl.engine.run.InputSizes;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.run.Runner;
import io.sqletl.engine.session.EventLog;
import io.sqletl.engine.session.Profile;
import io.sqletl.engine.session.S3Settings;
import io.sqletl.engine.session.SessionException;
import io.sqletl.engine.session.SparkSettings;
import io.sqletl.engine.session.kubernetes.ClusterPlan;
import io.sqletl.engine.session.kubernetes.KubernetesCluster;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** The session that a run uses, with the settings that were chosen for its data. */
final class SessionChoice {

  private final Workspace workspace;
  private final SessionArguments arguments;
  private final PlannedJob job;
  private final Optional<ClusterPlan> plan;
  private final InputSizes sizes;
  private final Profile profile;
  private KubernetesCluster cluster;
  private SparkSession session;

  /**
   * @param plan what is asked of a cluster; empty for other places
   */
  SessionChoice(
      Workspace workspace, SessionArguments arguments, PlannedJob job, Optional<ClusterPlan> plan) {
    this.plan = plan;
    this.workspace = workspace;
    this.arguments = arguments;
    this.job = job;
    this.sizes = InputSizes.of(job, uri -> sizeOf(workspace, uri));
    this.profile = arguments.profile().orElseGet(this::profileForInputs);
  }

  /** What cannot be listed cannot be told small. */
  private static OptionalLong sizeOf(Workspace workspace, String uri) {
    try {
      return workspace.storage().sizeOf(uri);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private Profile profileForInputs() {
    OptionalLong total = sizes.total();
    return total.isPresent() ? Profile.forInputBytes(total.getAsLong()) : Profile.LARGE;
  }

  /**
   * @param applicationName shown by Spark
   * @param redaction takes secrets out of what Spark writes itself
   */
  SparkSession start(String applicationName, UnaryOperator<String> redaction) {
    String master = plan.map(ClusterPlan::master).orElse(arguments.master());
    SparkSettings settings =
        SparkSettings.of(applicationName, master).with(profile.settings(cores()));
    if (plan.isPresent()) {
      cluster = KubernetesCluster.of(plan.get(), applicationName);
      settings.with(cluster.settings());
    }
    if (arguments.ui()) {
      settings.with(Map.of("spark.ui.enabled", "true"));
    }
    if (workspace.lake().isEmpty()) {
      settings.withHadoop(S3Settings.onAws(System.getenv()));
    } else if (touchesS3()) {
      settings.withHadoop(workspace.lake().get().hadoopConfiguration());
    }
    arguments.eventLog().ifPresent(folder -> settings.with(EventLog.settings(folder)));
    settings.with(arguments.settings());
    if (cluster != null) {
      cluster.requireAccess(settings.all());
    }
    arguments.eventLog().ifPresent(folder -> createEventLog(folder, settings));
    session = settings.withRedaction(redaction).start();
    return session;
  }

  /** How many tasks run at a time. */
  private int cores() {
    return plan.map(asked -> asked.executors().most() * asked.cores())
        .orElse(Runtime.getRuntime().availableProcessors());
  }

  private static void createEventLog(String folder, SparkSettings settings) {
    try {
      EventLog.createFolder(folder, settings.all());
    } catch (IOException e) {
      throw new SessionException(
          "The event log cannot be written to "
              + folder
              + ": "
              + e.getMessage()
              + "; name another folder with --event-log, or let this run's role write there",
          e);
    }
  }

  /** Waits for executors where they are pods; tells what for. */
  void awaitExecutors(Consumer<String> progress) {
    if (cluster == null) {
      return;
    }
    try {
      cluster.awaitExecutors(session, progress);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted while waiting for executors");
    }
  }

  /** A job without S3 needs no S3 server; paths may also stand in SQL. */
  private boolean touchesS3() {
    return job.sources().stream().anyMatch(source -> source.text().contains("s3a:"))
        || arguments.eventLog().filter(folder -> folder.startsWith("s3a:")).isPresent()
        || Stream.of(Key.Role.INPUT_URI, Key.Role.OUTPUT_URI)
            .flatMap(role -> job.references(role).stream())
            .anyMatch(uri -> uri.startsWith("s3a:"));
  }

  /** Compiles the plans of a stage, or not, by what it reads; what the user set stays. */
  Runner.StageSettings stageSettings() {
    return (spark, stage) -> {
      Map<String, String> settings = profile.stageSettings(sizes.of(stage).orElse(Long.MAX_VALUE));
      settings.forEach(
          (name, value) -> {
            if (!arguments.settings().containsKey(name)) {
              spark.conf().set(name, value);
            }
          });
    };
  }

  SparkSession session() {
    return session;
  }

  void stop() {
    // Of Ctrl-C, which has done its work: with it Spark would stop half-way, and leave pods behind
    Thread.interrupted();
    if (session != null) {
      // The level is the process's, not the session's
      session.sparkContext().setLogLevel("OFF");
      SparkSettings.stop(session);
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  /** {@code profile=small (inputs 0.2 MB)}. */
  String describe() {
    String why =
        arguments.profile().isPresent()
            ? "as asked"
            : sizes.total().isPresent()
                ? String.format(Locale.ROOT, "inputs %.1f MB", sizes.total().getAsLong() / 1e6)
                : "size of the inputs unknown";
    return "profile=" + profileName() + " (" + why + ")";
  }

  String profileName() {
    return profile.name().toLowerCase(Locale.ROOT);
  }
}
