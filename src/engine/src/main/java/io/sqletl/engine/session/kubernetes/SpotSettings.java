package io.sqletl.engine.session.kubernetes;

import io.sqletl.engine.session.kubernetes.Setting.Topic;
import java.util.ArrayList;
import java.util.List;

/**
 * The settings by which a run outlives its nodes. A spot node goes 120 seconds after Amazon says
 * so: Kubernetes deletes its pods, the hook in each tells its executor to take no more tasks and to
 * hand its blocks to another, and the driver asks for a new executor.
 */
final class SpotSettings {

  /** What Amazon gives between the notice and the end. */
  private static final int NOTICE_SECONDS = 120;

  /** Time left to stop, after an executor has handed on what it could. */
  private static final int STOP_SECONDS = 20;

  private static final String STORAGE_CLASS = "gp3";
  private static final String OWN_CLAIMS = "spark.kubernetes.driver.ownPersistentVolumeClaim";

  private final List<Setting> settings = new ArrayList<>();

  private SpotSettings() {}

  static List<Setting> of(ClusterPlan plan) {
    SpotSettings gathered = new SpotSettings();
    gathered.decommissioning();
    gathered.retries(plan);
    if (plan.executors().isDynamic()) {
      gathered.scale(plan.executors());
    }
    plan.scratch().ifPresentOrElse(gathered::scratch, gathered::noScratch);
    return gathered.settings;
  }

  private void decommissioning() {
    spot(
        "spark.decommission.enabled",
        "true",
        "An executor whose pod is deleted takes no more tasks, instead of failing them.");
    spot(
        "spark.storage.decommission.enabled",
        "true",
        "It hands its blocks to other executors, so that nothing is computed again.");
    spot("spark.storage.decommission.rddBlocks.enabled", "true", "Cached views are handed on.");
    spot(
        "spark.storage.decommission.shuffleBlocks.enabled", "true", "Shuffle files are handed on.");
    spot(
        "spark.storage.decommission.replicationReattemptInterval",
        "5s",
        "Spark looks every 30 s whether blocks are left, a quarter of what there is.");
    spot(
        "spark.executor.decommission.forceKillTimeout",
        NOTICE_SECONDS - STOP_SECONDS + "s",
        "Whoever is not done shortly before the node goes is ended, and replaced.");
    spot(
        "spark.kubernetes.executor.terminationGracePeriodSeconds",
        NOTICE_SECONDS + "s",
        "As long as Amazon's notice; after Kubernetes' own 30 s the pod would be killed while it"
            + " hands on.");
    spot(
        "spark.kubernetes.executor.decommissionLabel",
        "spark-decommissioning",
        "`kubectl get pods -L spark-decommissioning` shows which executors are going.");
    spot("spark.kubernetes.executor.decommissionLabelValue", "true", "The value of that label.");
    spot(
        "spark.stage.ignoreDecommissionFetchFailure",
        "true",
        "Blocks that went with a node do not count as a failure of the stage.");
  }

  private void retries(ClusterPlan plan) {
    spot(
        "spark.stage.maxConsecutiveAttempts",
        "10",
        "Several nodes may go during one stage; Spark gives up after 4.");
    spot(
        "spark.task.maxFailures",
        "4",
        "A task that fails by itself fails four times and ends the run; one that goes with its"
            + " node does not count.");
    spot(
        "spark.executor.maxNumFailures",
        String.valueOf(Math.max(10, 4 * plan.executors().most())),
        "Executors that die, out of memory for example, are replaced so often within an hour.");
    spot(
        "spark.executor.failuresValidityInterval",
        "1h",
        "A long run is not ended by what went wrong this morning.");
  }

  private void scale(ExecutorCount executors) {
    scale("spark.dynamicAllocation.enabled", "true", "The number of executors follows the work.");
    scale(
        "spark.dynamicAllocation.minExecutors",
        String.valueOf(executors.least()),
        "The least that was asked for.");
    scale(
        "spark.dynamicAllocation.initialExecutors",
        String.valueOf(Math.max(1, executors.least())),
        "One to begin with, so that the first stage need not wait for it.");
    scale(
        "spark.dynamicAllocation.maxExecutors",
        String.valueOf(executors.most()),
        "The most that was asked for.");
    scale(
        "spark.dynamicAllocation.executorIdleTimeout",
        "60s",
        "An executor without work is paid for; a new one takes seconds on a node that is there.");
    scale(
        "spark.dynamicAllocation.shuffleTracking.enabled",
        "true",
        "There is no shuffle service on Kubernetes: who holds shuffle blocks that are needed"
            + " stays.");
    scale(
        "spark.dynamicAllocation.shuffleTracking.timeout",
        "10min",
        "But not longer than this, after which the blocks are computed again should they be"
            + " needed.");
    scale(
        "spark.dynamicAllocation.cachedExecutorIdleTimeout",
        "10min",
        "Who holds cached views likewise, which by Spark's default would stay to the end.");
  }

  private void noScratch() {
    scratch(
        OWN_CLAIMS,
        "false",
        "Without volumes of their own there is nothing to look for or delete.");
  }

  private void scratch(String size) {
    String volume = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.";
    scratch(volume + "options.claimName", "OnDemand", "A new volume for each executor.");
    scratch(
        volume + "options.storageClass",
        STORAGE_CLASS,
        "The platform's. Without one Spark makes no volume, and the pod waits for it for ever.");
    scratch(volume + "options.sizeLimit", size, "As large as was asked for.");
    scratch(
        volume + "mount.path",
        "/var/data/spark",
        "Spark puts shuffle and spill files on volumes named spark-local-dir-N.");
    scratch(volume + "mount.readOnly", "false", "They are written.");
    scratch(OWN_CLAIMS, "true", "The volumes go with the run, not with the executor.");
    scratch(
        "spark.kubernetes.driver.reusePersistentVolumeClaim",
        "true",
        "A new executor takes over the volume of one that is gone.");
    scratch(
        "spark.shuffle.sort.io.plugin.class",
        "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO",
        "With the volume it takes over the shuffle files on it.");
  }

  private void spot(String name, String value, String reason) {
    settings.add(new Setting(Topic.SPOT, name, value, reason));
  }

  private void scale(String name, String value, String reason) {
    settings.add(new Setting(Topic.SCALE, name, value, reason));
  }

  private void scratch(String name, String value, String reason) {
    settings.add(new Setting(Topic.SCRATCH, name, value, reason));
  }
}
