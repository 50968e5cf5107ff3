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
    ClusterAddons addons = new ClusterAddons(this, "Addons", cluster);
    NodeGroups nodes = new NodeGroups(this, "Nodes", cluster, network, settings.architecture());
    nodes.getNode().addDependency(addons.network());
    addons.addOnNodes(nodes);
    CodeBucket code = new CodeBucket(this, "Code");
    DataLake dataLake = new DataLake(this, "DataLake", parameters, code);
    AthenaTables tables = new AthenaTables(this, "Athena", code, settings.glueTables());
    JupyterPassword password = new JupyterPassword(this, "JupyterPassword", parameters, cluster);
    ServiceAccountRoles roles = new ServiceAccountRoles(this, "Roles", cluster, parameters);
    roles.allowData(new DataAccess(code, dataLake), tables);
    roles.allowSync(password.secret());
  }
}
