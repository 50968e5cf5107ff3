package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who takes which role, and what it lets them do: the policies as CloudFormation gets them. */
class RolesTest {

  private static final String ISSUER =
      "{Fn::Select=[1,{\"Fn::Split\":[\":oidc-provider/\",{\"Ref\":\"EksClusterOidcProviderNative";

  private final Synthesis stack = Synthesis.with();

  private List<String> statements(String path) {
    return Statement.ofRole(stack, path).stream().map(Statement::toString).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "Roles/Arcjob, system:serviceaccount:spark:arcjob",
    "Roles/Nativejob, system:serviceaccount:spark:nativejob",
    "Roles/Executor, system:serviceaccount:spark:spark-executor",
    "Roles/JupyterUser, system:serviceaccount:jupyter:${jhubuser}",
    "Roles/HistoryServer, system:serviceaccount:spark:spark-history-server",
    "Roles/ArgoServer, system:serviceaccount:argo:argo-server",
    "Roles/ExternalSecrets, system:serviceaccount:external-secrets:external-secrets",
    "Roles/Autoscaler, system:serviceaccount:kube-system:cluster-autoscaler",
    "Addons/Network, system:serviceaccount:kube-system:aws-node",
    "Addons/Volumes, system:serviceaccount:kube-system:ebs-csi-controller-sa"
  })
  void isTakenByOneServiceAccountOnly(String path, String subject) {
    assertThat(
            Rendered.texts(
                stack.at(path + "/Role").properties().at("/AssumeRolePolicyDocument/Statement")))
        .singleElement()
        .isEqualTo(
            "{Action=sts:AssumeRoleWithWebIdentity, Condition={StringEquals=${%sCondition.Value}},"
                    .formatted(path.replace("/", ""))
                + " Effect=Allow, Principal={Federated=${EksClusterOidcProviderNative}}}");
    String condition =
        Rendered.text(stack.at(path + "/Condition/Resource/Default").properties().path("Value"));
    assertThat(condition)
        .startsWith("{\"" + ISSUER)
        .contains(":aud\":\"sts.amazonaws.com\"")
        .contains(":sub\":\"" + subject + "\"")
        .doesNotContain("*");
  }

  @Test
  void nodesJoinAndPullAndNothingElse() {
    assertThat(statements("Nodes/NodeRole")).isEmpty();
    assertThat(Rendered.texts(stack.at("Nodes/NodeRole").properties().path("ManagedPolicyArns")))
        .containsExactly(
            "arn:${AWS::Partition}:iam::aws:policy/AmazonEKSWorkerNodePolicy",
            "arn:${AWS::Partition}:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly");
    assertThat(
            Rendered.text(
                stack
                    .at("Nodes/NodeRole")
                    .properties()
                    .at("/AssumeRolePolicyDocument/Statement/0")))
        .isEqualTo("{Action=sts:AssumeRole, Effect=Allow, Principal={Service=ec2.amazonaws.com}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Roles/Arcjob", "Roles/Nativejob", "Roles/Executor", "Roles/JupyterUser"})
  void readsTheCodeAndWritesTheDataLakeAndItsOwnPrefixes(String path) {
    String lake =
        "arn:${AWS::Partition}:s3:::${if DataLakeIsCodeBucket ${CodeBucket} else ${datalakebucket}}";
    assertThat(
            Statement.ofRole(stack, path + "/Role").stream()
                .filter(statement -> statement.isAbout("s3"))
                .toList())
        .containsExactlyInAnyOrder(
            new Statement(
                "Allow",
                List.of("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"),
                List.of("${CodeBucket.Arn}", lake),
                ""),
            new Statement("Allow", List.of("s3:GetObject"), List.of("${CodeBucket.Arn}/*"), ""),
            new Statement(
                "Allow",
                List.of(
                    "s3:AbortMultipartUpload",
                    "s3:DeleteObject",
                    "s3:GetObject",
                    "s3:ListMultipartUploadParts",
                    "s3:PutObject"),
                List.of(
                    "arn:${AWS::Partition}:s3:::${if DataLakeIsCodeBucket ${CodeBucket}/data-lake else ${datalakebucket}}/*",
                    "${CodeBucket.Arn}/app_code/output/*",
                    "${CodeBucket.Arn}/athena-results/*",
                    "${CodeBucket.Arn}/spark-events/*",
                    "${CodeBucket.Arn}/workflow-logs/*"),
                ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Roles/Arcjob", "Roles/Nativejob", "Roles/Executor", "Roles/JupyterUser"})
  void usesAnUnknownKeyForTheDataLakeOnly(String path) {
    assertThat(
            Statement.ofRole(stack, path + "/Role").stream()
                .filter(statement -> statement.isAbout("kms")))
        .allSatisfy(
            statement ->
                assertThat(statement.actions())
                    .containsExactly("kms:Decrypt", "kms:GenerateDataKey"))
        .anySatisfy(
            statement -> assertThat(statement.resources()).containsExactly("${CodeKey.Arn}"))
        .anySatisfy(
            statement -> {
              assertThat(statement.resources())
                  .containsExactly(
                      "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*");
              assertThat(statement.conditions())
                  .contains("kms:ViaService=s3.${AWS::Region}.")
                  .contains("kms:EncryptionContext:aws:s3:arn=")
                  .contains("datalakebucket");
            })
        .hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Roles/Nativejob", "Roles/Executor"})
  void reachesStorageAndNothingElse(String path) {
    assertThat(Statement.ofRole(stack, path + "/Role"))
        .allSatisfy(
            statement ->
                assertThat(statement.isAbout("s3") || statement.isAbout("kms"))
                    .as(statement.toString())
                    .isTrue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Roles/Arcjob", "Roles/JupyterUser"})
  void makesTheNamedTablesInTheWorkgroupOnly(String path) {
    List<Statement> statements = Statement.ofRole(stack, path + "/Role");
    assertThat(statements.stream().filter(statement -> statement.isAbout("athena")))
        .singleElement()
        .satisfies(
            statement ->
                assertThat(statement.resources())
                    .containsExactly(
                        "arn:${AWS::Partition}:athena:${AWS::Region}:${AWS::AccountId}:workgroup/${AWS::StackName}"));
    String glue = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:";
    assertThat(
            statements.stream()
                .filter(statement -> statement.actions().contains("glue:CreateTable")))
        .singleElement()
        .satisfies(
            statement ->
                assertThat(statement.resources())
                    .containsExactly(
                        glue + "catalog",
                        glue + "database/default",
                        glue + "table/default/contact_snapshot"));
  }

  @Test
  void makesTablesOfTheSettingInstead() {
    List<String> resources = new ArrayList<>();
    Statement.ofRole(Synthesis.with("glueTables=sales.*,hr.people"), "Roles/Arcjob/Role").stream()
        .filter(statement -> statement.actions().contains("glue:CreateTable"))
        .forEach(statement -> resources.addAll(statement.resources()));
    assertThat(resources)
        .anyMatch(arn -> arn.endsWith(":table/sales/*"))
        .anyMatch(arn -> arn.endsWith(":database/hr"))
        .noneMatch(arn -> arn.endsWith(":table/default/contact_snapshot"));
  }

  @ParameterizedTest
  @CsvSource({"Roles/ArgoServer, workflow-logs", "Roles/HistoryServer, spark-events"})
  void readsOnePrefix(String path, String prefix) {
    assertThat(statements(path + "/Role"))
        .containsExactlyInAnyOrder(
            "Allow s3:GetBucketLocation\n  on ${CodeBucket.Arn}",
            "Allow s3:ListBucket\n  on ${CodeBucket.Arn}\n  if {StringLike={s3:prefix=[\"%s\",\"%s/*\"]}}"
                .formatted(prefix, prefix),
            "Allow s3:GetObject\n  on ${CodeBucket.Arn}/%s/*".formatted(prefix),
            "Allow kms:Decrypt\n  on ${CodeKey.Arn}");
  }

  @Test
  void externalSecretsReadOneSecret() {
    assertThat(statements("Roles/ExternalSecrets/Role"))
        .containsExactlyInAnyOrder(
            "Allow secretsmanager:DescribeSecret secretsmanager:GetSecretValue\n  on ${JupyterPasswordSecret}",
            "Allow kms:Decrypt\n  on ${EksKey.Arn}\n  if {StringEquals={"
                + "kms:EncryptionContext:SecretARN=${JupyterPasswordSecret},"
                + " kms:ViaService=secretsmanager.${AWS::Region}.${AWS::URLSuffix}}}");
  }

  @Test
  void theAutoscalerChangesGroupsOfThisClusterOnly() {
    List<Statement> statements = Statement.ofRole(stack, "Roles/Autoscaler/Role");
    assertThat(statements.stream().filter(statement -> statement.resources().contains("*")))
        .allSatisfy(
            statement ->
                assertThat(statement.actions())
                    .allMatch(action -> action.matches("(autoscaling|ec2):(Describe|Get).*")));
    assertThat(
            statements.stream()
                .filter(
                    statement -> statement.actions().contains("autoscaling:SetDesiredCapacity")))
        .singleElement()
        .satisfies(
            statement ->
                assertThat(statement.conditions())
                    .isEqualTo("{StringEquals=${RolesOfThisCluster.Value}}"));
    assertThat(
            Rendered.text(
                stack.at("Roles/OfThisCluster/Resource/Default").properties().path("Value")))
        .isEqualTo("{\"aws:ResourceTag/k8s.io/cluster-autoscaler/${EksCluster}\":\"owned\"}");
  }

  /** Only where an action takes no resource, or where the CDK's own function has it. */
  @Test
  void hasAStarForAResourceNowhereElse() {
    Map<String, String> allowed =
        Map.of(
            "Roles/Autoscaler/Role",
            "(autoscaling:Describe|ec2:Describe|ec2:Get).*",
            "Roles/LoadBalancerController/Role",
            "(ec2|elasticloadbalancing):Describe.*",
            "Zones/Function/Role",
            "ec2:Describe.*",
            "Addons/Versions/Role",
            "eks:DescribeAddonVersions",
            "Entry/PrefixList/Lookup/CustomResourcePolicy",
            "ec2:DescribeManagedPrefixLists",
            "LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/ServiceRole/DefaultPolicy",
            "logs:(Put|Delete)RetentionPolicy");
    Map<String, List<Statement>> all = Statement.all(stack);
    assertThat(all.keySet()).containsAll(allowed.keySet());
    all.forEach(
        (path, statements) -> {
          for (Statement statement : statements) {
            if (statement.resources().contains("*")) {
              assertThat(statement.actions())
                  .as(path)
                  .allMatch(action -> action.matches(allowed.getOrDefault(path, "none")));
            }
            assertThat(statement.actions()).as(path).doesNotContain("*", "s3:*", "kms:*");
          }
        });
  }
}
