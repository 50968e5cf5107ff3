package io.sqletl.engine.session.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.cluster.k8s.ExecutorPodsAllocator;
import org.apache.spark.scheduler.cluster.k8s.ExecutorPodsSnapshotsStore;
import org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBuilder;
import org.apache.spark.util.Clock;
import scala.collection.immutable.Seq;

/**
 * Spark's own allocator of executor pods, which also remembers why Kubernetes refused one: Spark
 * tries again for ever, and tells its log alone. Made by Spark, by its name.
 */
public final class ExecutorAllocator extends ExecutorPodsAllocator {

  private static final String PREFIX = "spark.kubernetes.executor.podNamePrefix";

  /** By the name of the run; Spark makes the allocator, so that there is no other way to it. */
  private static final Map<String, KubernetesClientException> REFUSALS = new ConcurrentHashMap<>();

  private final String run;

  public ExecutorAllocator(
      SparkConf conf,
      SecurityManager security,
      KubernetesExecutorBuilder builder,
      KubernetesClient client,
      ExecutorPodsSnapshotsStore snapshots,
      Clock clock) {
    super(conf, security, builder, client, snapshots, clock);
    this.run = conf.get(PREFIX);
  }

  @Override
  public void requestNewExecutors(
      int number, String applicationId, int resourceProfile, Seq<String> claimsInUse) {
    try {
      super.requestNewExecutors(number, applicationId, resourceProfile, claimsInUse);
      REFUSALS.remove(run);
    } catch (KubernetesClientException e) {
      REFUSALS.put(run, e);
      throw e;
    }
  }

  /** Why Kubernetes refused the last pod that was asked for; empty when it did not. */
  static Optional<KubernetesClientException> refusal(String run) {
    return Optional.ofNullable(REFUSALS.get(run));
  }

  /** Forgets a run. */
  static void forget(String run) {
    REFUSALS.remove(run);
  }
}
