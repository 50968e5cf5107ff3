package io.sqletl.engine.session.kubernetes;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import scala.jdk.javaapi.CollectionConverters;

/** Tells when an executor is lost, and why: the run goes on, slower, and a person may wonder. */
final class ExecutorLosses extends SparkListener {

  /** What Spark says of executors that it ended itself, for want of work. */
  private static final List<String> ENDED_BY_SPARK =
      List.of("killed by driver", "spark scale down");

  private final Consumer<String> progress;
  private final Set<String> executors = ConcurrentHashMap.newKeySet();

  ExecutorLosses(Consumer<String> progress) {
    this.progress = progress;
  }

  /** Listens from now on, and knows those that are there already, which are not told any more. */
  void listenTo(SparkContext spark) {
    spark.addSparkListener(this);
    executors.addAll(CollectionConverters.asJava(spark.getExecutorIds()));
  }

  @Override
  public void onExecutorAdded(SparkListenerExecutorAdded added) {
    executors.add(added.executorId());
  }

  @Override
  public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    boolean known = executors.remove(removed.executorId());
    String reason = removed.reason() == null ? "" : removed.reason().strip();
    if (known && ENDED_BY_SPARK.stream().noneMatch(reason::contains)) {
      progress.accept(
          "executor "
              + removed.executorId()
              + " is lost, "
              + executors.size()
              + " left: "
              + reason.lines().findFirst().orElse("no reason given"));
    }
  }
}
