package io.sqletl.engine.session.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Scheduler, kubelet and garbage collector of one node: starts the pods of executors as processes
 * of this machine with the pods' own arguments and environment, as the entry point of Spark's image
 * does, tells the API how they are, and ends them with grace.
 */
final class TestKubelet implements AutoCloseable {

  static final String IMAGE = "arc:test";

  /** What an xlarge node leaves to pods. */
  private static final BigDecimal NODE_CPUS = new BigDecimal("3.9");

  private static final BigDecimal NODE_BYTES = new BigDecimal(30L << 30);
  private static final Map<String, String> NODE_LABELS = Map.of("lifecycle", "Ec2Spot");
  private static final String EXECUTOR_BACKEND =
      "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend";

  private final KubernetesClient client;
  private final Path folder;
  private final String classPath;
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private final Map<String, Thread> terminations = new ConcurrentHashMap<>();
  private final Map<String, Pod> seen = new ConcurrentHashMap<>();
  private final Thread loop = new Thread(this::loop, "kubelet");
  private volatile boolean closed;
  private volatile RuntimeException lastConflict;

  TestKubelet(KubernetesClient client, Path folder, String classPath) {
    this.client = client;
    this.folder = folder;
    this.classPath = classPath;
    loop.start();
  }

  /** The process of a pod. */
  Optional<Process> process(String pod) {
    return Optional.ofNullable(processes.get(pod));
  }

  /** Every executor's pod that there was, as it was last seen, by its name. */
  Map<String, Pod> seen() {
    return new TreeMap<>(seen);
  }

  /** What went wrong last, which need not matter. */
  Optional<RuntimeException> lastConflict() {
    return Optional.ofNullable(lastConflict);
  }

  /** What the process of a pod wrote. */
  String log(String pod) throws IOException {
    return Files.readString(folder.resolve(pod).resolve("log"));
  }

  private void loop() {
    while (!closed) {
      try {
        List<Pod> pods = client.pods().inAnyNamespace().list().getItems();
        collectGarbage(pods);
        for (Pod pod : pods) {
          if ("executor".equals(pod.getMetadata().getLabels().get("spark-role"))) {
            seen.put(name(pod), pod);
            look(pod, pods);
          } else if (pod.getMetadata().getDeletionTimestamp() != null) {
            letGo(pod);
          }
        }
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // Whoever deletes or changes a pod meanwhile is right; the next look sees it
        lastConflict = e;
      }
    }
  }

  private void look(Pod pod, List<Pod> pods) {
    Process process = processes.get(name(pod));
    boolean deleted = pod.getMetadata().getDeletionTimestamp() != null;
    if (process == null && deleted) {
      letGo(pod);
    } else if (process == null && pod.getStatus().getPhase().equals("Pending")) {
      schedule(pod, pods);
    } else if (process != null && !process.isAlive()) {
      ended(pod, process, deleted);
    } else if (process != null && deleted) {
      terminations.computeIfAbsent(name(pod), ignored -> terminate(pod, process));
    }
  }

  private void schedule(Pod pod, List<Pod> pods) {
    Optional<String> obstacle = obstacle(pod, pods);
    if (obstacle.isPresent()) {
      status(
          pod,
          new PodStatusBuilder()
              .withPhase("Pending")
              .withConditions(
                  new PodConditionBuilder()
                      .withType("PodScheduled")
                      .withStatus("False")
                      .withReason("Unschedulable")
                      .withMessage(obstacle.get())
                      .build())
              .build());
      return;
    }
    Container container = pod.getSpec().getContainers().get(0);
    if (!container.getImage().equals(IMAGE)) {
      ContainerStatus waiting =
          new ContainerStatusBuilder()
              .withName(container.getName())
              .withNewState()
              .withNewWaiting()
              .withReason("ImagePullBackOff")
              .withMessage("Back-off pulling image \"" + container.getImage() + "\"")
              .endWaiting()
              .endState()
              .build();
      status(
          pod, new PodStatusBuilder().withPhase("Pending").withContainerStatuses(waiting).build());
      return;
    }
    if (!hasConfigMaps(pod)) {
      return;
    }
    try {
      processes.put(name(pod), start(pod, container));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ContainerStatus running =
        new ContainerStatusBuilder()
            .withName(container.getName())
            .withNewState()
            .withNewRunning()
            .endRunning()
            .endState()
            .build();
    status(
        pod,
        new PodStatusBuilder()
            .withPhase("Running")
            .withPodIP("127.0.0.1")
            .withContainerStatuses(running)
            .build());
  }

  /** As the scheduler says it. */
  private static Optional<String> obstacle(Pod pod, List<Pod> pods) {
    Map<String, String> selector = pod.getSpec().getNodeSelector();
    if (selector != null && !NODE_LABELS.entrySet().containsAll(selector.entrySet())) {
      return Optional.of(
          "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.");
    }
    if (sum(pod, pods, "cpu").compareTo(NODE_CPUS) > 0) {
      return Optional.of("0/1 nodes are available: 1 Insufficient cpu.");
    }
    return sum(pod, pods, "memory").compareTo(NODE_BYTES) > 0
        ? Optional.of("0/1 nodes are available: 1 Insufficient memory.")
        : Optional.empty();
  }

  private static BigDecimal sum(Pod pod, List<Pod> pods, String resource) {
    BigDecimal sum = request(pod, resource);
    for (Pod other : pods) {
      if ("Running".equals(other.getStatus().getPhase())) {
        sum = sum.add(request(other, resource));
      }
    }
    return sum;
  }

  private static BigDecimal request(Pod pod, String resource) {
    return pod.getSpec().getContainers().stream()
        .filter(container -> container.getResources() != null)
        .map(container -> container.getResources().getRequests().get(resource))
        .filter(java.util.Objects::nonNull)
        .map(Quantity::getAmountInBytes)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** A container waits for the config maps that it mounts. */
  private boolean hasConfigMaps(Pod pod) {
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getConfigMap() != null
          && client
                  .configMaps()
                  .inNamespace(pod.getMetadata().getNamespace())
                  .withName(volume.getConfigMap().getName())
                  .get()
              == null) {
        return false;
      }
    }
    return true;
  }

  /** What {@code /opt/entrypoint.sh executor} of Spark's image does. */
  private Process start(Pod pod, Container container) throws IOException {
    if (!container.getArgs().equals(List.of("executor"))) {
      throw new IllegalStateException("The entry point was called with " + container.getArgs());
    }
    Path home = Files.createDirectories(folder.resolve(name(pod)));
    Map<String, String> environment = environment(pod, container, home);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith("SPARK_JAVA_OPT_"))
        .sorted(
            java.util.Comparator.comparingInt(
                variable -> Integer.parseInt(variable.getKey().replaceAll("\\D", ""))))
        .forEach(variable -> command.add(variable.getValue()));
    // The entry point also sets -Xms, for which this machine is too small
    command.add("-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", classPath, EXECUTOR_BACKEND));
    command.addAll(List.of("--driver-url", environment.get("SPARK_DRIVER_URL")));
    command.addAll(List.of("--executor-id", environment.get("SPARK_EXECUTOR_ID")));
    command.addAll(List.of("--cores", environment.get("SPARK_EXECUTOR_CORES")));
    command.addAll(List.of("--app-id", environment.get("SPARK_APPLICATION_ID")));
    command.addAll(List.of("--hostname", environment.get("SPARK_EXECUTOR_POD_IP")));
    command.addAll(List.of("--resourceProfileId", environment.get("SPARK_RESOURCE_PROFILE_ID")));
    command.addAll(List.of("--podName", environment.get("SPARK_EXECUTOR_POD_NAME")));
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(home.resolve("log").toFile());
    return builder.start();
  }

  private static Map<String, String> environment(Pod pod, Container container, Path home)
      throws IOException {
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      String value = variable.getValue();
      if (variable.getValueFrom() != null && variable.getValueFrom().getFieldRef() != null) {
        value =
            variable.getValueFrom().getFieldRef().getFieldPath().equals("status.podIP")
                ? "127.0.0.1"
                : name(pod);
      }
      if (value != null) {
        environment.put(variable.getName(), value);
      }
    }
    // Where volumes are mounted in a container, they are folders here
    for (VolumeMount mount : container.getVolumeMounts()) {
      Path place = Files.createDirectories(home.resolve(mount.getName()));
      environment.replaceAll(
          (name, value) -> value.replace(mount.getMountPath(), place.toString()));
    }
    return environment;
  }

  private void ended(Pod pod, Process process, boolean deleted) {
    if (deleted) {
      letGo(pod);
      return;
    }
    int code = process.exitValue();
    if (List.of("Failed", "Succeeded").contains(pod.getStatus().getPhase())) {
      return;
    }
    ContainerStatus end =
        new ContainerStatusBuilder()
            .withName(pod.getSpec().getContainers().get(0).getName())
            .withNewState()
            .withNewTerminated()
            .withExitCode(code)
            .withReason(code == 0 ? "Completed" : "Error")
            .endTerminated()
            .endState()
            .build();
    status(
        pod,
        new PodStatusBuilder()
            .withPhase(code == 0 ? "Succeeded" : "Failed")
            .withContainerStatuses(end)
            .build());
  }

  /** The hook first, then SIGTERM, and SIGKILL when the grace is over. */
  private Thread terminate(Pod pod, Process process) {
    long grace = Optional.ofNullable(pod.getSpec().getTerminationGracePeriodSeconds()).orElse(30L);
    Thread thread =
        new Thread(
            () -> {
              try {
                Container container = pod.getSpec().getContainers().get(0);
                boolean gone = false;
                if (container.getLifecycle() != null
                    && container.getLifecycle().getPreStop() != null) {
                  // What /opt/decom.sh of Spark's image does
                  signal("PWR", process);
                  gone = process.waitFor(grace, TimeUnit.SECONDS);
                }
                if (!gone) {
                  process.destroy();
                  if (!process.waitFor(2, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                  }
                }
              } catch (InterruptedException e) {
                process.destroyForcibly();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            "termination of " + name(pod));
    thread.start();
    return thread;
  }

  static void signal(String name, Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
  }

  /** Removes what belongs to a pod that is gone. */
  private void collectGarbage(List<Pod> pods) {
    List<String> alive = pods.stream().map(pod -> pod.getMetadata().getUid()).toList();
    for (Pod pod : pods) {
      if (pod.getMetadata().getDeletionTimestamp() == null
          && pod.getMetadata().getOwnerReferences().stream()
              .anyMatch(owner -> !alive.contains(owner.getUid()))) {
        client.resource(pod).delete();
      }
    }
    client
        .configMaps()
        .inAnyNamespace()
        .list()
        .getItems()
        .forEach(
            map -> {
              if (map.getMetadata().getOwnerReferences().stream()
                  .anyMatch(owner -> !alive.contains(owner.getUid()))) {
                client.resource(map).delete();
              }
            });
  }

  private void status(Pod pod, PodStatus status) {
    if (!status.equals(pod.getStatus())) {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(name(pod))
          .editStatus(before -> new PodBuilder(before).withStatus(status).build());
    }
  }

  private void letGo(Pod pod) {
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(name(pod))
        .edit(
            before ->
                new PodBuilder(before)
                    .editMetadata()
                    .removeFromFinalizers(TestApi.FINALIZER)
                    .endMetadata()
                    .build());
  }

  private static String name(Pod pod) {
    return pod.getMetadata().getName();
  }

  @Override
  public void close() {
    closed = true;
    loop.interrupt();
    terminations.values().forEach(Thread::interrupt);
    processes.values().forEach(Process::destroyForcibly);
    client.close();
  }
}
