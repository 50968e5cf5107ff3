package io.sqletl.engine.stage.load;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a load up in the middle of its rows, for whoever waits until it is there. */
public final class Gate {

  private static volatile Gate now = new Gate();

  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch open = new CountDownLatch(1);

  /** An expression that waits at the gate, and is then 0. */
  static final String EXPRESSION =
      "int(java_method('io.sqletl.engine.stage.load.Gate', 'pass', 0))";

  static Gate closed() {
    now = new Gate();
    return now;
  }

  static Gate current() {
    return now;
  }

  /** Called by Spark, by name. */
  public static int pass(int number) throws InterruptedException {
    Gate gate = now;
    gate.reached.countDown();
    gate.open.await();
    return number;
  }

  void awaitLoad() throws InterruptedException {
    if (!reached.await(1, TimeUnit.MINUTES)) {
      throw new AssertionError("The load does not come to the gate");
    }
  }

  void open() {
    open.countDown();
  }
}
