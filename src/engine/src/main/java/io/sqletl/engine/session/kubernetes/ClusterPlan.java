package io.sqletl.engine.session.kubernetes;

import io.sqletl.engine.session.kubernetes.ClusterException.Trouble;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.util.Utils;

/**
 * What is asked of a cluster, checked, with nothing left open.
 *
 * @param master Spark's master
 * @param executors how many executors
 * @param cores tasks that one executor runs at a time
 * @param memory the heap of one executor, as the JVM writes it
 * @param image the image of the executors
 * @param pullPolicy when a node fetches the image
 * @param namespace where the executors' pods are made
 * @param serviceAccount the service account of the executors; empty for the namespace's own
 * @param placement the nodes that executors may run on
 * @param labels further labels of the executors
 * @param scratch the size of a volume for each executor's shuffle files; empty for the node's disk
 * @param driverPod the pod of this process, which owns the executors; empty outside of a cluster
 * @param driverHost where executors reach this process; empty when a setting of Spark's says it
 * @param patienceMinutes how long a run waits for its first executor
 */
public record ClusterPlan(
    String master,
    ExecutorCount executors,
    int cores,
    String memory,
    String image,
    String pullPolicy,
    String namespace,
    Optional<String> serviceAccount,
    Placement placement,
    Map<String, String> labels,
    Optional<String> scratch,
    Optional<String> driverPod,
    Optional<String> driverHost,
    int patienceMinutes) {

  private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
  private static final String DRIVER_HOST = "spark.driver.host";
  private static final int MOST_CORES = 128;

  /** Spark refuses less than 450 MiB. */
  private static final int LEAST_MEBIBYTES = 450;

  private static final Pattern MEMORY = Pattern.compile("(\\d{1,6})([mMgG])");
  private static final Pattern QUANTITY = Pattern.compile("[1-9]\\d*(?:Mi|Gi|Ti|M|G|T)");

  /** A DNS label, as the names of namespaces and service accounts are. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?");

  private static final Pattern LABEL =
      Pattern.compile(
          "((?:[a-z0-9.-]+/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)"
              + "=((?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?)");

  public ClusterPlan {
    labels = Map.copyOf(labels);
  }

  /**
   * Checks what was asked.
   *
   * @param settings what the user sets of Spark himself, which may stand for an option
   * @throws ClusterException with everything that is wrong
   */
  public static ClusterPlan of(
      ClusterOptions options, PodEnvironment pod, Map<String, String> settings) {
    return new Check(options, pod, settings).plan();
  }

  /** Gathers what is wrong, so that one try shows it all. */
  private static final class Check {

    private final ClusterOptions options;
    private final PodEnvironment pod;
    private final Map<String, String> settings;
    private final List<Trouble> troubles = new ArrayList<>();

    Check(ClusterOptions options, PodEnvironment pod, Map<String, String> settings) {
      this.options = options;
      this.pod = pod;
      this.settings = settings;
    }

    ClusterPlan plan() {
      JobSize size = options.size();
      String master = master();
      ExecutorCount executors =
          read(
              options.executors(),
              new ExecutorCount(size.executors(), size.executors()),
              ExecutorCount::parse,
              "--executors",
              "give a number such as 2, or 1..20 to let the number follow the work");
      int cores =
          read(
              options.cores(),
              size.cores(),
              Check::cores,
              "--executor-cores",
              "give a whole number from 1 to " + MOST_CORES);
      String memory =
          read(
              options.memory(),
              size.memory(),
              Check::memory,
              "--executor-memory",
              "give the heap as the JVM writes it, such as 10g or 1500m, and at least "
                  + LEAST_MEBIBYTES
                  + "m");
      String image = image();
      String pullPolicy =
          read(
              options.pullPolicy().or(pod::pullPolicy),
              PULL_POLICIES.get(1),
              text -> PULL_POLICIES.stream().filter(text::equalsIgnoreCase).findFirst(),
              "--pull-policy",
              "choose " + String.join(", ", PULL_POLICIES));
      String namespace =
          read(
              options.namespace().or(pod::namespace),
              "spark",
              text -> matching(NAME, text),
              "--namespace",
              "a namespace has lower-case letters, digits and hyphens");
      Optional<String> account = options.serviceAccount().or(pod::executorServiceAccount);
      read(
          account,
          "",
          text -> matching(NAME, text),
          "--executor-service-account",
          "a service account has lower-case letters, digits and hyphens");
      read(
          options.scratch(),
          "",
          text -> matching(QUANTITY, text),
          "--scratch",
          "give a size as Kubernetes writes it, such as 100Gi");
      Map<String, String> labels = labels();
      requirePatience();
      Optional<String> host = driverHost();
      if (!troubles.isEmpty()) {
        throw new ClusterException(troubles, null);
      }
      return new ClusterPlan(
          master,
          executors,
          cores,
          memory,
          image,
          pullPolicy,
          namespace,
          account,
          options.placement(),
          labels,
          options.scratch(),
          pod.podName(),
          host,
          options.patienceMinutes());
    }

    private String master() {
      try {
        return Utils.checkAndGetK8sMasterUrl(options.address());
      } catch (IllegalArgumentException e) {
        wrong(
            "--master " + options.master() + " is no address of a Kubernetes API",
            "give k8s in a pod of the cluster, or k8s://https://HOST:PORT as `kubectl cluster-info`"
                + " shows it");
        return "";
      }
    }

    private String image() {
      Optional<String> image =
          options
              .image()
              .or(pod::image)
              .or(() -> Optional.ofNullable(settings.get("spark.kubernetes.container.image")));
      if (image.isEmpty()) {
        wrong(
            "No image is named for the executors",
            "give --image, or set ETL_IMAGE as the templates do");
      }
      return image.orElse("");
    }

    private Optional<String> driverHost() {
      if (settings.containsKey(DRIVER_HOST)) {
        return Optional.empty();
      }
      if (pod.podIp().isEmpty()) {
        wrong(
            "Executors could not reach this driver: POD_IP is not set",
            "set POD_IP, POD_NAME and POD_NAMESPACE by the downward API, as the templates do; on a"
                + " machine that pods can reach, give --spark-conf "
                + DRIVER_HOST
                + "=ADDRESS");
      }
      return pod.podIp();
    }

    private Map<String, String> labels() {
      List<String> texts = new ArrayList<>();
      pod.executorLabels().ifPresent(given -> texts.addAll(List.of(given.split("\\s*,\\s*"))));
      texts.addAll(options.labels());
      Map<String, String> labels = new LinkedHashMap<>();
      for (String text : texts) {
        Matcher label = LABEL.matcher(text);
        if (label.matches()) {
          labels.put(label.group(1), label.group(2));
        } else {
          wrong(
              "\"" + text + "\" is no label",
              "write name=value with at most 63 letters, digits, dots, hyphens and underscores");
        }
      }
      return labels;
    }

    private void requirePatience() {
      if (options.patienceMinutes() < 1) {
        wrong(
            "--executor-wait " + options.patienceMinutes() + " is too short",
            "give at least 1 minute; a new node alone takes some two");
      }
    }

    private <T> T read(
        Optional<String> text,
        T otherwise,
        Function<String, Optional<T>> reader,
        String option,
        String remedy) {
      if (text.isEmpty()) {
        return otherwise;
      }
      Optional<T> value = reader.apply(text.get());
      if (value.isEmpty()) {
        wrong(option + " cannot be \"" + text.get() + "\"", remedy);
      }
      return value.orElse(otherwise);
    }

    private void wrong(String message, String remedy) {
      troubles.add(new Trouble(message, remedy));
    }

    private static Optional<Integer> cores(String text) {
      return matching(Pattern.compile("[1-9]\\d{0,2}"), text)
          .map(Integer::valueOf)
          .filter(cores -> cores <= MOST_CORES);
    }

    private static Optional<String> memory(String text) {
      Matcher memory = MEMORY.matcher(text);
      if (!memory.matches()) {
        return Optional.empty();
      }
      long number = Long.parseLong(memory.group(1));
      long mebibytes = memory.group(2).equalsIgnoreCase("g") ? number * 1024 : number;
      return mebibytes < LEAST_MEBIBYTES ? Optional.empty() : Optional.of(text);
    }

    private static Optional<String> matching(Pattern pattern, String text) {
      return Optional.of(text).filter(given -> pattern.matcher(given).matches());
    }
  }
}
