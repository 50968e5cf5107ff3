package io.sqletl.platform;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Aws;
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
    Zones zones = new Zones(this, "Zones", settings);
    Network network = new Network(this, "Network", settings, zones);
    EksCluster cluster = new EksCluster(this, "Eks", network, settings);
    String amiRelease =
        settings.nodes().amiRelease().orElseGet(() -> parameters.newestAmiRelease(settings));
    ClusterAddons addons =
        new ClusterAddons(this, "Addons", cluster, settings.release(), amiRelease);
    NodeGroups nodes = new NodeGroups(this, "Nodes", cluster, network, zones, settings, amiRelease);
    nodes.getNode().addDependency(addons.network());
    addons.addOnNodes(nodes);
    settings.alarmEmail().ifPresent(email -> new Alarms(this, "Alarms", cluster, nodes, email));
    CodeBucket code = new CodeBucket(this, "Code");
    DataLake dataLake = new DataLake(this, "DataLake", parameters, code);
    AthenaTables tables = new AthenaTables(this, "Athena", code, settings.glueTables());
    JupyterPassword password = new JupyterPassword(this, "JupyterPassword", parameters, cluster);
    ServiceAccountRoles roles = new ServiceAccountRoles(this, "Roles", cluster, parameters);
    roles.allowData(new DataAccess(code, dataLake), tables);
    roles.allowSync(password.secret());

    ContainerImages images = ContainerImages.of(settings);
    Namespaces namespaces =
        new Namespaces(
            this, "Namespaces", cluster, network.vpc().getVpcCidrBlock(), settings.nodes());
    // When the stack goes, volumes in a namespace are let go by what still runs on the nodes
    namespaces.getNode().addDependency(nodes, addons);
    Charts charts = new Charts(this, "Charts", cluster, List.of(namespaces));
    charts.install(
        "cluster-autoscaler",
        Map.of(
            "clusterName", cluster.cluster().getClusterName(),
            "region", Aws.REGION,
            "imageTag", settings.release().autoscalerTag(),
            "serviceAccount", roles.clusterAutoscaler().serviceAccount(),
            "roleArn", roles.clusterAutoscaler().roleArn()));
    new SparkJobs(
        this, "Spark", cluster, charts, namespaces, roles, code, dataLake, tables, images);
    new Notebooks(
        this,
        "Notebooks",
        cluster,
        charts,
        roles,
        password,
        code,
        dataLake,
        tables,
        images,
        settings);
    if (settings.entry() == PlatformSettings.Entry.CLOUDFRONT) {
      new Entry(this, "Entry", network, cluster, charts, roles);
    }
  }
}
