package io.sqletl.platform;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The nodes of the two kinds, in each zone.
 *
 * @param onDemandTypes instance types for drivers, controllers and notebooks, best first; those
 *     that a zone does not offer are left out
 * @param spotTypes instance types for executors, likewise
 * @param onDemandMin on-demand nodes that are always there, in the first zone
 * @param onDemandMax most on-demand nodes, in each zone
 * @param spotMax most spot nodes, in each zone
 * @param diskGiB disk of a node, in GiB
 * @param amiRelease release of the nodes' image; empty takes the newest each time the stack is
 *     deployed
 */
record NodeSettings(
    List<String> onDemandTypes,
    List<String> spotTypes,
    int onDemandMin,
    int onDemandMax,
    int spotMax,
    int diskGiB,
    Optional<String> amiRelease) {

  /** At least xlarge: the templates of jobs and the larger notebook fit on no smaller one. */
  private static final Pattern TYPE = Pattern.compile("[a-z]+\\d[a-z0-9-]*\\.(\\d+)?xlarge");

  private static final Pattern GRAVITON = Pattern.compile("[a-z]+\\d+g[a-z-]*\\..*");

  private static final Pattern LOCAL_DISKS =
      Pattern.compile("([a-z]+\\d+[a-z-]*d[a-z-]*|i[a-z]*\\d.*)\\..*");

  /** Disk for images, and for what the executors that such a CPU holds shuffle. */
  private static final int GIB_OF_CPU = 25;

  /** EKS takes no more in a group. */
  private static final int MOST_TYPES = 20;

  static NodeSettings of(
      SettingsReader reader, Architecture architecture, KubernetesRelease release) {
    List<String> onDemandTypes =
        types(reader, "onDemandTypes", architecture, architecture.onDemandTypes());
    List<String> spotTypes = types(reader, "spotTypes", architecture, architecture.spotTypes());
    NodeSettings settings =
        new NodeSettings(
            onDemandTypes,
            spotTypes,
            reader.number("onDemandMin", 1, 50, 1),
            reader.number("onDemandMax", 1, 100, 3),
            reader.number("spotMax", 1, 400, 15),
            reader.number("nodeDiskGiB", 30, 16384, diskFor(onDemandTypes, spotTypes)),
            reader.one(
                "amiRelease",
                Pattern.compile(release.version().replace(".", "\\.") + "\\.\\d+-\\d{8}"),
                "a release of the nodes' image for Kubernetes %s, such as %s.1-20261120"
                    .formatted(release.version(), release.version())));
    if (settings.onDemandMin > settings.onDemandMax) {
      reader.problem(
          "onDemandMin is %d, and onDemandMax no more than %d."
              .formatted(settings.onDemandMin, settings.onDemandMax));
    }
    return settings;
  }

  private static List<String> types(
      SettingsReader reader, String key, Architecture architecture, List<String> otherwise) {
    List<String> types =
        reader.list(
            key,
            TYPE.asMatchPredicate(),
            "instance types of xlarge or larger such as m6i.2xlarge, separated by commas",
            otherwise);
    List<String> wrong = types.stream().filter(type -> !runsOn(type, architecture)).toList();
    if (!wrong.isEmpty()) {
      reader.problem(
          "%s has %s, which arch=%s does not run on."
              .formatted(key, String.join(", ", wrong), architecture.setting()));
    }
    // The autoscaler reckons with the first one
    if (types.stream().map(NodeSettings::size).distinct().count() > 1) {
      reader.problem(
          "%s are of one size and one class of memory, such as r5.xlarge,r6i.xlarge; these are: %s."
              .formatted(key, String.join(", ", types)));
    }
    if (types.size() > MOST_TYPES) {
      reader.problem("%s are %d at most.".formatted(key, MOST_TYPES));
    }
    return types;
  }

  private static boolean runsOn(String type, Architecture architecture) {
    return GRAVITON.matcher(type).matches() == (architecture == Architecture.ARM64)
        || !TYPE.matcher(type).matches();
  }

  /** What types of equal CPU and memory have in common: r and 2xlarge for r6i.2xlarge. */
  private static String size(String type) {
    return type.charAt(0) + type.substring(type.indexOf('.') + 1);
  }

  /** What an on-demand node leaves to pods. */
  NodeCapacity onDemand() {
    return NodeCapacity.of(onDemandTypes.get(0), diskGiB);
  }

  /** What a spot node leaves to pods. */
  NodeCapacity spot() {
    return NodeCapacity.of(spotTypes.get(0), diskGiB);
  }

  /** vCPUs of all nodes when every group is as large as it may be. */
  int cpus() {
    return onDemandCpus() + Zones.COUNT * spotMax * spot().cpus();
  }

  /** Memory of all nodes when every group is as large as it may be, in GiB. */
  int memoryGiB() {
    return onDemandMemoryGiB() + Zones.COUNT * spotMax * spot().memoryGiB();
  }

  int onDemandCpus() {
    return Zones.COUNT * onDemandMax * onDemand().cpus();
  }

  int onDemandMemoryGiB() {
    return Zones.COUNT * onDemandMax * onDemand().memoryGiB();
  }

  /** Whether a type has disks of its own, which are then used in place of the root volume. */
  boolean haveLocalDisks() {
    return Stream.concat(onDemandTypes.stream(), spotTypes.stream())
        .anyMatch(type -> LOCAL_DISKS.matcher(type).matches());
  }

  private static int diskFor(List<String> onDemandTypes, List<String> spotTypes) {
    return Stream.of(onDemandTypes.get(0), spotTypes.get(0))
        .filter(type -> TYPE.matcher(type).matches())
        .mapToInt(type -> GIB_OF_CPU * NodeCapacity.cpus(type))
        .max()
        .orElse(100);
  }
}
