package io.sqletl.platform;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.athena.CfnWorkGroup;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.constructs.Construct;

/**
 * Where jobs and notebooks run SQL of Athena, and the tables of Glue that they may make with it.
 */
final class AthenaTables extends Construct {

  /** Below the code bucket; the workgroup writes nowhere else. */
  static final String RESULTS = "athena-results";

  private final CfnWorkGroup workgroup;
  private final List<String> tables;

  /**
   * @param tables names as {@code database.table}; {@code database.*} for all tables of a database
   */
  AthenaTables(Construct scope, String id, CodeBucket code, List<String> tables) {
    super(scope, id);
    this.tables = tables;
    workgroup =
        CfnWorkGroup.Builder.create(this, "Workgroup")
            // Athena generates no names, and a stack's is the only one of its region
            .name(Aws.STACK_NAME)
            .description("SQL of jobs and notebooks")
            .recursiveDeleteOption(true)
            .workGroupConfiguration(
                CfnWorkGroup.WorkGroupConfigurationProperty.builder()
                    .enforceWorkGroupConfiguration(true)
                    .publishCloudWatchMetricsEnabled(true)
                    .engineVersion(
                        CfnWorkGroup.EngineVersionProperty.builder()
                            .selectedEngineVersion("Athena engine version 3")
                            .build())
                    .resultConfiguration(
                        CfnWorkGroup.ResultConfigurationProperty.builder()
                            .outputLocation(
                                "s3://" + code.bucket().getBucketName() + "/" + RESULTS + "/")
                            .encryptionConfiguration(
                                CfnWorkGroup.EncryptionConfigurationProperty.builder()
                                    .encryptionOption("SSE_KMS")
                                    .kmsKey(code.key().getKeyArn())
                                    .build())
                            .build())
                    .build())
            .build();
  }

  /** A token. */
  String workgroup() {
    return workgroup.getName();
  }

  /** Lets a role query in the workgroup, and make, change and read the tables. */
  void allow(ServiceAccountRole role) {
    role.allow(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "athena:GetWorkGroup",
                    "athena:StartQueryExecution",
                    "athena:StopQueryExecution",
                    "athena:GetQueryExecution",
                    "athena:GetQueryResults",
                    "athena:GetQueryResultsStream"))
            .resources(List.of(arn("athena", "workgroup", workgroup())))
            .build());
    role.allow(
        PolicyStatement.Builder.create()
            .actions(
                List.of(
                    "glue:GetDatabase",
                    "glue:GetTable",
                    "glue:GetTables",
                    "glue:GetPartition",
                    "glue:GetPartitions",
                    "glue:BatchGetPartition",
                    "glue:CreateTable",
                    "glue:UpdateTable",
                    "glue:DeleteTable",
                    "glue:CreatePartition",
                    "glue:BatchCreatePartition",
                    "glue:UpdatePartition"))
            .resources(tableArns())
            .build(),
        "Whoever deployed it asked for all tables of this database",
        "/.*:table\\/[a-z0-9_]+\\/\\*$/");
    role.allow(
        PolicyStatement.Builder.create()
            // In a new account Athena makes the database "default" when it is first used
            .actions(List.of("glue:GetDatabase", "glue:CreateDatabase"))
            .resources(List.of(catalog(), arn("glue", "database", "default")))
            .build());
  }

  /** Glue asks for the catalog and the database of a table as well. */
  private List<String> tableArns() {
    List<String> arns = new ArrayList<>();
    arns.add(catalog());
    for (String table : tables) {
      String database = table.substring(0, table.indexOf('.'));
      arns.add(arn("glue", "database", database));
      arns.add(arn("glue", "table", table.replace('.', '/')));
    }
    return arns.stream().distinct().toList();
  }

  private String catalog() {
    return Stack.of(this)
        .formatArn(
            ArnComponents.builder()
                .service("glue")
                .resource("catalog")
                .arnFormat(ArnFormat.NO_RESOURCE_NAME)
                .build());
  }

  private String arn(String service, String type, String name) {
    return Stack.of(this)
        .formatArn(
            ArnComponents.builder().service(service).resource(type).resourceName(name).build());
  }
}
