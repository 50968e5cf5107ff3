package io.sqletl.engine.session.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.spark.SparkContext;
import org.apache.spark.util.Utils;

/** Waits for the executors of a session, and says what they wait for. */
final class ExecutorWait implements AutoCloseable {

  private static final String EXECUTOR_LABEL = "spark-role";
  private static final int ENDED_TOO_OFTEN = 3;
  private static final long LOOK_EVERY_MILLISECONDS = 250;

  private final ClusterPlan plan;
  private final String run;
  private final SparkContext spark;
  private final Limits limits;
  private final int wanted;
  private final SharedIndexInformer<Pod> pods;

  /** How each executor ended, by the name of its pod; a pod that ended is soon deleted. */
  private final Map<String, String> ends = new ConcurrentHashMap<>();

  /**
   * How long to wait.
   *
   * @param first for the first executor
   * @param rest for the others, once the first is there
   * @param standing for trouble that may pass at a second try
   */
  record Limits(Duration first, Duration rest, Duration standing) {}

  ExecutorWait(
      KubernetesClient client, ClusterPlan plan, String run, SparkContext spark, Limits limits) {
    this.plan = plan;
    this.run = run;
    this.spark = spark;
    this.limits = limits;
    this.wanted =
        Utils.isDynamicAllocationEnabled(spark.conf())
            ? Math.max(1, spark.conf().getInt("spark.dynamicAllocation.initialExecutors", 1))
            : spark.conf().getInt("spark.executor.instances", 1);
    this.pods =
        client
            .pods()
            .inNamespace(plan.namespace())
            .withLabel("spark-app-selector", spark.applicationId())
            .withLabel(EXECUTOR_LABEL, "executor")
            .inform(new Watch());
  }

  void untilThere(Consumer<String> progress) throws InterruptedException {
    Instant began = Instant.now();
    Instant firstCame = null;
    Instant standingSince = null;
    String told = "";
    while (true) {
      int there = spark.statusTracker().getExecutorInfos().length - 1;
      Instant now = Instant.now();
      firstCame = firstCame == null && there > 0 ? now : firstCame;
      if (there >= wanted) {
        if (!told.isEmpty()) {
          progress.accept(there + " of " + wanted + " executors are there");
        }
        return;
      }
      if (firstCame != null && now.isAfter(firstCame.plus(limits.rest()))) {
        progress.accept("going on with " + there + " of " + wanted + " executors");
        return;
      }
      String reason = reason();
      Optional<PodTrouble> trouble = PodTrouble.in(reason);
      PodTrouble.Patience patience =
          trouble.map(PodTrouble::patience).orElse(PodTrouble.Patience.LONG);
      standingSince =
          patience != PodTrouble.Patience.SHORT
              ? null
              : standingSince == null ? now : standingSince;
      boolean standing =
          standingSince != null && now.isAfter(standingSince.plus(limits.standing()));
      boolean tooLate = firstCame == null && now.isAfter(began.plus(limits.first()));
      if (there == 0
          && (patience == PodTrouble.Patience.NONE
              || standing
              || tooLate
              || ends.size() >= ENDED_TOO_OFTEN)) {
        throw gaveUp(reason, trouble, Duration.between(began, now));
      }
      String news = "waiting for executors " + there + "/" + wanted + ": " + reason;
      if (!news.equals(told)) {
        progress.accept(news);
        told = news;
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLISECONDS);
    }
  }

  private ClusterException gaveUp(String reason, Optional<PodTrouble> trouble, Duration waited) {
    String remedy =
        trouble
            .map(PodTrouble::remedy)
            .orElse("`kubectl -n NAMESPACE describe pods -l spark-role=executor` tells more");
    return ClusterException.of(
        "No executor came within " + waited.toSeconds() + " s: " + reason,
        remedy.replace("NAMESPACE", plan.namespace()));
  }

  /** What stands in the way, in one line. */
  private String reason() {
    Optional<String> refusal = ExecutorAllocator.refusal(run).map(e -> oneLine(statusMessage(e)));
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Map<String, Long> reasons = new TreeMap<>();
    for (Pod pod : pods.getStore().list()) {
      reasons.merge(waitingFor(pod), 1L, Long::sum);
    }
    // What needs a person first
    for (String reason : reasons.keySet()) {
      if (PodTrouble.in(reason).filter(t -> t != PodTrouble.STARTING).isPresent()) {
        return reason;
      }
    }
    if (!ends.isEmpty()) {
      return ends.values().iterator().next();
    }
    return reasons.isEmpty() ? "Pending" : reasons.keySet().iterator().next();
  }

  private static String statusMessage(io.fabric8.kubernetes.client.KubernetesClientException e) {
    return e.getStatus() != null && e.getStatus().getMessage() != null
        ? e.getStatus().getMessage()
        : String.valueOf(e.getMessage());
  }

  private static String waitingFor(Pod pod) {
    List<ContainerStatus> containers = pod.getStatus().getContainerStatuses();
    for (ContainerStatus container : containers) {
      if (container.getState() != null && container.getState().getWaiting() != null) {
        String reason = container.getState().getWaiting().getReason();
        String message = container.getState().getWaiting().getMessage();
        return message == null ? String.valueOf(reason) : oneLine(reason + ": " + message);
      }
    }
    return pod.getStatus().getConditions().stream()
        .filter(condition -> condition.getType().equals("PodScheduled"))
        .filter(condition -> condition.getStatus().equals("False"))
        .findFirst()
        .map(condition -> oneLine(condition.getReason() + ": " + condition.getMessage()))
        .orElse("Running".equals(pod.getStatus().getPhase()) ? "the executors start" : "Pending");
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  @Override
  public void close() {
    pods.close();
  }

  /** Remembers how executors ended. */
  private final class Watch implements ResourceEventHandler<Pod> {

    @Override
    public void onAdd(Pod pod) {
      remember(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
      remember(pod);
    }

    @Override
    public void onDelete(Pod pod, boolean finalStateUnknown) {
      remember(pod);
    }

    private void remember(Pod pod) {
      if (pod.getStatus() == null) {
        return;
      }
      for (ContainerStatus container : pod.getStatus().getContainerStatuses()) {
        ContainerStateTerminated end =
            container.getState() == null ? null : container.getState().getTerminated();
        if (end != null) {
          ends.put(
              pod.getMetadata().getName(),
              oneLine(
                  pod.getMetadata().getName()
                      + " ended: "
                      + (end.getReason() == null ? "" : end.getReason() + ", ")
                      + "exit code "
                      + end.getExitCode()
                      + (end.getMessage() == null ? "" : ": " + end.getMessage())));
        }
      }
    }
  }
}
