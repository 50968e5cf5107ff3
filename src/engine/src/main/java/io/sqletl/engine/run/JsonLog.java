package io.sqletl.engine.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sqletl.engine.job.JobOptions;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.RunEvent.StageResult;
import io.sqletl.engine.stage.StageTypes;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes one JSON object per event, in the fields of Arc's log, so that what reads those reads
 * these.
 */
public final class JsonLog implements RunListener {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSZ", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private final PrintStream out;
  private final Redaction redaction;
  private final Map<String, String> tags;
  private final StackTraces stackTraces;
  private Instant started;
  private String applicationId;

  /** Whether a failure's stack trace is written. */
  public enum StackTraces {
    WRITTEN,
    LEFT_OUT
  }

  /**
   * @param tags further fields of every line: the job's id and name, and the user's own tags
   */
  public JsonLog(
      PrintStream out, Redaction redaction, Map<String, String> tags, StackTraces stackTraces) {
    this.out = out;
    this.redaction = redaction;
    this.tags = new LinkedHashMap<>(tags);
    this.stackTraces = stackTraces;
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (started == null) {
      started = event.at();
    }
    if (event instanceof RunEvent.Warned warned) {
      write(warned.at(), "WARN", ProblemFields.warning(warned.problem(), warned.job()));
    } else if (event instanceof RunEvent.StageSkipped skipped) {
      write(skipped.at(), "INFO", skipped(skipped));
    } else if (event instanceof RunEvent.JobChecked checked) {
      for (JobSource source : checked.job().sources()) {
        write(checked.at(), "INFO", checked(source));
      }
    } else if (event instanceof RunEvent.SessionStarted session) {
      applicationId = session.applicationId();
      write(session.at(), "INFO", session(session));
    } else if (event instanceof RunEvent.SessionProgressed progress) {
      write(progress.at(), "INFO", fields("event", "executors", "message", progress.message()));
    } else if (event instanceof RunEvent.StageStarted stage) {
      write(stage.at(), "INFO", fields("event", "enter", "stage", common(stage.stage())));
    } else if (event instanceof RunEvent.StageFinished stage) {
      write(stage.at(), "INFO", finished(stage.result()));
    } else if (event instanceof RunEvent.JobStopped stopped) {
      write(stopped.at(), "INFO", stopped(stopped));
    } else if (event instanceof RunEvent.JobFinished finished) {
      RunSummary summary = finished.summary();
      write(finished.at(), summary.succeeded() ? "INFO" : "ERROR", exit(summary));
    }
  }

  /**
   * Writes the exit line of a job that was wrong before anything ran.
   *
   * @param job what was read of it; null when that is nothing
   */
  public void wrongJob(Instant began, List<Problem> problems, JobSource job) {
    Map<String, Object> fields =
        exitFields("failure", Duration.between(began, Instant.now()), LintOnly.NO);
    fields.put("reason", ProblemFields.reason(problems, job));
    write(Instant.now(), "ERROR", fields);
  }

  /** Writes what is written of a job that is right, and that is only checked. */
  public void checkedOnly(Instant began, PlannedJob job) {
    Instant now = Instant.now();
    job.warnings().forEach(warning -> on(new RunEvent.Warned(now, warning, job.source())));
    job.skipped()
        .forEach(stage -> on(new RunEvent.StageSkipped(now, stage, job.options().environment())));
    on(new RunEvent.JobChecked(now, job));
    for (PlannedStage stage : job.stages()) {
      write(now, "INFO", fields("event", "lint", "stage", common(stage)));
    }
    write(now, "INFO", exitFields("success", Duration.between(began, Instant.now()), LintOnly.YES));
  }

  /** Whether a job is only checked. */
  private enum LintOnly {
    YES,
    NO
  }

  private static Map<String, Object> skipped(RunEvent.StageSkipped skipped) {
    Map<String, Object> fields = fields("event", "validateConfig", "type", skipped.stage().type());
    fields.put("name", skipped.stage().name());
    fields.put("pluginIndex", skipped.stage().block().index());
    fields.put("environment", skipped.environment());
    fields.put("environments", skipped.stage().environments());
    fields.put("message", "skipping plugin due to environment configuration");
    fields.put("skipPlugin", true);
    return fields;
  }

  private static Map<String, Object> stopped(RunEvent.JobStopped stopped) {
    Map<String, Object> fields = fields("event", "skip", "reason", stopped.reason());
    fields.put("stage", common(stopped.stage()));
    fields.put("message", stopped.message());
    return fields;
  }

  private static Map<String, Object> checked(JobSource source) {
    return fields(
        "event", "validateConfig", "uri", source.uri(), "content-md5", md5(source.text()));
  }

  private static Map<String, Object> session(RunEvent.SessionStarted session) {
    Map<String, Object> config = new java.util.TreeMap<>();
    session
        .settings()
        .forEach(
            (name, value) -> {
              if (!Redaction.isSecret(name)) {
                config.put(name, value);
              }
            });
    Map<String, Object> fields = fields("event", "enter", "config", config);
    fields.put("sparkVersion", org.apache.spark.package$.MODULE$.SPARK_VERSION());
    fields.put("engineVersion", EngineVersion.ENGINE);
    fields.put("arcVersion", EngineVersion.ARC);
    fields.put("hadoopVersion", org.apache.hadoop.util.VersionInfo.getVersion());
    fields.put("scalaVersion", scala.util.Properties.versionNumberString());
    fields.put("javaVersion", System.getProperty("java.runtime.version"));
    fields.put("locale", Locale.getDefault().toString());
    JobOptions options = session.job().options();
    fields.put("environment", options.environment());
    fields.put("storageLevel", options.storageLevel());
    fields.put("lintOnly", false);
    fields.put("immutableViews", options.immutableViews());
    fields.put("policyIPYNB", options.notebooks());
    fields.put("policyInlineSQL", options.inlineSql());
    fields.put("policyInlineSchema", options.inlineSchema());
    fields.put("policyDropUnsupported", options.dropUnsupported());
    fields.put("dynamicConfigurationPlugins", session.job().plugins().configuration());
    fields.put(
        "lifecyclePlugins",
        session.job().plugins().lifecycle().stream()
            .map(PlannedPlugins.Lifecycle::plugin)
            .toList());
    fields.put(
        "pipelineStagePlugins",
        StageTypes.load().all().stream()
            .map(type -> type.getClass().getName() + ":" + EngineVersion.ENGINE)
            .toList());
    fields.put("udfPlugins", session.functions());
    return fields;
  }

  private static Map<String, Object> finished(StageResult result) {
    return fields(
        "event", "exit", "duration", result.duration().toMillis(), "stage", detail(result));
  }

  private Map<String, Object> exit(RunSummary summary) {
    Map<String, Object> fields =
        exitFields(summary.succeeded() ? "success" : "failure", summary.duration(), LintOnly.NO);
    fields.put("stages", summary.stages().size());
    fields.put("skipped", summary.job().skipped().size());
    fields.put("rejected", summary.rejected().total());
    summary.failure().ifPresent(failure -> addFailure(fields, summary, failure));
    return fields;
  }

  private void addFailure(Map<String, Object> fields, RunSummary summary, Failure failure) {
    Map<String, Object> detail =
        failure.position() == null
            ? new LinkedHashMap<>()
            : detail(summary.stages().get(summary.stages().size() - 1));
    detail.put("event", "exception");
    detail.put("cause", failure.cause());
    detail.put("remedy", failure.remedy());
    detail.put("position", failure.position() == null ? null : failure.position().toString());
    detail.put("blamed", failure.stage());
    detail.put("messages", failure.messages());
    if (stackTraces == StackTraces.WRITTEN) {
      StringWriter trace = new StringWriter();
      failure.exception().printStackTrace(new PrintWriter(trace));
      detail.put("stackTrace", trace.toString());
    }
    fields.put(failure.position() == null ? "reason" : "stage", detail);
  }

  private static Map<String, Object> exitFields(
      String status, Duration duration, LintOnly lintOnly) {
    Map<String, Object> fields = fields("event", "exit", "status", status);
    fields.put("success", status.equals("success"));
    fields.put("lintOnly", lintOnly == LintOnly.YES);
    fields.put("duration", duration.toMillis());
    return fields;
  }

  private static Map<String, Object> common(PlannedStage stage) {
    Map<String, Object> fields = fields("type", stage.type(), "plugin", stage.plugin());
    fields.put("name", stage.header().name());
    stage.header().id().ifPresent(id -> fields.put("id", id));
    stage.header().description().ifPresent(text -> fields.put("description", text));
    fields.put("cell", stage.block().source().cell());
    fields.put("line", stage.block().line());
    fields.putAll(stage.keys());
    return fields;
  }

  private static Map<String, Object> detail(StageResult result) {
    Map<String, Object> fields = common(result.stage());
    fields.putAll(result.detail());
    StageMetrics metrics = result.metrics();
    fields.put(
        "inputMetrics",
        fields("bytesRead", metrics.bytesRead(), "recordsRead", metrics.rowsRead()));
    fields.put(
        "outputMetrics",
        fields("bytesWritten", metrics.bytesWritten(), "recordsWritten", metrics.rowsWritten()));
    return fields;
  }

  private void write(Instant at, String level, Map<String, Object> fields) {
    Map<String, Object> line = new LinkedHashMap<>(fields);
    line.put("level", level);
    line.put("thread_name", Thread.currentThread().getName());
    line.put("class", Runner.class.getName());
    line.put("logger_name", tags.getOrDefault("jobId", applicationId));
    line.put("timestamp", TIMESTAMP.format(at));
    if (applicationId != null) {
      line.put("applicationId", applicationId);
    }
    tags.forEach(line::put);
    try {
      out.println(JSON.writeValueAsString(redaction.applyTo(line)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("An event that JSON cannot say: " + line.keySet(), e);
    }
  }

  private static Map<String, Object> fields(Object... namesAndValues) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      fields.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return fields;
  }

  private static String md5(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
