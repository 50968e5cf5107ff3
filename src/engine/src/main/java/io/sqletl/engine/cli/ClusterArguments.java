package io.sqletl.engine.cli;

import io.sqletl.engine.session.kubernetes.ClusterOptions;
import io.sqletl.engine.session.kubernetes.JobSize;
import io.sqletl.engine.session.kubernetes.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The part of a command line that says what is asked of a cluster. */
final class ClusterArguments {

  @Option(
      names = "--size",
      paramLabel = "small|medium|large",
      description =
          "Executors, cores and memory of smallJob (1 x 1 core x 1g), mediumJob (2 x 2 x 10g) or"
              + " largeJob (3 x 2 x 12g); default: small.")
  private JobSize size;

  @Option(
      names = "--executors",
      paramLabel = "N|MIN..MAX",
      description = "How many executors; 1..20 lets the number follow the work.")
  private String executors;

  @Option(
      names = "--executor-cores",
      paramLabel = "N",
      description = "Tasks that one executor runs at a time.")
  private String cores;

  @Option(
      names = "--executor-memory",
      paramLabel = "10g",
      description = "The heap of one executor; its pod asks for a tenth more.")
  private String memory;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      description = "The image of the executors (default: ETL_IMAGE, which the templates set).")
  private String image;

  @Option(
      names = "--pull-policy",
      paramLabel = "Always|IfNotPresent|Never",
      description = "When a node fetches the image (default: IfNotPresent).")
  private String pullPolicy;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "Where executors run (default: this pod's own, else spark).")
  private String namespace;

  @Option(
      names = "--executor-service-account",
      paramLabel = "NAME",
      description = "The service account of the executors (default: ETL_EXECUTOR_SERVICE_ACCOUNT).")
  private String serviceAccount;

  @Option(
      names = "--executors-on",
      paramLabel = "spot|on-demand|any",
      description = "The nodes that executors may run on (default: spot).")
  private Placement placement;

  @Option(
      names = "--label",
      paramLabel = "NAME=VALUE",
      description = "A label for the executors' pods; may be given several times.")
  private List<String> labels = new ArrayList<>();

  @Option(
      names = "--scratch",
      paramLabel = "100Gi",
      description =
          "A volume for each executor's shuffle files, kept when a node goes (default: the node's"
              + " disk).")
  private String scratch;

  @Option(
      names = "--executor-wait",
      paramLabel = "MINUTES",
      description = "How long to wait for the first executor (default: 10).")
  private Integer patienceMinutes;

  /** Whether any of these options was given, which all are for clusters alone. */
  boolean isGiven() {
    return !labels.isEmpty()
        || Stream.of(
                size,
                executors,
                cores,
                memory,
                image,
                pullPolicy,
                namespace,
                serviceAccount,
                placement,
                scratch,
                patienceMinutes)
            .anyMatch(java.util.Objects::nonNull);
  }

  ClusterOptions options(String master) {
    return new ClusterOptions(
        master,
        size == null ? JobSize.SMALL : size,
        Optional.ofNullable(executors),
        Optional.ofNullable(cores),
        Optional.ofNullable(memory),
        Optional.ofNullable(image),
        Optional.ofNullable(pullPolicy),
        Optional.ofNullable(namespace),
        Optional.ofNullable(serviceAccount),
        placement == null ? Placement.SPOT : placement,
        labels,
        Optional.ofNullable(scratch),
        patienceMinutes == null ? 10 : patienceMinutes);
  }
}
