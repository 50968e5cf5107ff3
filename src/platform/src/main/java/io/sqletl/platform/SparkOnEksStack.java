package io.sqletl.platform;

import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Tags;
import software.constructs.Construct;

/** The whole platform: one stack, one construct for each concern. */
final class SparkOnEksStack extends Stack {

  static final String ID = "SparkOnEKS";

  SparkOnEksStack(Construct scope, String id, PlatformSettings settings) {
    super(
        scope,
        id,
        StackProps.builder()
            .description("sql-etl: declarative SQL ETL with Apache Spark on Amazon EKS")
            .build());
    Tags.of(this).add("project", "sqlbasedetl");
    PlatformParameters parameters = new PlatformParameters(this);
    Network network = new Network(this, "Network", settings.interfaceEndpoints());
    EksCluster cluster = new EksCluster(this, "Eks", network, settings);
    NodeGroups nodeGroups =
        new NodeGroups(this, "Nodes", cluster, network, settings.architecture());
    CodeBucket code = new CodeBucket(this, "Code");
    DataLake dataLake = new DataLake(this, "DataLake", parameters, code);
    ServiceAccountRoles roles =
        new ServiceAccountRoles(this, "Roles", cluster, parameters, code, dataLake);
  }
}
