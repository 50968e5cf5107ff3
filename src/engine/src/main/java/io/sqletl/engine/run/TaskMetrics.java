package io.sqletl.engine.run;

import java.util.function.Consumer;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/** Adds up what Spark's tasks did since the last {@link #reset()}. */
final class TaskMetrics extends SparkListener {

  /** How far Spark's tasks have come. */
  record Progress(int running, int done, int total) {}

  private final Consumer<Progress> progress;
  private long bytesRead;
  private long rowsRead;
  private long bytesWritten;
  private long rowsWritten;
  private int running;
  private int done;
  private int total;

  TaskMetrics(Consumer<Progress> progress) {
    this.progress = progress;
  }

  synchronized void reset() {
    bytesRead = 0;
    rowsRead = 0;
    bytesWritten = 0;
    rowsWritten = 0;
    running = 0;
    done = 0;
    total = 0;
  }

  synchronized StageMetrics metrics() {
    return new StageMetrics(bytesRead, rowsRead, bytesWritten, rowsWritten, done);
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted event) {
    synchronized (this) {
      total += event.stageInfo().numTasks();
    }
    tell();
  }

  @Override
  public void onTaskStart(SparkListenerTaskStart event) {
    synchronized (this) {
      running++;
    }
    tell();
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd event) {
    synchronized (this) {
      running = Math.max(0, running - 1);
      done++;
      total = Math.max(total, done);
    }
    tell();
  }

  @Override
  public void onStageCompleted(SparkListenerStageCompleted event) {
    org.apache.spark.executor.TaskMetrics metrics = event.stageInfo().taskMetrics();
    if (metrics == null) {
      return;
    }
    synchronized (this) {
      bytesRead += metrics.inputMetrics().bytesRead();
      rowsRead += metrics.inputMetrics().recordsRead();
      bytesWritten += metrics.outputMetrics().bytesWritten();
      rowsWritten += metrics.outputMetrics().recordsWritten();
    }
  }

  private void tell() {
    Progress now;
    synchronized (this) {
      now = new Progress(running, done, total);
    }
    progress.accept(now);
  }
}
