package io.sqletl.engine.cli;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.NearestName;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.JsonLog;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.run.ResultsFile;
import io.sqletl.engine.run.RunEvent;
import io.sqletl.engine.run.RunListener;
import io.sqletl.engine.run.RunSummary;
import io.sqletl.engine.run.Runner;
import io.sqletl.engine.run.StageIo;
import io.sqletl.engine.session.SparkPage;
import io.sqletl.engine.session.kubernetes.ClusterPlan;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code etl run}: runs a job on Spark inside this process. */
@Command(
    name = "run",
    description = {
      "Runs a job on Spark inside this process.",
      "Variables of the job are given as --NAME=VALUE, for example --ETL_CONF_DATALAKE_LOC=bucket;"
          + " Arc's own options (--etl.config.uri=…) are understood too."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {

  @ParentCommand private Main main;
  @Spec private CommandSpec spec;
  @Mixin private NamedJob job;
  @Mixin private SessionArguments session;

  @Option(
      names = "--show",
      paramLabel = "VIEW",
      description = "Prints the first rows of a view at the end; may be given several times.")
  private List<String> show = new ArrayList<>();

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description = "Writes the run as one JSON document.")
  private Path results;

  @Option(
      names = "--log",
      paramLabel = "text|json",
      description = "How the run is told (default: text in a terminal, json elsewhere).")
  private LogFormat log;

  @Option(
      names = {"-v", "--verbose"},
      description = "Shows stack traces and Spark's own log.")
  private boolean verbose;

  /** How a run is told. */
  enum LogFormat {
    TEXT,
    JSON
  }

  @Override
  public Integer call() {
    Instant began = Instant.now();
    ArcArguments arc = main.arcArguments();
    Redaction redaction = Redaction.of(arc.named());
    JobSource source = null;
    try (Workspace workspace = Workspace.open(job, session)) {
      arc = job.withSecrets(arc);
      Optional<ClusterPlan> cluster = session.cluster(job);
      source = workspace.read(job, arc);
      List<Map<String, String>> variables = new ArrayList<>(arc.named());
      variables.add(source.defaults());
      variables.add(session.settings());
      redaction = Redaction.of(variables);
      PlannedJob planned =
          workspace.plan(source, job, arc, session).withUse(show, workspace.texts());
      variables.addAll(planned.variables());
      redaction = Redaction.of(variables);
      if (arc.lintOnly()) {
        return checkedOnly(planned, began, arc, redaction);
      }
      requireViewsToShow(planned);
      requireWritableResults();
      if (LauncherQuestion.isAsked()) {
        spec.commandLine()
            .getOut()
            .println(session.choose(workspace, planned, cluster).profileName());
        return ExitStatus.DONE;
      }
      return run(workspace, planned, cluster, arc, redaction);
    } catch (JobException e) {
      return wrongJob(e.problems(), source, began, arc, redaction);
    }
  }

  private int run(
      Workspace workspace,
      PlannedJob planned,
      Optional<ClusterPlan> cluster,
      ArcArguments arc,
      Redaction redaction) {
    PrintWriter err = spec.commandLine().getErr();
    boolean traces = verbose || arc.stackTrace();
    TextReport report =
        new TextReport(
            spec.commandLine().getOut(),
            err,
            redaction,
            Terminal.isInteractive() ? TextReport.Bars.DRAWN : TextReport.Bars.LEFT_OUT,
            traces);
    List<RunListener> listeners = new ArrayList<>();
    listeners.add(format() == LogFormat.TEXT ? report : jsonLog(arc, redaction));
    if (results != null) {
      listeners.add(new ResultsFile(results, redaction));
    }
    PrintStream ownErr = System.err;
    System.setErr(RedactedLog.on(ownErr, redaction));
    SessionChoice choice = session.choose(workspace, planned, cluster);
    Interruption interruption = new Interruption(err);
    PrintWriter to = format() == LogFormat.TEXT ? spec.commandLine().getOut() : err;
    try {
      RunSummary summary =
          new Runner(listeners, choice.stageSettings())
              .run(
                  planned,
                  () -> {
                    SparkSession spark =
                        choice.start(arc.jobId().orElse("sql-etl"), redaction::apply);
                    spark.sparkContext().setLogLevel(verbose ? "INFO" : "OFF");
                    interruption.watch(spark);
                    // Not by the listeners, which mask the token
                    SparkPage.address(spark.sparkContext())
                        .ifPresent(address -> err.println("Spark's page: " + address));
                    choice.awaitExecutors(
                        message ->
                            listeners.forEach(
                                listener ->
                                    listener.on(
                                        new RunEvent.SessionProgressed(Instant.now(), message))));
                    return spark;
                  },
                  show,
                  view -> {
                    if (!interruption.happened()) {
                      ClosingLines.show(view, choice.session(), to);
                    }
                  });
      if (interruption.happened()) {
        err.println("Interrupted.");
        return ExitStatus.INTERRUPTED;
      }
      ClosingLines closing = new ClosingLines(workspace, summary, choice, redaction);
      if (!summary.succeeded()) {
        report.failure(summary);
      }
      closing.print(to);
      return summary.succeeded() ? ExitStatus.DONE : ExitStatus.FAILED;
    } finally {
      choice.stop();
      System.setErr(ownErr);
    }
  }

  /** As with views: not after the run. */
  private void requireWritableResults() {
    if (results == null) {
      return;
    }
    Path parent = results.toAbsolutePath().getParent();
    try {
      Files.createDirectories(parent);
    } catch (IOException e) {
      throw cannotWriteResults(parent);
    }
    if (!Files.isWritable(parent) || Files.isDirectory(results)) {
      throw cannotWriteResults(parent);
    }
  }

  private JobException cannotWriteResults(Path folder) {
    return new JobException(
        new Problem(
            ErrorCode.USAGE,
            null,
            "The results cannot be written to " + results,
            "choose a file with --results whose folder can be written; " + folder + " cannot"));
  }

  /** A slip in an option must not cost a run. */
  private void requireViewsToShow(PlannedJob planned) {
    List<String> views = planned.references(Key.Role.OUTPUT_VIEW);
    for (String view : show) {
      boolean made =
          planned.stages().stream()
              .anyMatch(
                  stage ->
                      stage.views().isOpaque()
                          || stage.makes().stream()
                              .filter(io -> io.kind() == StageIo.Kind.VIEW)
                              .anyMatch(io -> io.name().equalsIgnoreCase(view)));
      if (!made) {
        throw new JobException(
            new Problem(
                ErrorCode.USAGE,
                null,
                "No stage makes the view \"" + view + "\" that --show names",
                NearestName.question(view, views)
                    .orElse("the views are " + String.join(", ", views))));
      }
    }
  }

  private int checkedOnly(
      PlannedJob planned, Instant began, ArcArguments arc, Redaction redaction) {
    if (format() == LogFormat.JSON) {
      jsonLog(arc, redaction).checkedOnly(began, planned);
    } else {
      spec.commandLine()
          .getOut()
          .println(
              CheckCommand.right(
                  planned.source().uri(), planned.stages().size(), planned.skipped().size()));
    }
    return ExitStatus.DONE;
  }

  private int wrongJob(
      List<Problem> problems,
      JobSource source,
      Instant began,
      ArcArguments arc,
      Redaction redaction) {
    if (format() == LogFormat.JSON) {
      jsonLog(arc, redaction).wrongJob(began, problems, source);
    }
    JobErrors.print(spec.commandLine().getErr(), problems, redaction);
    return job.isArcCommandLine() ? ExitStatus.FAILED : ExitStatus.WRONG;
  }

  private JsonLog jsonLog(ArcArguments arc, Redaction redaction) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("environment", job.environment(arc));
    fields.putAll(arc.logFields());
    return new JsonLog(
        System.out,
        redaction,
        fields,
        verbose || arc.stackTrace() ? JsonLog.StackTraces.WRITTEN : JsonLog.StackTraces.LEFT_OUT);
  }

  private LogFormat format() {
    if (log != null) {
      return log;
    }
    return Terminal.isInteractive() ? LogFormat.TEXT : LogFormat.JSON;
  }
}
