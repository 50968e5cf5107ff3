package io.sqletl.engine.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SignalUtils;

/** What Ctrl-C does: the first cancels what runs so that all is cleaned up, the second ends. */
final class Interruption {

  private static final String SIGNAL = "INT";

  private final PrintWriter err;
  private final AtomicInteger count = new AtomicInteger();

  Interruption(PrintWriter err) {
    this.err = err;
  }

  /** From now on Ctrl-C cancels this session's jobs. */
  void watch(SparkSession spark) {
    Thread worker = Thread.currentThread();
    SignalUtils.register(
        SIGNAL,
        () -> {
          if (count.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(ExitStatus.INTERRUPTED);
          }
          err.println("Stopping; press Ctrl-C again to end at once.");
          spark.sparkContext().cancelAllJobs();
          worker.interrupt();
          return true;
        });
  }

  boolean happened() {
    return count.get() > 0;
  }
}
