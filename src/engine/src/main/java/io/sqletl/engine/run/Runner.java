package io.sqletl.engine.run;

import io.sqletl.engine.job.ErrorCode;
import io.sqletl.engine.job.JobSource;
import io.sqletl.engine.job.Key;
import io.sqletl.engine.job.Problem;
import io.sqletl.engine.run.RunEvent.StageResult;
import io.sqletl.engine.stage.JobState;
import io.sqletl.engine.stage.StageContext;
import io.sqletl.engine.stage.function.FunctionSets;
import io.sqletl.engine.stage.lifecycle.LifecyclePlugin;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.jdk.javaapi.CollectionConverters;

/** Runs the stages of a job in order, and tells its listeners. */
public final class Runner {

  private static final Logger LOG = LoggerFactory.getLogger(Runner.class);

  private final List<RunListener> listeners;
  private final StageSettings settings;
  private final JobState state;
  private final boolean awaitsStreams;
  private final List<StageResult> results = new ArrayList<>();
  private final RejectionReport rejections;
  private final Set<Problem> warnings = new LinkedHashSet<>();
  private volatile PlannedStage current;

  /** Chooses the session's settings for one stage, before it runs. */
  @FunctionalInterface
  public interface StageSettings {

    /** Leaves the session as it is. */
    StageSettings UNCHANGED = (spark, stage) -> {};

    void apply(SparkSession spark, PlannedStage stage);
  }

  /** For a job as a whole, whose run lasts as long as the streams that its stages start. */
  public Runner(List<RunListener> listeners, StageSettings settings) {
    this(listeners, settings, new JobState(), new RejectionReport(), true);
  }

  /**
   * For a job that is run piece by piece; streams go on between the pieces.
   *
   * @param state what stages leave for each other; kept by who runs the job
   * @param rejections gathers what the stages of all pieces reject; kept likewise
   */
  public Runner(
      List<RunListener> listeners,
      StageSettings settings,
      JobState state,
      RejectionReport rejections) {
    this(listeners, settings, state, rejections, false);
  }

  private Runner(
      List<RunListener> listeners,
      StageSettings settings,
      JobState state,
      RejectionReport rejections,
      boolean awaitsStreams) {
    this.listeners = List.copyOf(listeners);
    this.settings = settings;
    this.state = state;
    this.rejections = rejections;
    this.awaitsStreams = awaitsStreams;
  }

  /**
   * Runs a job to its end or to its first failure.
   *
   * @param sessions starts the session; called once, and not closed here
   */
  public RunSummary run(PlannedJob job, Supplier<SparkSession> sessions) {
    return run(job, sessions, List.of(), view -> {});
  }

  /**
   * The same.
   *
   * @param views are used once more when all stages ended well
   * @param use what is done with each of them; what it rejects is part of the run, and where it
   *     fails the stage that made the view does
   */
  public RunSummary run(
      PlannedJob job, Supplier<SparkSession> sessions, List<String> views, Consumer<String> use) {
    Instant started = Instant.now();
    job.warnings().forEach(warning -> warn(warning, job.source()));
    for (SkippedStage plugin : job.plugins().skipped()) {
      tell(new RunEvent.StageSkipped(Instant.now(), plugin, job.options().environment()));
    }
    for (SkippedStage stage : job.skipped()) {
      tell(new RunEvent.StageSkipped(Instant.now(), stage, job.options().environment()));
    }
    tell(new RunEvent.JobChecked(Instant.now(), job));
    Optional<Failure> failure = runStages(job, sessions);
    if (failure.isEmpty()) {
      failure = end(views, use);
    }
    warnOfAdjusted(job.source());
    // Of a job that is run piece by piece, a later piece may use what this one made
    if (failure.isEmpty() && awaitsStreams && results.size() == job.stages().size()) {
      warnOfUnread(job, views);
    }
    RunSummary summary =
        new RunSummary(
            job,
            started,
            Duration.between(started, Instant.now()),
            List.copyOf(results),
            failure,
            rejections.read(),
            warnings());
    tell(new RunEvent.JobFinished(Instant.now(), summary));
    return summary;
  }

  /** Views are computed when they are used, so what typing rounded is known at the end. */
  private void warnOfAdjusted(JobSource source) {
    warnOf(
        rejections.newsOfTimes(),
        ErrorCode.TIMES_TWICE,
        "Local times of %s may be an hour off: %s",
        "have the data give an offset (a formatter with XXX), or UTC",
        source);
    warnOf(
        rejections.newsOfDigits(),
        ErrorCode.VALUES_ADJUSTED,
        "Not all digits fit the columns of %s: %s",
        "give the column a type with more digits, or type it as text and round it in SQL",
        source);
    warnOf(
        rejections.newsOfFields(),
        ErrorCode.COLUMNS_DIFFER,
        "The schema of %s lacks fields that records have, which are not read: %s",
        "add them to the schema, if they are wanted",
        source);
    warnOf(
        rejections.newsOfEncodings(),
        ErrorCode.ENCODING,
        "Letters beyond a to z of %s may be others: %s",
        "have the server say charset=UTF-8; where it says ISO-8859-1, decode(encode(body,"
            + " 'ISO-8859-1'), 'UTF-8') in a SQLTransform gives the letters back",
        source);
  }

  private void warnOfUnread(PlannedJob job, List<String> shown) {
    UnreadViews.of(job, rejections.stages(), shown)
        .forEach(
            (stage, view) ->
                warn(
                    new Problem(
                        ErrorCode.UNUSED_VIEW,
                        stage.position(),
                        "No stage reads the view \""
                            + view
                            + "\" of "
                            + stage.describe()
                            + ", so that none of its values was looked at",
                        "load it, validate it with SQLValidate, or run with --show " + view),
                    job.source()));
  }

  private void warnOf(
      Map<PlannedStage, String> news,
      ErrorCode code,
      String message,
      String remedy,
      JobSource source) {
    news.forEach(
        (stage, told) ->
            warn(
                new Problem(
                    code, stage.position(), message.formatted(stage.describe(), told), remedy),
                source));
  }

  private Optional<Failure> end(List<String> views, Consumer<String> use) {
    for (String view : views) {
      try {
        use.accept(view);
      } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
        // Spark throws checked exceptions undeclared
        return Optional.of(
            maker(view)
                .map(stage -> Failure.of(e, stage, state, rejections))
                .orElseGet(() -> Failure.ofSession(e)));
      }
    }
    return Optional.empty();
  }

  private Optional<PlannedStage> maker(String view) {
    return results.stream()
        .map(StageResult::stage)
        .filter(
            stage ->
                stage.references(Key.Role.OUTPUT_VIEW).stream().anyMatch(view::equalsIgnoreCase))
        .reduce((earlier, later) -> later)
        .or(() -> results.stream().map(StageResult::stage).reduce((earlier, later) -> later));
  }

  private Optional<Failure> runStages(PlannedJob job, Supplier<SparkSession> sessions) {
    SparkSession spark;
    try {
      spark = sessions.get();
    } catch (Exception | LinkageError e) {
      // Spark throws checked exceptions undeclared
      return Optional.of(Failure.ofSession(e));
    }
    Map<String, List<String>> functions;
    try {
      functions = FunctionSets.load().register(spark);
    } catch (RuntimeException | LinkageError e) {
      return Optional.of(Failure.ofFunctions(e));
    }
    TaskMetrics metrics = new TaskMetrics(this::progressed);
    spark.sparkContext().addSparkListener(metrics);
    try (StreamingQueries streams = new StreamingQueries(spark)) {
      tell(
          new RunEvent.SessionStarted(
              Instant.now(),
              job,
              spark.sparkContext().applicationId(),
              new LinkedHashMap<>(CollectionConverters.asJava(spark.conf().getAll())),
              functions));
      LifecycleHooks hooks = new LifecycleHooks(job.plugins().lifecycle());
      int number = 0;
      for (PlannedStage stage : job.stages()) {
        number++;
        streams.during(stage);
        StageEnd end = runStage(job, stage, number, hooks, spark, metrics);
        if (!end.goesOn()) {
          streams.stop();
          return end.failure();
        }
      }
      return awaitsStreams ? await(streams) : Optional.empty();
    } finally {
      spark.sparkContext().removeSparkListener(metrics);
    }
  }

  /** A stream that fails is a failure of the stage that started it, long as that is over. */
  private Optional<Failure> await(StreamingQueries streams) {
    if (streams.areActive()) {
      tell(
          new RunEvent.SessionProgressed(
              Instant.now(), "streaming, until the streams end or the run is interrupted"));
    }
    Optional<StreamingQueries.Failed> failed = streams.await();
    if (failed.isEmpty()) {
      return Optional.empty();
    }
    PlannedStage stage = failed.get().stage();
    Failure failure = Failure.of(failed.get().exception(), stage, state, rejections);
    results.stream()
        .filter(result -> result.stage() == stage)
        .findFirst()
        .ifPresent(result -> tell(new RunEvent.StageFailed(Instant.now(), result, failure)));
    return Optional.of(failure);
  }

  /**
   * How a stage ended.
   *
   * @param goesOn whether the next stage runs
   * @param failure why it failed; empty when it ended well, or when the job ended before it
   */
  private record StageEnd(boolean goesOn, Optional<Failure> failure) {

    static final StageEnd WELL = new StageEnd(true, Optional.empty());
    static final StageEnd STOPPED = new StageEnd(false, Optional.empty());
  }

  private StageEnd runStage(
      PlannedJob job,
      PlannedStage stage,
      int number,
      LifecycleHooks hooks,
      SparkSession spark,
      TaskMetrics metrics) {
    StageContext context =
        new StageContext(
            spark,
            job.options(),
            stage.header(),
            stage.ownType(),
            state,
            stage.position(),
            warning -> warn(warning, job.source()));
    Instant started = Instant.now();
    Throwable exception = null;
    metrics.reset();
    current = stage;
    spark.sparkContext().setJobDescription(stage.describe());
    try {
      Optional<LifecyclePlugin.Stop> stop = hooks.stop(context);
      if (stop.isPresent()) {
        tell(
            new RunEvent.JobStopped(
                Instant.now(), stage, stop.get().reason(), stop.get().message()));
        return StageEnd.STOPPED;
      }
      tell(new RunEvent.StageStarted(Instant.now(), stage, number, job.stages().size()));
      hooks.before(context);
      settings.apply(spark, stage);
      hooks.after(context, stage.stage().run(context));
    } catch (Exception | LinkageError | StackOverflowError | OutOfMemoryError e) {
      exception = e;
    } finally {
      current = null;
    }
    context.rejected().ifPresent(rejected -> rejections.add(stage, rejected));
    context.adjusted().ifPresent(values -> rejections.add(stage, values));
    StageResult result = result(stage, context, started, spark, metrics);
    results.add(result);
    if (exception == null) {
      tell(new RunEvent.StageFinished(Instant.now(), result));
      return StageEnd.WELL;
    }
    Failure failure = Failure.of(exception, stage, state, rejections);
    tell(new RunEvent.StageFailed(Instant.now(), result, failure));
    return new StageEnd(false, Optional.of(failure));
  }

  private static StageResult result(
      PlannedStage stage,
      StageContext context,
      Instant started,
      SparkSession spark,
      TaskMetrics metrics) {
    Duration duration = Duration.between(started, Instant.now());
    awaitListeners(spark);
    Map<String, Object> detail = new LinkedHashMap<>(context.detail());
    return new StageResult(stage, started, duration, detail, metrics.metrics(), context.outputs());
  }

  /** Spark tells its listeners late; the figures of a stage are those told until then. */
  private static void awaitListeners(SparkSession spark) {
    try {
      spark.sparkContext().listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      LOG.warn("Spark's listeners are behind; figures of this stage may be too low", e);
    }
  }

  private void progressed(TaskMetrics.Progress progress) {
    PlannedStage stage = current;
    if (stage != null) {
      tell(
          new RunEvent.StageProgressed(
              Instant.now(), stage, progress.running(), progress.done(), progress.total()));
    }
  }

  /** Streams warn from threads of their own. */
  private void warn(Problem warning, JobSource source) {
    synchronized (warnings) {
      if (!warnings.add(warning)) {
        return;
      }
    }
    tell(new RunEvent.Warned(Instant.now(), warning, source));
  }

  private List<Problem> warnings() {
    synchronized (warnings) {
      return List.copyOf(warnings);
    }
  }

  private void tell(RunEvent event) {
    for (RunListener listener : listeners) {
      listener.on(event);
    }
  }
}
