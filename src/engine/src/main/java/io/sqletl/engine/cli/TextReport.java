package io.sqletl.engine.cli;

import io.sqletl.engine.run.Failure;
import io.sqletl.engine.run.PlannedStage;
import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.run.RunEvent;
import io.sqletl.engine.run.RunEvent.StageResult;
import io.sqletl.engine.run.RunListener;
import io.sqletl.engine.run.RunSummary;
import io.sqletl.engine.stage.RowChanges;
import io.sqletl.engine.stage.history.HistoryCounts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells a person how a run goes: a line per stage, and a bar while a long one goes on. */
final class TextReport implements RunListener {

  /** A stage that ends sooner needs no bar. */
  private static final Duration BAR_AFTER = Duration.ofSeconds(2);

  private final PrintWriter out;
  private final PrintWriter err;
  private final Redaction redaction;
  private final Bars bars;
  private final boolean traces;
  private Instant stageStarted = Instant.MAX;
  private ProgressBar bar;
  private int nameWidth;
  private int typeWidth;

  /** Whether bars can be drawn. */
  enum Bars {
    DRAWN,
    LEFT_OUT
  }

  TextReport(PrintWriter out, PrintWriter err, Redaction redaction, Bars bars, boolean traces) {
    this.out = out;
    this.err = err;
    this.redaction = redaction;
    this.bars = bars;
    this.traces = traces;
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.Warned warned) {
      err.println(clean("warning: " + warned.problem().render()));
    } else if (event instanceof RunEvent.JobChecked checked) {
      for (PlannedStage stage : checked.job().stages()) {
        nameWidth = Math.max(nameWidth, stage.header().name().length());
        typeWidth = Math.max(typeWidth, stage.type().length());
      }
    } else if (event instanceof RunEvent.SessionProgressed progress) {
      err.println(clean(progress.message()));
    } else if (event instanceof RunEvent.StageSkipped skipped) {
      err.println(
          clean(
              "skipped: \""
                  + skipped.stage().name()
                  + "\" is for "
                  + (skipped.stage().environments().isEmpty()
                      ? "no environment"
                      : String.join(", ", skipped.stage().environments()))
                  + ", not for "
                  + skipped.environment()));
    } else if (event instanceof RunEvent.JobStopped stopped) {
      out.println(
          clean(
              "The job ends before "
                  + stopped.stage().describe()
                  + ", and no later stage runs: "
                  + stopped.reason()
                  + (stopped.message() == null ? "" : " The query says: " + stopped.message())));
    } else if (event instanceof RunEvent.StageStarted started) {
      stageStarted = started.at();
    } else if (event instanceof RunEvent.StageProgressed progress) {
      draw(progress);
    } else if (event instanceof RunEvent.StageFinished finished) {
      closeBar();
      out.println(clean(line(finished.result(), rows(finished.result()))));
    } else if (event instanceof RunEvent.StageFailed failed) {
      closeBar();
      out.println(clean(line(failed.result(), "failed")));
    }
  }

  /** Prints why a run failed. */
  void failure(RunSummary summary) {
    Failure failure = summary.failure().orElseThrow();
    if (failure.position() == null) {
      err.println(clean(failure.text()));
    } else {
      err.println(
          clean(failure.position() + ": " + failure.stage() + " failed: " + failure.text()));
      String excerpt = failure.position().excerpt();
      if (!excerpt.isEmpty()) {
        err.println(clean(excerpt));
      }
      if (failure.during() != null) {
        err.println(clean("  " + failure.during()));
      }
    }
    if (traces) {
      StringWriter trace = new StringWriter();
      failure.exception().printStackTrace(new PrintWriter(trace));
      err.println(clean(trace.toString()));
    }
  }

  private void draw(RunEvent.StageProgressed progress) {
    boolean early = progress.at().isBefore(stageStarted.plus(BAR_AFTER));
    if (bars == Bars.LEFT_OUT || bar == null && early) {
      return;
    }
    if (bar == null) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(progress.stage().header().name())
              .setInitialMax(progress.tasksTotal())
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(200)
              .clearDisplayOnFinish()
              .hideEta()
              .setUnit(" tasks", 1)
              .build();
    }
    bar.maxHint(progress.tasksTotal());
    bar.stepTo(progress.tasksDone());
  }

  private void closeBar() {
    stageStarted = Instant.MAX;
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private String line(StageResult result, String remark) {
    return String.format(
            Locale.ROOT,
            "%-" + Math.max(1, nameWidth) + "s  %-" + Math.max(1, typeWidth) + "s  %6.1f s  %s",
            result.stage().header().name(),
            result.stage().type(),
            result.duration().toMillis() / 1000.0,
            remark)
        .stripTrailing();
  }

  /** Rows where they are known without counting. */
  private static String rows(StageResult result) {
    Map<String, Object> detail = result.detail();
    if (detail.get("records") instanceof Number records) {
      return count(records.longValue(), "row");
    }
    Optional<HistoryCounts> history = HistoryCounts.of(detail);
    if (history.isPresent()) {
      return history.get().describe();
    }
    Optional<RowChanges> changes = RowChanges.of(detail);
    if (changes.isPresent()) {
      return changes.get().describe();
    }
    // A commit says that nothing was written; of other loads it is not known
    if (!result.outputs().isEmpty()
        && (result.metrics().rowsWritten() > 0 || detail.containsKey("commit"))) {
      return count(result.metrics().rowsWritten(), "row") + " written";
    }
    return "";
  }

  private static String count(long number, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
  }

  private String clean(String text) {
    return redaction.apply(text);
  }
}
