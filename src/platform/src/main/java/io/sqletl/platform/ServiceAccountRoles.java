package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnJson;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.constructs.Construct;

/** The roles of the service accounts in the cluster, each with the rights of its work. */
final class ServiceAccountRoles extends Construct {

  static final String SYSTEM_NAMESPACE = "kube-system";
  static final String SPARK_NAMESPACE = "spark";
  static final String JUPYTER_NAMESPACE = "jupyter";

  private final EksCluster cluster;
  private final ServiceAccountRole clusterAutoscaler;
  private final ServiceAccountRole externalSecrets;
  private final ServiceAccountRole argoServer;
  private final ServiceAccountRole historyServer;
  private final ServiceAccountRole arcjob;
  private final ServiceAccountRole nativejob;
  private final ServiceAccountRole executor;
  private final ServiceAccountRole jupyterUser;

  ServiceAccountRoles(
      Construct scope, String id, EksCluster cluster, PlatformParameters parameters) {
    super(scope, id);
    this.cluster = cluster;
    clusterAutoscaler = role("Autoscaler", SYSTEM_NAMESPACE, "cluster-autoscaler");
    externalSecrets = role("ExternalSecrets", "external-secrets", "external-secrets");
    argoServer = role("ArgoServer", "argo", "argo-server");
    historyServer = role("HistoryServer", SPARK_NAMESPACE, "spark-history-server");
    arcjob = role("Arcjob", SPARK_NAMESPACE, "arcjob");
    nativejob = role("Nativejob", SPARK_NAMESPACE, "nativejob");
    executor = role("Executor", SPARK_NAMESPACE, "spark-executor");
    jupyterUser = role("JupyterUser", JUPYTER_NAMESPACE, parameters.jupyterUser());
    allowScaling();
  }

  /** Gives the jobs, the notebooks and the servers what they read and write. */
  void allowData(DataAccess data, AthenaTables tables) {
    List.of(arcjob, nativejob, executor, jupyterUser).forEach(data::allowReadAndWrite);
    List.of(arcjob, jupyterUser).forEach(tables::allow);
    data.allowRead(argoServer, CodeBucket.WORKFLOW_LOGS);
    data.allowRead(historyServer, CodeBucket.EVENT_LOGS);
  }

  /** Lets the controller of external secrets read a secret into the cluster. */
  void allowSync(Secret secret) {
    externalSecrets.allow(
        PolicyStatement.Builder.create()
            .actions(List.of("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"))
            .resources(List.of(secret.getSecretArn()))
            .build());
    externalSecrets.allow(
        PolicyStatement.Builder.create()
            .actions(List.of("kms:Decrypt"))
            .resources(List.of(cluster.key().getKeyArn()))
            .conditions(
                Map.of(
                    "StringEquals",
                    new TreeMap<>(
                        Map.of(
                            "kms:EncryptionContext:SecretARN",
                            secret.getSecretArn(),
                            "kms:ViaService",
                            "secretsmanager." + Aws.REGION + "." + Aws.URL_SUFFIX))))
            .build());
  }

  private ServiceAccountRole role(String id, String namespace, String serviceAccount) {
    return new ServiceAccountRole(this, id, cluster, namespace, serviceAccount);
  }

  private void allowScaling() {
    clusterAutoscaler.allow(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "autoscaling:DescribeAutoScalingGroups",
                    "autoscaling:DescribeAutoScalingInstances",
                    "autoscaling:DescribeLaunchConfigurations",
                    "autoscaling:DescribeScalingActivities",
                    "autoscaling:DescribeTags",
                    "ec2:DescribeImages",
                    "ec2:DescribeInstanceTypes",
                    "ec2:DescribeLaunchTemplateVersions",
                    "ec2:GetInstanceTypesFromInstanceRequirements"))
            .resources(List.of("*"))
            .build(),
        "AWS limits none of these to a resource",
        "*");
    clusterAutoscaler.allow(
        PolicyStatement.Builder.create()
            .actions(List.of("eks:DescribeNodegroup"))
            .resources(
                List.of(
                    Stack.of(this)
                        .formatArn(
                            ArnComponents.builder()
                                .service("eks")
                                .resource("nodegroup")
                                .resourceName(cluster.cluster().getClusterName() + "/*")
                                .build())))
            .build(),
        "Groups that are added later are described as well",
        "/.*:nodegroup\\/<EksCluster[0-9A-F]+>\\/\\*$/");
    // The tag that EKS puts on the groups of its node groups has the cluster's name in its key
    CfnJson ofThisCluster =
        CfnJson.Builder.create(this, "OfThisCluster")
            .value(
                Map.of(
                    "aws:ResourceTag/k8s.io/cluster-autoscaler/"
                        + cluster.cluster().getClusterName(),
                    "owned"))
            .build();
    clusterAutoscaler.allow(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "autoscaling:SetDesiredCapacity",
                    "autoscaling:TerminateInstanceInAutoScalingGroup"))
            .resources(
                List.of(
                    Stack.of(this)
                        .formatArn(
                            ArnComponents.builder()
                                .service("autoscaling")
                                .resource("autoScalingGroup")
                                .resourceName("*:autoScalingGroupName/*")
                                .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                                .build())))
            .conditions(Map.of("StringEquals", ofThisCluster))
            .build(),
        "EKS names the groups; the condition says which",
        "/.*:autoScalingGroup:\\*:autoScalingGroupName\\/\\*$/");
  }

  ServiceAccountRole clusterAutoscaler() {
    return clusterAutoscaler;
  }

  /**
   * A role for the controller that registers the pods of a service with target groups. It makes
   * nothing: load balancer, target groups and security groups are CloudFormation's.
   *
   * @param targetGroupArns the only ones that it may change
   */
  ServiceAccountRole loadBalancerController(List<String> targetGroupArns) {
    ServiceAccountRole controller =
        role("LoadBalancerController", SYSTEM_NAMESPACE, "aws-load-balancer-controller");
    controller.allow(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "ec2:DescribeAvailabilityZones",
                    "ec2:DescribeInstances",
                    "ec2:DescribeNetworkInterfaces",
                    "ec2:DescribeSecurityGroups",
                    "ec2:DescribeSubnets",
                    "ec2:DescribeVpcs",
                    "elasticloadbalancing:DescribeTargetGroups",
                    "elasticloadbalancing:DescribeTargetHealth"))
            .resources(List.of("*"))
            .build(),
        "AWS limits none of these to a resource",
        "*");
    controller.allow(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "elasticloadbalancing:RegisterTargets",
                    "elasticloadbalancing:DeregisterTargets"))
            .resources(targetGroupArns)
            .build());
    return controller;
  }

  ServiceAccountRole externalSecrets() {
    return externalSecrets;
  }

  /** Reads the archived logs of workflows. */
  ServiceAccountRole argoServer() {
    return argoServer;
  }

  /** Reads the event logs of Spark. */
  ServiceAccountRole historyServer() {
    return historyServer;
  }

  /** Drivers of the jobs that Argo starts. */
  ServiceAccountRole arcjob() {
    return arcjob;
  }

  /** Drivers of native Spark applications. */
  ServiceAccountRole nativejob() {
    return nativejob;
  }

  /** Executors of both; its account has no rights in Kubernetes. */
  ServiceAccountRole executor() {
    return executor;
  }

  /** Notebooks; the account's name is the parameter {@code jhubuser}, a token. */
  ServiceAccountRole jupyterUser() {
    return jupyterUser;
  }
}
