package io.sqletl.engine.kernel;

import io.sqletl.engine.run.Redaction;
import io.sqletl.engine.run.RunEvent;
import io.sqletl.engine.run.RunEvent.StageResult;
import io.sqletl.engine.run.RunListener;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/** A bar below a cell while Spark works on a stage, and one line in its place afterwards. */
final class ProgressDisplay implements RunListener {

  /** A stage that ends sooner needs no bar. */
  private static final Duration AFTER = Duration.ofSeconds(1);

  private static final Duration BETWEEN = Duration.ofMillis(300);

  private final CellOutput output;
  private final Redaction redaction;
  private Instant started = Instant.MAX;
  private Instant told = Instant.MIN;
  private String id;

  ProgressDisplay(CellOutput output, Redaction redaction) {
    this.output = output;
    this.redaction = redaction;
  }

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.StageStarted stage) {
      started = stage.at();
    } else if (event instanceof RunEvent.StageProgressed progress) {
      progressed(progress);
    } else if (event instanceof RunEvent.StageFinished finished) {
      close(finished.result(), "");
    } else if (event instanceof RunEvent.StageFailed failed) {
      close(failed.result(), " failed");
    } else if (event instanceof RunEvent.Warned warned) {
      output.warn("warning: " + redaction.apply(warned.problem().render()));
    }
  }

  private void progressed(RunEvent.StageProgressed progress) {
    boolean early =
        progress.at().isBefore(started.equals(Instant.MAX) ? started : started.plus(AFTER));
    if (early || !told.equals(Instant.MIN) && progress.at().isBefore(told.plus(BETWEEN))) {
      return;
    }
    told = progress.at();
    Content bar = bar(progress, Duration.between(started, progress.at()));
    if (id == null) {
      id = UUID.randomUUID().toString();
      output.show(id, bar);
    } else {
      output.update(id, bar);
    }
  }

  private Content bar(RunEvent.StageProgressed progress, Duration since) {
    int total = Math.max(1, progress.tasksTotal());
    String text =
        String.format(
            Locale.ROOT,
            "%s: %d of %d tasks, %d running, %.0f s",
            redaction.apply(progress.stage().header().name()),
            progress.tasksDone(),
            progress.tasksTotal(),
            progress.tasksRunning(),
            since.toMillis() / 1000.0);
    int percent = (int) Math.min(100, 100L * progress.tasksDone() / total);
    String html =
        "<div class=\"progress\" style=\"border:1px solid #bbb;border-radius:3px;max-width:40em\">"
            + "<div class=\"progress-bar progress-bar-info\" style=\"background:#9ec5e8;color:#000;"
            + "white-space:nowrap;padding:0 .5em;width:"
            + percent
            + "%\">"
            + Html.escape(text)
            + "</div></div>";
    return Content.of(text, Content.HTML, html);
  }

  private void close(StageResult result, String remark) {
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
    started = Instant.MAX;
    told = Instant.MIN;
  }
}
