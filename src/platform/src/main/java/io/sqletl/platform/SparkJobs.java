package io.sqletl.platform;

import static java.util.Map.entry;

import java.util.Map;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.services.eks_v2.HelmChart;
import software.amazon.awscdk.services.eks_v2.KubernetesManifest;
import software.constructs.Construct;
import software.constructs.IDependable;

/**
 * What runs Spark jobs: their accounts and rights, Argo Workflows with the job templates, the
 * operator for native applications, and the history server.
 */
final class SparkJobs extends Construct {

  SparkJobs(
      Construct scope,
      String id,
      EksCluster cluster,
      Charts charts,
      IDependable namespaces,
      ServiceAccountRoles roles,
      CodeBucket code,
      DataLake dataLake,
      AthenaTables tables,
      ContainerImages images) {
    super(scope, id);
    String codeBucket = code.bucket().getBucketName();
    KubernetesManifest accounts =
        Manifests.apply(
            this,
            "Accounts",
            cluster,
            ManifestReader.manifests(
                "manifests/spark.yaml",
                Map.ofEntries(
                    entry("arcjob", roles.arcjob().serviceAccount()),
                    entry("arcjobRoleArn", roles.arcjob().roleArn()),
                    entry("nativejob", roles.nativejob().serviceAccount()),
                    entry("nativejobRoleArn", roles.nativejob().roleArn()),
                    entry("executor", roles.executor().serviceAccount()),
                    entry("executorRoleArn", roles.executor().roleArn()),
                    entry("codeBucket", codeBucket),
                    entry("datalakeBucket", dataLake.bucketName()),
                    entry("athenaWorkgroup", tables.workgroup()),
                    entry("image", images.job()),
                    entry("region", Aws.REGION))));
    accounts.getNode().addDependency(namespaces);

    KubernetesManifest server =
        Manifests.apply(
            this,
            "ArgoServer",
            cluster,
            ManifestReader.manifests(
                "manifests/argo-server.yaml",
                Map.of("serviceAccount", roles.argoServer().serviceAccount())));
    server.getNode().addDependency(namespaces);
    HelmChart argo =
        charts.install(
            "argo-workflows",
            Map.of(
                "jobServiceAccount",
                roles.arcjob().serviceAccount(),
                "serverServiceAccount",
                roles.argoServer().serviceAccount(),
                "serverRoleArn",
                roles.argoServer().roleArn(),
                "codeBucket",
                codeBucket,
                "workflowLogs",
                CodeBucket.WORKFLOW_LOGS,
                "region",
                Aws.REGION,
                "urlSuffix",
                Aws.URL_SUFFIX),
            server);
    Manifests.apply(
            this,
            "Templates",
            cluster,
            ManifestReader.manifests("manifests/spark-template.yaml", Map.of()))
        .getNode()
        .addDependency(argo);

    charts.install("spark-operator", Map.of());

    Manifests.apply(
            this,
            "HistoryServer",
            cluster,
            ManifestReader.manifests(
                "manifests/history-server.yaml",
                Map.of(
                    "serviceAccount",
                    roles.historyServer().serviceAccount(),
                    "roleArn",
                    roles.historyServer().roleArn(),
                    "codeBucket",
                    codeBucket,
                    "eventLogs",
                    CodeBucket.EVENT_LOGS,
                    "image",
                    images.job(),
                    "region",
                    Aws.REGION)))
        .getNode()
        .addDependency(namespaces);
  }
}
