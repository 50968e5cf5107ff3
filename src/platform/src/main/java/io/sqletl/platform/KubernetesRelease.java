package io.sqletl.platform;

import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awscdk.services.eks_v2.KubernetesVersion;

/**
 * The versions of Kubernetes that the platform knows, and what goes with each. Those whose standard
 * support has ended can be deployed no more.
 */
enum KubernetesRelease {
  V1_29("1.29", KubectlLayer.V29, "v1.29.5", "2025-03-23"),
  V1_30("1.30", KubectlLayer.V29, "v1.30.7", "2025-07-23"),
  V1_31("1.31", KubectlLayer.V32, "v1.31.5", "2025-11-26"),
  V1_32("1.32", KubectlLayer.V32, "v1.32.7", "2026-03-23"),
  V1_33("1.33", KubectlLayer.V32, "v1.33.6", "2026-07-29"),
  V1_34("1.34", KubectlLayer.V35, "v1.34.5", "2026-12-02"),
  V1_35("1.35", KubectlLayer.V35, "v1.35.2", "2027-03-27"),
  V1_36("1.36", KubectlLayer.V35, "v1.36.1", "2027-08-02");

  static final KubernetesRelease DEFAULT = V1_36;

  private final String version;
  private final KubectlLayer kubectlLayer;
  private final String autoscalerTag;
  private final LocalDate endOfStandardSupport;

  KubernetesRelease(
      String version,
      KubectlLayer kubectlLayer,
      String autoscalerTag,
      String endOfStandardSupport) {
    this.version = version;
    this.kubectlLayer = kubectlLayer;
    this.autoscalerTag = autoscalerTag;
    this.endOfStandardSupport = LocalDate.parse(endOfStandardSupport);
  }

  /** Major and minor version, such as 1.35. */
  String version() {
    return version;
  }

  /** The minor version: 35 for 1.35. */
  int minor() {
    return Integer.parseInt(version.substring(2));
  }

  KubernetesVersion eksVersion() {
    return KubernetesVersion.of(version);
  }

  /** The name of the parameter with which AWS tells the newest image of nodes of this version. */
  String amiParameter(Architecture architecture) {
    return "/aws/service/eks/optimized-ami/%s/amazon-linux-2023/%s/standard/recommended/release_version"
        .formatted(version, architecture.amiName());
  }

  /** kubectl within one minor version of the cluster, which is what Kubernetes supports. */
  KubectlLayer kubectlLayer() {
    return kubectlLayer;
  }

  /** The tag of the cluster autoscaler's image; it simulates this version's scheduler. */
  String autoscalerTag() {
    return autoscalerTag;
  }

  /** The last day on which EKS serves it at the standard price. */
  LocalDate endOfStandardSupport() {
    return endOfStandardSupport;
  }

  /** Those of which EKS makes a cluster at the standard price on a day, oldest first. */
  static List<KubernetesRelease> supportedOn(LocalDate day) {
    return Stream.of(values()).filter(release -> !release.isOutOfStandardSupport(day)).toList();
  }

  boolean isOutOfStandardSupport(LocalDate day) {
    return day.isAfter(endOfStandardSupport);
  }
}
