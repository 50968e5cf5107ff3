package io.sqletl.platform;

import software.constructs.Construct;

/** The roles of the service accounts in the cluster, each with the rights of its work. */
final class ServiceAccountRoles extends Construct {

  static final String SPARK_NAMESPACE = "spark";
  static final String JUPYTER_NAMESPACE = "jupyter";

  private final ServiceAccountRole clusterAutoscaler;
  private final ServiceAccountRole loadBalancerController;
  private final ServiceAccountRole externalSecrets;
  private final ServiceAccountRole argoServer;
  private final ServiceAccountRole historyServer;
  private final ServiceAccountRole arcjob;
  private final ServiceAccountRole nativejob;
  private final ServiceAccountRole executor;
  private final ServiceAccountRole jupyterUser;

  ServiceAccountRoles(
      Construct scope,
      String id,
      EksCluster cluster,
      PlatformParameters parameters,
      CodeBucket code,
      DataLake dataLake) {
    super(scope, id);
    clusterAutoscaler =
        new ServiceAccountRole(this, "Autoscaler", cluster, "kube-system", "cluster-autoscaler");
    loadBalancerController =
        new ServiceAccountRole(
            this, "LoadBalancerController", cluster, "kube-system", "aws-load-balancer-controller");
    externalSecrets =
        new ServiceAccountRole(
            this, "ExternalSecrets", cluster, "external-secrets", "external-secrets");
    argoServer = new ServiceAccountRole(this, "ArgoServer", cluster, "argo", "argo-server");
    historyServer =
        new ServiceAccountRole(
            this, "HistoryServer", cluster, SPARK_NAMESPACE, "spark-history-server");
    arcjob = new ServiceAccountRole(this, "Arcjob", cluster, SPARK_NAMESPACE, "arcjob");
    nativejob = new ServiceAccountRole(this, "Nativejob", cluster, SPARK_NAMESPACE, "nativejob");
    executor = new ServiceAccountRole(this, "Executor", cluster, SPARK_NAMESPACE, "spark-executor");
    jupyterUser =
        new ServiceAccountRole(
            this, "JupyterUser", cluster, JUPYTER_NAMESPACE, parameters.jupyterUser());
  }

  ServiceAccountRole clusterAutoscaler() {
    return clusterAutoscaler;
  }

  ServiceAccountRole loadBalancerController() {
    return loadBalancerController;
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
