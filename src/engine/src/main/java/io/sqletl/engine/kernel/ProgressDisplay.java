package io.sqletl.engine.kernel;

import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.run.RunEvent;
import io.sqletl.engine.run.RunEvent.StageResult;
import io.sqletl.engine.run.RunListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A bar below a cell while Spark works on a stage, and one line in its place afterwards. It is
 * drawn by the clock: a stage of few long tasks tells nothing for minutes.
 */
final class ProgressDisplay implements RunListener, AutoCloseable {

  /** A stage that ends sooner needs no bar. */
  private static final Duration AFTER = Duration.ofSeconds(1);

  private static final long TICK_MILLIS = 300;

  private final CellOutput output;
  private final Redaction redaction;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private RunEvent.StageStarted stage;
  private RunEvent.StageProgressed progress;
  private String drawn = "";
  private String id;

  ProgressDisplay(CellOutput output, Redaction redaction) {
    this.output = output;
    this.redaction = redaction;
    clock.scheduleWithFixedDelay(this::draw, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.StageStarted started) {
      stage = started;
      progress = null;
    } else if (event instanceof RunEvent.StageProgressed progressed) {
      progress = progressed;
    } else if (event instanceof RunEvent.StageFinished finished) {
      end(finished.result(), "");
    } else if (event instanceof RunEvent.StageFailed failed) {
      end(failed.result(), " failed");
    } else if (event instanceof RunEvent.Warned warned) {
      output.warn("warning: " + redaction.apply(warned.problem().render()));
    }
  }

  private synchronized void draw() {
    if (stage == null || Instant.now().isBefore(stage.at().plus(AFTER))) {
      return;
    }
    String text = text(Duration.between(stage.at(), Instant.now()).toSeconds());
    if (text.equals(drawn)) {
      return;
    }
    drawn = text;
    Content bar = bar(text);
    if (id == null) {
      id = UUID.randomUUID().toString();
      output.show(id, bar);
    } else {
      output.update(id, bar);
    }
  }

  private String text(long seconds) {
    String name = redaction.apply(stage.stage().header().name());
    return progress == null
        ? String.format(Locale.ROOT, "%s: %d s", name, seconds)
        : String.format(
            Locale.ROOT,
            "%s: %d of %d tasks, %d running, %d s",
            name,
            progress.tasksDone(),
            progress.tasksTotal(),
            progress.tasksRunning(),
            seconds);
  }

  private Content bar(String text) {
    long percent =
        progress == null ? 0 : 100L * progress.tasksDone() / Math.max(1, progress.tasksTotal());
    String html =
        "<div class=\"progress\" style=\"border:1px solid #bbb;border-radius:3px;max-width:40em\">"
            + "<div class=\"progress-bar progress-bar-info\" style=\"background:#9ec5e8;color:#000;"
            + "white-space:nowrap;padding:0 .5em;width:"
            + Math.min(100, percent)
            + "%\">"
            + Html.escape(text)
            + "</div></div>";
    return Content.of(text, Content.HTML, html);
  }

  private void end(StageResult result, String remark) {
    if (id != null) {
      String text =
          String.format(
              Locale.ROOT,
              "%s%s after %.1f s",
              redaction.apply(result.stage().header().name()),
              remark,
              result.duration().toMillis() / 1000.0);
      String html = "<div style=\"opacity:.7\">" + Html.escape(text) + "</div>";
      output.update(id, Content.of(text, Content.HTML, html));
    }
    id = null;
    stage = null;
    progress = null;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
