package io.sqletl.platform;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

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

  /** EKS takes no more in a group. */
  private static final int MOST_TYPES = 20;

  static NodeSettings of(
      SettingsReader reader, Architecture architecture, KubernetesRelease release) {
    NodeSettings settings =
        new NodeSettings(
            types(reader, "onDemandTypes", architecture, architecture.onDemandTypes()),
            types(reader, "spotTypes", architecture, architecture.spotTypes()),
            reader.number("onDemandMin", 1, 50, 1),
            reader.number("onDemandMax", 1, 100, 3),
            reader.number("spotMax", 1, 400, 15),
            reader.number("nodeDiskGiB", 30, 16384, 100),
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

  /** vCPUs of all nodes when every group is as large as it may be. */
  int cpus() {
    return onDemandCpus() + Zones.COUNT * spotMax * cpus(spotTypes.get(0));
  }

  /** Memory of all nodes when every group is as large as it may be, in GiB. */
  int memoryGiB() {
    return onDemandMemoryGiB()
        + Zones.COUNT * spotMax * cpus(spotTypes.get(0)) * gibOfCpu(spotTypes.get(0));
  }

  int onDemandCpus() {
    return Zones.COUNT * onDemandMax * cpus(onDemandTypes.get(0));
  }

  int onDemandMemoryGiB() {
    return onDemandCpus() * gibOfCpu(onDemandTypes.get(0));
  }

  /** Four for each "x": 4 of xlarge, 32 of 8xlarge. */
  private static int cpus(String type) {
    String times = type.replaceAll("^[^.]*\\.|xlarge$", "");
    return 4 * (times.isEmpty() ? 1 : Integer.parseInt(times));
  }

  /** By the class of the type; of one that is not known, more than it has. */
  private static int gibOfCpu(String type) {
    return switch (type.charAt(0)) {
      case 'c' -> 2;
      case 'm' -> 4;
      case 'r', 'i' -> 8;
      default -> 16;
    };
  }
}
