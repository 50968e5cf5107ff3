package io.sqletl.engine.session;

import org.apache.spark.sql.SparkSession;
import scala.Option;

/** What other tests left in this process. */
public final class OtherTests {

  private OtherTests() {}

  /**
   * Stops the session that tests of stages share, which has other settings than a run or a kernel;
   * it is made anew for the next of them.
   */
  public static void stopSession() {
    Option<SparkSession> there = SparkSession.getDefaultSession();
    if (there.isDefined() && !there.get().sparkContext().isStopped()) {
      SparkSettings.stop(there.get());
    }
  }
}
