package io.sqletl.platform;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awscdk.services.ec2.InstanceType;
import software.amazon.awscdk.services.eks_v2.NodegroupAmiType;

/**
 * The processor of all nodes. One for the whole cluster: an image then runs on every node.
 *
 * <p>All types of a group have the same size, 4 vCPU and 16 or 32 GiB, since the autoscaler reckons
 * with the first one.
 */
enum Architecture {
  X86(
      "x86",
      "amd64",
      NodegroupAmiType.AL2023_X86_64_STANDARD,
      List.of("m5.xlarge", "m6i.xlarge", "m5a.xlarge"),
      List.of("r5.xlarge", "r5a.xlarge", "r5n.xlarge", "r6i.xlarge", "r6a.xlarge")),
  ARM64(
      "arm64",
      "arm64",
      NodegroupAmiType.AL2023_ARM_64_STANDARD,
      List.of("m7g.xlarge", "m6g.xlarge"),
      List.of("r7g.xlarge", "r6g.xlarge", "r6gd.xlarge", "r7gd.xlarge"));

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

  NodegroupAmiType amiType() {
    return amiType;
  }

  List<InstanceType> onDemandTypes() {
    return onDemandTypes.stream().map(InstanceType::new).toList();
  }

  /** Many types, so that spot capacity of one or the other is there. */
  List<InstanceType> spotTypes() {
    return spotTypes.stream().map(InstanceType::new).toList();
  }

  static Stream<Architecture> stream() {
    return Stream.of(values());
  }
}
