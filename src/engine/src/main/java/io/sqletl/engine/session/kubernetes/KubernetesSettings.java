package io.sqletl.engine.session.kubernetes;

import io.sqletl.engine.session.kubernetes.Setting.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.TreeMap;

/**
 * The settings by which Spark runs a driver here and its executors as pods, each with its reason.
 *
 * <p>Those that let a run outlive spot nodes are in {@link SpotSettings}. The same sentences make
 * the tables of {@code docs/cluster.md}.
 */
public final class KubernetesSettings {

  /** What the network policies of the platform let executors reach. */
  public static final int DRIVER_PORT = 7078;

  /** Where driver and executors serve their blocks to each other; the network policies know it. */
  public static final int BLOCK_PORT = 7079;

  /** Names one run, for the rule that keeps its executors together. */
  static final String RUN_LABEL = "app.kubernetes.io/instance";

  /** So much of a CPU is requested for each core: two executors of two fit on a node of four. */
  private static final int MILLICORES_PER_CORE = 800;

  /** Spark's own number of shuffle partitions, which adaptive plans bring down. */
  private static final int LEAST_PARTITIONS = 200;

  private final ClusterPlan plan;
  private final List<Setting> settings = new ArrayList<>();

  private KubernetesSettings(ClusterPlan plan) {
    this.plan = plan;
  }

  /**
   * The settings of a run.
   *
   * @param run names the run; no other run in the namespace may have the name at the same time
   * @param podTemplate the file of the executors' pod template
   */
  public static List<Setting> of(ClusterPlan plan, String run, String podTemplate) {
    KubernetesSettings gathered = new KubernetesSettings(plan);
    gathered.driver();
    gathered.pods(run, podTemplate);
    gathered.size();
    gathered.settings.addAll(SpotSettings.of(plan));
    gathered.safety();
    gathered.work();
    return List.copyOf(gathered.settings);
  }

  private void driver() {
    Topic topic = Topic.DRIVER;
    add(topic, "spark.submit.deployMode", "client", "The driver is this process.");
    plan.driverHost()
        .ifPresent(
            host ->
                add(
                    topic,
                    "spark.driver.host",
                    host,
                    "The pod's address: other pods cannot resolve its name."));
    add(
        topic,
        "spark.driver.bindAddress",
        "0.0.0.0",
        "Also reached by `kubectl port-forward`, which comes from the loopback address.");
    add(
        topic,
        "spark.driver.port",
        String.valueOf(DRIVER_PORT),
        "Fixed, for the network policies of the namespace.");
    add(
        topic,
        "spark.driver.blockManager.port",
        String.valueOf(BLOCK_PORT),
        "Fixed, for the network policies of the namespace.");
    add(
        topic,
        "spark.blockManager.port",
        String.valueOf(BLOCK_PORT),
        "Fixed on executors too, which fetch shuffle blocks from each other.");
    plan.driverPod()
        .ifPresent(
            pod ->
                add(
                    topic,
                    "spark.kubernetes.driver.pod.name",
                    pod,
                    "Makes this pod the owner of the executors: when it is gone, however it went,"
                        + " Kubernetes removes them."));
    add(
        topic,
        "spark.ui.enabled",
        "true",
        "`kubectl port-forward` to port 4040 of the driver's pod shows the run.");
  }

  private void pods(String run, String podTemplate) {
    Topic topic = Topic.PODS;
    add(topic, "spark.kubernetes.namespace", plan.namespace(), "Where the pods are made.");
    add(
        topic,
        "spark.kubernetes.container.image",
        plan.image(),
        "The driver's own image: both have the same classes.");
    add(
        topic,
        "spark.kubernetes.container.image.pullPolicy",
        plan.pullPolicy(),
        "A node that has the image need not ask the registry.");
    add(
        topic,
        "spark.kubernetes.executor.podNamePrefix",
        run,
        "Of its own for each attempt, so that a retry never meets pods of the one before.");
    plan.serviceAccount()
        .ifPresent(
            account ->
                add(
                    topic,
                    "spark.kubernetes.authenticate.executor.serviceAccountName",
                    account,
                    "May read and write the buckets, and nothing in Kubernetes."));
    plan.placement()
        .lifecycle()
        .ifPresent(
            lifecycle ->
                add(
                    topic,
                    "spark.kubernetes.executor.node.selector." + Placement.NODE_LABEL,
                    lifecycle,
                    "Executors can be replaced and so run on spot nodes; the driver cannot, and"
                        + " its template keeps it on demand."));
    add(
        topic,
        "spark.kubernetes.executor.podTemplateFile",
        podTemplate,
        "What Spark has no setting for: not root, no privileges, no token of the API, near each"
            + " other.");
    add(
        topic,
        "spark.kubernetes.executor.label.app",
        "spark",
        "What the network policies and `kubectl get pods -l app=spark` go by.");
    add(
        topic,
        "spark.kubernetes.executor.label." + RUN_LABEL,
        run,
        "Names the run, so that its executors prefer one zone: traffic between zones is slower"
            + " and is charged.");
    new TreeMap<>(plan.labels())
        .forEach(
            (name, value) ->
                add(
                    topic,
                    "spark.kubernetes.executor.label." + name,
                    value,
                    "A label that was asked for."));
    add(
        topic,
        "spark.kubernetes.executor.annotation.cluster-autoscaler.kubernetes.io/safe-to-evict",
        "false",
        "The autoscaler leaves a node whose executors hold shuffle blocks.");
    add(
        topic,
        "spark.kubernetes.executor.disableConfigMap",
        "true",
        "Spark's settings reach executors from the driver; the map would hold none, and would be"
            + " one thing more to leave behind.");
    add(
        topic,
        "spark.kubernetes.driver.service.deleteOnTermination",
        "false",
        "A driver in client mode has no service; asking for it would need a right to services.");
    add(
        topic,
        "spark.executor.defaultJavaOptions",
        "-Dsqletl.log.level=warn " + language(),
        "`kubectl logs` of an executor shows its warnings, and executors have the driver's language"
            + " and zone; your own options go to spark.executor.extraJavaOptions.");
    add(
        topic,
        "spark.kubernetes.allocation.pods.allocator",
        ExecutorAllocator.class.getName(),
        "Spark's own, which keeps to itself why Kubernetes refuses a pod; this one tells.");
  }

  /** Executors read numbers, names of months and times without a zone as the driver does. */
  private static String language() {
    Locale locale = Locale.getDefault(Locale.Category.FORMAT);
    return "-Duser.language="
        + locale.getLanguage()
        + (locale.getCountry().isEmpty() ? "" : " -Duser.country=" + locale.getCountry())
        + " -Duser.timezone="
        + TimeZone.getDefault().getID();
  }

  private void size() {
    Topic topic = Topic.SIZE;
    if (!plan.executors().isDynamic()) {
      add(
          topic,
          "spark.executor.instances",
          String.valueOf(plan.executors().least()),
          "As many as were asked for.");
    }
    add(
        topic,
        "spark.executor.cores",
        String.valueOf(plan.cores()),
        "Tasks that one executor runs at a time.");
    add(
        topic,
        "spark.kubernetes.executor.request.cores",
        MILLICORES_PER_CORE * plan.cores() + "m",
        "A node keeps some CPU for itself, so that two executors that request two whole CPUs never"
            + " fit on a node of four; without a limit they still use what is free.");
    add(
        topic,
        "spark.executor.memory",
        plan.memory(),
        "The heap. The pod requests a tenth more, at least 384 MiB, for what the JVM needs beside"
            + " it, and has the same as its limit.");
  }

  private void safety() {
    Topic topic = Topic.SAFETY;
    add(
        topic,
        "spark.authenticate",
        "true",
        "Executors prove by a secret of this run that they are its own.");
    add(
        topic,
        "spark.network.crypto.enabled",
        "true",
        "Rows between pods are encrypted by a key made from that secret.");
    add(
        topic,
        "spark.io.encryption.enabled",
        "true",
        "Shuffle and spill files on a node's disk too.");
  }

  private void work() {
    Topic topic = Topic.WORK;
    int cores = plan.executors().most() * plan.cores();
    add(
        topic,
        "spark.sql.shuffle.partitions",
        String.valueOf(Math.max(LEAST_PARTITIONS, 4 * cores)),
        "Enough for every core to have several; adaptive plans join those that turn out small.");
    add(
        topic,
        "spark.scheduler.minRegisteredResourcesRatio",
        "0",
        "The engine itself waits for executors, and tells meanwhile what they wait for.");
  }

  private void add(Topic topic, String name, String value, String reason) {
    settings.add(new Setting(topic, name, value, reason));
  }
}
