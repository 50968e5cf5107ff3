package io.sqletl.platform;

import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.services.eks_v2.HelmChart;
import software.amazon.awscdk.services.eks_v2.KubernetesManifest;
import software.constructs.Construct;

/**
 * JupyterHub for one user, with the password that External Secrets copies from Secrets Manager, and
 * the account of the notebooks.
 */
final class Notebooks extends Construct {

  Notebooks(
      Construct scope,
      String id,
      EksCluster cluster,
      Charts charts,
      ServiceAccountRoles roles,
      JupyterPassword password,
      CodeBucket code,
      DataLake dataLake,
      AthenaTables tables,
      ContainerImages images,
      PlatformSettings settings) {
    super(scope, id);
    HelmChart externalSecrets =
        charts.install(
            "external-secrets",
            Map.of(
                "serviceAccount", roles.externalSecrets().serviceAccount(),
                "roleArn", roles.externalSecrets().roleArn()));
    KubernetesManifest secret =
        Manifests.apply(
            this,
            "Secret",
            cluster,
            ManifestReader.manifests(
                "manifests/notebooks.yaml",
                Map.of(
                    "jupyterUser", roles.jupyterUser().serviceAccount(),
                    "roleArn", roles.jupyterUser().roleArn(),
                    "region", Aws.REGION,
                    "secretArn", password.secret().getSecretArn(),
                    "property", JupyterPassword.PROPERTY)));
    // Its webhook answers then; and when the stack goes, it is still there to let go of the secret
    secret.getNode().addDependency(externalSecrets);
    charts.install(
        "jupyterhub",
        Map.of(
            "jupyterUser", roles.jupyterUser().serviceAccount(),
            "imageName", images.notebookName(),
            "imageTag", images.notebookTag(),
            "codeBucket", code.bucket().getBucketName(),
            "dataLakeBucket", dataLake.bucketName(),
            "athenaWorkgroup", tables.workgroup(),
            "region", Aws.REGION,
            // By port forwarding a browser asks by HTTP, and would send no secure cookie
            "secureCookies",
                settings.entry() == PlatformSettings.Entry.CLOUDFRONT ? "True" : "False",
            "gitRepository", settings.gitRepository().orElse(""),
            "gitBranch", settings.gitBranch().orElse("")),
        secret);
  }
}
