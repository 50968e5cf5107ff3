package io.sqletl.engine.kernel;

import io.sqletl.engine.job.Cell;
import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobException;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Variables;
import io.sqletl.engine.run.Failure;
import io.sqletl.engine.run.InputSizes;
import io.sqletl.engine.run.JobPlanner;
import io.sqletl.engine.run.JsonLog;
import io.sqletl.engine.run.PlannedJob;
import io.sqletl.engine.run.PlannedStage;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.run.RejectionReport;
import io.sqletl.engine.run.Rejections;
import io.sqletl.engine.run.RunEvent;
import io.sqletl.engine.run.RunListener;
import io.sqletl.engine.run.RunSummary;
import io.sqletl.engine.run.Runner;
import io.sqletl.engine.session.Profile;
import io.sqletl.engine.stage.StageTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs cells of stages, and shows what they made. */
final class StageCells {

  /** The view of a cell that makes one and does not name it; Arc's name. */
  static final String PLACEHOLDER = "arcJupyterPlaceholderOutputView";

  private final NotebookState state;
  private final StageTypes types = StageTypes.load();
  private final RejectionReport rejections = new RejectionReport();

  StageCells(NotebookState state) {
    this.state = state;
  }

  Optional<Content> run(Cell cell, JobSource source, CellOutput output) throws CellFailure {
    DisplaySettings settings = settings(cell);
    Variables variables = state.variables(source);
    state.files().seedOwnBucket(source.text(), variables);
    PlannedJob job = plan(source, variables);
    state.files().createBuckets(job);
    Redaction redaction = state.dataRedaction();
    List<Content> shown = new ArrayList<>();
    Map<PlannedStage, ResultTable> tables = new HashMap<>();
    List<PlannedStage> showing =
        job.stages().stream()
            .map(
                stage ->
                    stage.withStage(
                        context -> {
                          Optional<Dataset<Row>> made = stage.stage().run(context);
                          ResultView view =
                              new ResultView(state, stage, settings, output, redaction);
                          view.of(made, context).ifPresent(shown::add);
                          view.table().ifPresent(table -> tables.put(stage, table));
                          return made;
                        }))
            .toList();
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    List<RunListener> listeners = new ArrayList<>();
    if (settings.showLog()) {
      listeners.add(jsonLog(log));
    }
    PlannedJob showingJob = job.withStages(showing);
    RunSummary summary;
    try (ProgressDisplay progress = new ProgressDisplay(output, state.messageRedaction())) {
      listeners.add(progress);
      Runner runner =
          new Runner(listeners, stageSettings(showingJob), state.jobState(), rejections);
      summary = runner.run(showingJob, () -> session(job));
    }
    tellRejections(output);
    dropPlaceholder();
    summary.stages().stream()
        .filter(result -> summary.succeeded() || result != last(summary))
        .forEach(result -> state.graph().add(result, tables));
    if (settings.showLog()) {
      lastLine(log).ifPresent(line -> output.show(Content.preformatted(line)));
    }
    if (!summary.succeeded()) {
      shown.forEach(output::show);
      throw failure(summary, settings);
    }
    for (Content content : shown.subList(0, Math.max(0, shown.size() - 1))) {
      output.show(content);
    }
    return shown.isEmpty() ? Optional.empty() : Optional.of(shown.get(shown.size() - 1));
  }

  /** As a run tells it in its closing lines, here below the cell by which it came to light. */
  private void tellRejections(CellOutput output) {
    Rejections news = rejections.news();
    if (news.total() == 0) {
      return;
    }
    StringBuilder text = new StringBuilder("Rejected: " + news.total());
    Redaction redaction = state.dataRedaction();
    news.first().forEach(line -> text.append("\n  ").append(redaction.apply(line)));
    if (news.total() > news.first().size()) {
      text.append("\n  and ").append(news.total() - news.first().size()).append(" more");
    }
    output.warn(text.toString());
  }

  private PlannedJob plan(JobSource source, Variables variables) {
    return JobPlanner.plan(
        source,
        variables,
        state.jobOptions(),
        state.files().texts(),
        types,
        JobPlanner.TableNames.FROM_STAGES,
        state.views());
  }

  /** Checks a cell of plugins, and keeps them for the cells after it. */
  Optional<Content> addPlugins(JobSource source) {
    JobSource all = state.withPlugins(source);
    try {
      plan(all, state.variables(all));
    } catch (JobException e) {
      // Plugins alone are no job, and that is all that may be wrong with them
      if (!e.problems().stream().allMatch(problem -> problem.code() == ErrorCode.NO_STAGES)) {
        throw e;
      }
    }
    state.keepPlugins(source);
    return Optional.of(Content.text("The plugin counts for this notebook from here on."));
  }

  private DisplaySettings settings(Cell cell) {
    if (!cell.isMagic()) {
      return state.settings();
    }
    Map<String, String> own = new HashMap<>(cell.arguments());
    own.keySet().retainAll(DisplaySettings.OF_A_CELL);
    return state.settings().with(own, DisplaySettings.OF_A_CELL, cell.source());
  }

  private SparkSession session(PlannedJob job) {
    SparkSession spark = state.spark().await();
    boolean touchesS3 =
        job.source().text().contains("s3a:")
            || job.references(Key.Role.INPUT_URI).stream().anyMatch(uri -> uri.startsWith("s3a:"))
            || job.references(Key.Role.OUTPUT_URI).stream().anyMatch(uri -> uri.startsWith("s3a:"));
    if (touchesS3) {
      state.spark().reachS3(spark);
    }
    return spark;
  }

  /** By what each cell reads: a notebook goes from samples to all of the data. */
  private Runner.StageSettings stageSettings(PlannedJob job) {
    List<PlannedStage> all = new ArrayList<>(state.graph().stages());
    all.addAll(job.stages());
    InputSizes sizes = InputSizes.of(job.withStages(all), this::sizeOf);
    long inputs =
        job.stages().stream()
            .mapToLong(stage -> sizes.of(stage).orElse(Long.MAX_VALUE))
            .max()
            .orElse(0);
    Profile profile = Profile.forInputBytes(inputs);
    return (spark, stage) -> {
      Map<String, String> settings = new HashMap<>();
      settings.putAll(profile.settings(Runtime.getRuntime().availableProcessors()));
      settings.putIfAbsent("spark.sql.adaptive.enabled", "true");
      settings.putAll(profile.stageSettings(sizes.of(stage).orElse(Long.MAX_VALUE)));
      settings.forEach(
          (name, value) -> {
            if (!state.spark().isSetByUser(name)) {
              spark.conf().set(name, value);
            }
          });
    };
  }

  private OptionalLong sizeOf(String uri) {
    try {
      return state.files().storage().sizeOf(uri);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private void dropPlaceholder() {
    state.spark().ready().ifPresent(spark -> spark.catalog().dropTempView(PLACEHOLDER));
  }

  private static RunEvent.StageResult last(RunSummary summary) {
    return summary.stages().get(summary.stages().size() - 1);
  }

  private static CellFailure failure(RunSummary summary, DisplaySettings settings) {
    Failure failure = summary.failure().orElseThrow();
    StringBuilder text = new StringBuilder();
    if (failure.position() == null) {
      text.append(failure.text());
    } else {
      text.append(failure.position())
          .append(": ")
          .append(failure.stage())
          .append(" failed: ")
          .append(failure.text());
      String excerpt = failure.position().excerpt();
      if (!excerpt.isEmpty()) {
        text.append('\n').append(excerpt);
      }
      if (failure.during() != null) {
        text.append("\n  ").append(failure.during());
      }
    }
    if (settings.extendedErrors()) {
      failure.messages().stream()
          .filter(message -> message != null && !message.isBlank())
          .distinct()
          .forEach(message -> text.append("\n\n").append(message.strip()));
    }
    return CellFailure.of(CellFailure.STAGE_FAILED, text.toString());
  }

  private JsonLog jsonLog(ByteArrayOutputStream log) {
    return new JsonLog(
        new PrintStream(log, true, StandardCharsets.UTF_8),
        state.messageRedaction(),
        state.fromEnvironment("JUPYTERHUB_USER").map(user -> Map.of("user", user)).orElse(Map.of()),
        JsonLog.StackTraces.LEFT_OUT);
  }

  /** The last entry that is a stage's. */
  private static Optional<String> lastLine(ByteArrayOutputStream log) {
    return log.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("\"stage\""))
        .reduce((earlier, later) -> later);
  }
}
