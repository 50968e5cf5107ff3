package io.sqletl.engine.session.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Kubernetes of one spot node on this machine: Spark's own scheduler talks to it over HTTP, and
 * every executor is a process. {@link TestApi} says what of it is a mock.
 */
public final class TestCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(480);

  private final TestApi api = new TestApi();
  private final KubernetesClient client = api.client();
  private final TestKubelet kubelet;
  private final Path folder;

  public TestCluster(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.kubelet = new TestKubelet(api.client(), folder, engineClassPath());
  }

  /** The classes of the image, which has none of the tests. */
  static String engineClassPath() {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(all.split(":"))
        .filter(entry -> !entry.contains("test-classes"))
        .collect(Collectors.joining(":"));
  }

  TestApi api() {
    return api;
  }

  TestKubelet kubelet() {
    return kubelet;
  }

  /** The pod that a driver runs in, as Argo made it. */
  public Pod startDriverPod(String name) {
    return client
        .pods()
        .inNamespace("spark")
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("app", "spark")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .endContainer()
                .endSpec()
                .build())
        .create();
  }

  public void delete(Pod pod) {
    client.pods().inNamespace("spark").withName(pod.getMetadata().getName()).delete();
  }

  /** The executors' pods of now. */
  List<Pod> executors() {
    return client.pods().inNamespace("spark").withLabel("spark-role", "executor").list().getItems();
  }

  List<PersistentVolumeClaim> claims() {
    return client.persistentVolumeClaims().inNamespace("spark").list().getItems();
  }

  /** What a run may not leave: executors, config maps, services and volumes. */
  List<String> leftovers() {
    List<HasMetadata> all = new ArrayList<>(executors());
    all.addAll(client.configMaps().inNamespace("spark").list().getItems());
    all.addAll(client.services().inNamespace("spark").list().getItems());
    all.addAll(claims());
    return all.stream().map(one -> one.getKind() + " " + one.getMetadata().getName()).toList();
  }

  /** Waits for something that is bound to come; fails when it does not. */
  static void await(String what, Callable<Boolean> there) throws Exception {
    Instant deadline = Instant.now().plus(PATIENCE);
    while (!there.call()) {
      if (Instant.now().isAfter(deadline)) {
        throw new AssertionError("Not within " + PATIENCE.toSeconds() + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** Starts {@code etl run …} with its driver in a process of its own, in that pod. */
  DriverProcess run(Pod driverPod, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.matches("--(add-opens|enable|sun).*|-XX:\\+Ignore.*"))
            .toList());
    command.addAll(List.of("-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dsqletl.home=" + Path.of("../..").toAbsolutePath().normalize());
    command.addAll(List.of("-cp", engineClassPath(), "io.sqletl.engine.cli.Main", "run"));
    command.addAll(List.of("--log", "text", "--master", api.master()));
    command.addAll(ON_THIS_MACHINE);
    command.addAll(List.of(arguments));
    Path home = Files.createTempDirectory(folder, "driver");
    // As a shell in the foreground starts it; a build in the background ignores the signal
    command.addAll(0, List.of("env", "--default-signal=INT"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "POD_NAME",
                driverPod.getMetadata().getName(),
                "POD_NAMESPACE",
                "spark",
                "ETL_IMAGE",
                TestKubelet.IMAGE,
                "ETL_EXECUTOR_SERVICE_ACCOUNT",
                "spark-executor"));
    builder.redirectOutput(home.resolve("out").toFile());
    builder.redirectError(home.resolve("err").toFile());
    return new DriverProcess(builder.start(), home);
  }

  /** All pods have one address here, so that nobody's ports can be fixed. */
  static final List<String> ON_THIS_MACHINE =
      List.of(
          "--spark-conf",
          "spark.driver.host=127.0.0.1",
          "--spark-conf",
          "spark.driver.bindAddress=127.0.0.1",
          "--spark-conf",
          "spark.driver.port=0",
          "--spark-conf",
          "spark.driver.blockManager.port=0",
          "--spark-conf",
          "spark.blockManager.port=0",
          "--spark-conf",
          "spark.ui.port=0");

  /**
   * A driver.
   *
   * @param process its process
   * @param home where it runs
   */
  record DriverProcess(Process process, Path home) {

    String out() throws IOException {
      return Files.readString(home.resolve("out"));
    }

    String err() throws IOException {
      return Files.readString(home.resolve("err"));
    }

    /** Waits until it has said this, on either stream. */
    void awaitText(String text) throws Exception {
      await(
          "the driver says \"" + text + "\"",
          () -> {
            if (out().contains(text) || err().contains(text)) {
              return true;
            }
            if (!process.isAlive()) {
              throw new AssertionError("The driver ended: " + out() + err());
            }
            return false;
          });
    }

    int awaitEnd() throws InterruptedException {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
      return process.exitValue();
    }
  }

  @Override
  public void close() {
    kubelet.close();
    client.close();
    api.close();
  }
}
