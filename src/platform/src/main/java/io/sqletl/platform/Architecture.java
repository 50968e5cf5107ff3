package io.sqletl.platform;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awscdk.services.eks_v2.NodegroupAmiType;

/**
 * The processor of all nodes. One for the whole cluster: an image then runs on every node.
 *
 * <p>All types of a group have the same size, 4 vCPU and 16 or 32 GiB, since the autoscaler reckons
 * with the first one. None has disks of its own: a pod's storage is on the node's root volume, and
 * a disk that nobody formats is paid for nothing.
 */
enum Architecture {
  X86(
      "x86",
      "amd64",
      NodegroupAmiType.AL2023_X86_64_STANDARD,
      List.of("m5.xlarge", "m6i.xlarge", "m5a.xlarge", "m7i.xlarge"),
      List.of("r5.xlarge", "r5a.xlarge", "r5n.xlarge", "r6i.xlarge", "r6a.xlarge", "r7i.xlarge")),
  ARM64(
      "arm64",
      "arm64",
      NodegroupAmiType.AL2023_ARM_64_STANDARD,
      List.of("m7g.xlarge", "m6g.xlarge", "m8g.xlarge"),
      List.of("r7g.xlarge", "r6g.xlarge", "r8g.xlarge"));

  private final String setting;
  private final String kubernetesName;
  private final NodegroupAmiType amiType;
  private final List<String> onDemandTypes;
  private final List<String> spotTypes;

  Architecture(
      String setting,
      String kubernetesName,
      NodegroupAmiType amiType,
      List<String> onDemandTypes,
      List<String> spotTypes) {
    this.setting = setting;
    this.kubernetesName = kubernetesName;
    this.amiType = amiType;
    this.onDemandTypes = onDemandTypes;
    this.spotTypes = spotTypes;
  }

  /** The value of the context key {@code arch}. */
  String setting() {
    return setting;
  }

  /** The value of the node label {@code kubernetes.io/arch}. */
  String kubernetesName() {
    return kubernetesName;
  }

  /** As the parameters with the images of nodes have it. */
  String amiName() {
    return this == X86 ? "x86_64" : "arm64";
  }

  NodegroupAmiType amiType() {
    return amiType;
  }

  /** Candidates, best first: old generations for old regions, new ones for new regions. */
  List<String> onDemandTypes() {
    return onDemandTypes;
  }

  /** Many types, so that spot capacity of one or the other is there. */
  List<String> spotTypes() {
    return spotTypes;
  }

  static Stream<Architecture> stream() {
    return Stream.of(values());
  }
}
