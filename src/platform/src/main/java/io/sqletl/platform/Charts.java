package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.eks_v2.HelmChart;
import software.constructs.Construct;
import software.constructs.IDependable;

/**
 * Helm charts, each in its pinned version with its values from {@code charts/CHART.yaml}. Charts
 * wait for what all of them need and for nothing of each other, unless told so.
 */
final class Charts extends Construct {

  private static final String PINS = "charts.yaml";

  /**
   * How long Helm waits for pods. The function behind it may run for 15 minutes: past that nobody
   * hears why the chart failed, and its release stays pending for ever.
   */
  static final Duration PATIENCE = Duration.minutes(10);

  private final EksCluster cluster;
  private final List<IDependable> first;

  /**
   * A chart of {@code charts.yaml}.
   *
   * @param namespace where it is installed; it is there already
   */
  record Pin(String chart, String repository, String version, String release, String namespace) {

    private static Pin of(Object entry) {
      Map<?, ?> fields = (Map<?, ?>) entry;
      return new Pin(
          text(fields, "chart"),
          text(fields, "repository"),
          text(fields, "version"),
          text(fields, "release"),
          text(fields, "namespace"));
    }

    private static String text(Map<?, ?> fields, String name) {
      if (fields.get(name) instanceof String text) {
        return text;
      }
      throw new ManifestException(PINS, List.of(fields + " has no text " + name));
    }
  }

  /**
   * @param first what has to be there before any chart: namespaces, and nodes for the pods
   */
  Charts(Construct scope, String id, EksCluster cluster, List<IDependable> first) {
    super(scope, id);
    this.cluster = cluster;
    this.first = List.copyOf(first);
  }

  /** All charts that there are, in the order of the file. */
  static List<Pin> pins() {
    return ((List<?>) ManifestReader.read(PINS, Map.of()).get(0)).stream().map(Pin::of).toList();
  }

  private static Pin pin(String chart) {
    return pins().stream()
        .filter(pin -> pin.chart().equals(chart))
        .findFirst()
        .orElseThrow(
            () -> new ManifestException(PINS, List.of("there is no chart " + chart + " in it")));
  }

  /**
   * Installs a chart and waits until its pods are ready, so that what depends on it meets a webhook
   * that answers.
   *
   * @param replacements of the placeholders in its values; tokens, but never a secret, since values
   *     are in the template and in a log
   * @param before what this chart needs beside what all of them do
   */
  HelmChart install(String chart, Map<String, ?> replacements, IDependable... before) {
    Pin pin = pin(chart);
    HelmChart installed =
        HelmChart.Builder.create(this, chart)
            .cluster(cluster.cluster())
            .chart(pin.chart())
            .repository(pin.repository())
            .version(pin.version())
            .release(pin.release())
            .namespace(pin.namespace())
            // Namespaces carry labels and policies, so the stack makes them
            .createNamespace(false)
            .values(ManifestReader.values("charts/" + chart + ".yaml", replacements))
            .wait(true)
            .timeout(PATIENCE)
            .build();
    first.forEach(installed.getNode()::addDependency);
    installed.getNode().addDependency(before);
    return installed;
  }
}
