package io.sqletl.engine.session.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.SparkKubernetesClientFactory;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Kubernetes as the place of one run's executors; the driver is this process. */
public final class KubernetesCluster implements AutoCloseable {

  /** With what Spark adds, the name of a pod stays within a DNS label. */
  private static final int LONGEST_NAME = 30;

  private static final int RANDOM_BYTES = 4;
  private static final String CLIENT_MODE = "spark.kubernetes.authenticate";

  private final ClusterPlan plan;
  private final String run;
  private final List<Setting> settings;
  private KubernetesClient client;

  private KubernetesCluster(ClusterPlan plan, String run) {
    this.plan = plan;
    this.run = run;
    this.settings = KubernetesSettings.of(plan, run, PodTemplate.write(run).toUri().toString());
  }

  /**
   * @param applicationName what the run is called; its pods are called after it
   */
  public static KubernetesCluster of(ClusterPlan plan, String applicationName) {
    byte[] random = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(random);
    return new KubernetesCluster(
        plan, podName(applicationName) + "-" + HexFormat.of().formatHex(random));
  }

  private static String podName(String applicationName) {
    String name =
        applicationName
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^[^a-z]+", "");
    return name.isEmpty()
        ? "sql-etl"
        : name.substring(0, Math.min(name.length(), LONGEST_NAME)).replaceAll("-+$", "");
  }

  /** Spark's settings by their names. */
  public Map<String, String> settings() {
    Map<String, String> byName = new LinkedHashMap<>();
    settings.forEach(setting -> byName.put(setting.name(), setting.value()));
    return byName;
  }

  /**
   * Finds out before Spark starts whether Kubernetes can be reached and lets Spark work.
   *
   * @param all the settings of the session, with those of the user
   * @throws ClusterException if not
   */
  public void requireAccess(Map<String, String> all) {
    SparkConf conf = new SparkConf(false);
    all.forEach(conf::set);
    client =
        SparkKubernetesClientFactory.createKubernetesClient(
            plan.master().substring("k8s://".length()),
            Option.apply(plan.namespace()),
            CLIENT_MODE,
            SparkKubernetesClientFactory.ClientType$.MODULE$.Driver(),
            conf,
            Option.empty());
    new ApiAccess(client, plan).require();
  }

  /**
   * Waits until the executors are there: all of them, or those that came within half a minute after
   * the first. Tells from then on when one is lost.
   *
   * @param progress is told what is waited for, in one line, when it changes
   * @throws ClusterException if none comes
   * @throws InterruptedException if the thread is interrupted, as Ctrl-C does
   */
  public void awaitExecutors(SparkSession session, Consumer<String> progress)
      throws InterruptedException {
    awaitExecutors(
        session,
        progress,
        new ExecutorWait.Limits(
            Duration.ofMinutes(plan.patienceMinutes()),
            Duration.ofSeconds(30),
            Duration.ofSeconds(30)));
  }

  void awaitExecutors(SparkSession session, Consumer<String> progress, ExecutorWait.Limits limits)
      throws InterruptedException {
    new ExecutorLosses(progress).listenTo(session.sparkContext());
    try (ExecutorWait wait = new ExecutorWait(client, plan, run, session.sparkContext(), limits)) {
      wait.untilThere(progress);
    }
  }

  @Override
  public void close() {
    ExecutorAllocator.forget(run);
    if (client != null) {
      client.close();
    }
  }
}
