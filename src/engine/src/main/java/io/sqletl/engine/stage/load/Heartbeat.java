package io.sqletl.engine.stage.load;

import io.sqletl.engine.stage.files.LoadMarks;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says again and again that a load is at work, for those who cannot look at its process. */
final class Heartbeat implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final CountDownLatch end = new CountDownLatch(1);
  private final Thread thread;

  private Heartbeat(FileSystem storage, Path folder, String id) {
    thread = new Thread(() -> beat(storage, folder, id), "heartbeat of a load");
    thread.setDaemon(true);
  }

  /** Begins, for the load with this id that has claimed the folder. */
  static Heartbeat of(FileSystem storage, Path folder, String id) {
    Heartbeat heartbeat = new Heartbeat(storage, folder, id);
    heartbeat.thread.start();
    return heartbeat;
  }

  private void beat(FileSystem storage, Path folder, String id) {
    try {
      while (!end.await(LoadMarks.BEAT_SECONDS, TimeUnit.SECONDS)) {
        LoadMarks.beat(storage, folder, id);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      // The load goes on; at worst another machine takes it for one that was killed
      LOG.warn("Cannot say that the load into {} is at work", folder, e);
    }
  }

  /** Ends; the mark is not written any more when this returns. */
  @Override
  public void close() {
    end.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
