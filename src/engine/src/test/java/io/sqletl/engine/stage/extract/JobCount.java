package io.sqletl.engine.stage.extract;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.SparkSession;

/** Counts the jobs that Spark starts. */
final class JobCount {

  private final SparkSession spark;
  private final AtomicInteger jobs = new AtomicInteger();

  private JobCount(SparkSession spark) {
    this.spark = spark;
  }

  static JobCount on(SparkSession spark) {
    JobCount count = new JobCount(spark);
    spark
        .sparkContext()
        .addSparkListener(
            new SparkListener() {
              @Override
              public void onJobStart(SparkListenerJobStart job) {
                count.jobs.incrementAndGet();
              }
            });
    return count;
  }

  int soFar() throws TimeoutException {
    spark.sparkContext().listenerBus().waitUntilEmpty();
    return jobs.get();
  }
}
