package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What was open in the platform that this one replaces; the numbers are its defects'. */
class DefectsOfSecurityTest {

  private static final Synthesis STACK = Synthesis.with();
  private static final InCluster CLUSTER = new InCluster(STACK);

  private static Stream<Statement> statements() {
    return Statement.all(STACK).values().stream().flatMap(List::stream);
  }

  @Test
  void nativeJobsOverwriteWhatTheyWroteDefect20() {
    assertThat(Statement.ofRole(STACK, "Roles/Nativejob/Role"))
        .anySatisfy(
            statement -> {
              assertThat(statement.actions()).contains("s3:DeleteObject");
              assertThat(statement.resources())
                  .contains(
                      "arn:${AWS::Partition}:s3:::${if DataLakeIsCodeBucket ${CodeBucket}/data-lake else"
                          + " ${datalakebucket}}/*");
            });
  }

  @Test
  void nothingWritesToABucketOfSomebodyElseDefect21() {
    assertThat(statements().filter(statement -> statement.isAbout("s3")))
        .isNotEmpty()
        .allSatisfy(
            statement ->
                assertThat(statement.resources())
                    .allMatch(
                        resource ->
                            resource.startsWith("${CodeBucket.Arn}")
                                || resource.contains("${datalakebucket}")
                                || resource.matches("arn:.*:s3:::cdk-\\w+-assets-.*")));
  }

  @Test
  void keysQueriesAndTablesAreNamedDefect22() {
    assertThat(
            statements()
                .filter(
                    statement ->
                        statement.isAbout("kms")
                            || statement.isAbout("athena")
                            || statement.isAbout("glue")))
        .isNotEmpty()
        .allSatisfy(
            statement -> {
              assertThat(statement.resources()).doesNotContain("*");
              if (statement.resources().stream()
                  .anyMatch(resource -> resource.endsWith(":key/*"))) {
                assertThat(statement.conditions())
                    .contains("kms:ViaService", "kms:EncryptionContext:aws:s3:arn");
              }
            });
  }

  @Test
  void oneUserLogsInToJupyterWithAGeneratedPasswordDefect23() {
    JsonNode hub = CLUSTER.values("jupyterhub").at("/hub/config");
    assertThat(hub.at("/JupyterHub/authenticator_class").asText()).isEqualTo("shared-password");
    assertThat(hub.at("/Authenticator/allowed_users").toString()).isEqualTo("[\"${jhubuser}\"]");
    assertThat(hub.toString()).doesNotContain("Dummy", "allow_all");
  }

  @Test
  void podsAreHeldToAStandardAQuotaAndTheirNetworkDefect30() {
    for (String namespace : List.of("spark", "jupyter")) {
      assertThat(
              CLUSTER
                  .object("Namespace", "", namespace)
                  .at("/metadata/labels")
                  .path("pod-security.kubernetes.io/enforce")
                  .asText())
          .isEqualTo("baseline");
      assertThat(CLUSTER.object("ResourceQuota", namespace, namespace).at("/spec/hard"))
          .isNotEmpty();
      assertThat(
              CLUSTER
                  .object("NetworkPolicy", namespace, "default-deny")
                  .at("/spec/policyTypes")
                  .toString())
          .isEqualTo("[\"Ingress\",\"Egress\"]");
    }
    assertThat(
            STACK
                .resource("AWS::EC2::LaunchTemplate")
                .properties()
                .at("/LaunchTemplateData/MetadataOptions/HttpPutResponseHopLimit")
                .asInt())
        .isEqualTo(1);
  }

  /** Whom the endpoint answers is a setting, and a warning until it is set; see ClusterTest. */
  @Test
  void noRoleIsTheWholeAccountsAndTheControlPlaneIsLoggedDefect31() {
    assertThat(STACK.resources("AWS::IAM::Role"))
        .allSatisfy(
            role ->
                assertThat(role.properties().path("AssumeRolePolicyDocument").toString())
                    .doesNotContain(":root", "\"AWS\":\"*\""));
    JsonNode cluster = STACK.resource("AWS::EKS::Cluster").properties();
    assertThat(cluster.at("/Logging/ClusterLogging/EnabledTypes")).hasSize(5);
    assertThat(cluster.at("/EncryptionConfig/0/Resources/0").asText()).isEqualTo("secrets");
    assertThat(STACK.warnings()).anyMatch(warning -> warning.contains("-c apiCidrs="));
  }

  /** There is no pipeline: images are built without a Docker daemon, where the user is. */
  @Test
  void nothingBuildsImagesWithPrivilegesDefect33And45() {
    assertThat(STACK.template().path("Resources"))
        .noneMatch(
            resource -> resource.path("Type").asText().matches("AWS::Code(Build|Pipeline)::.*"));
  }

  @Test
  void theBucketTakesNoLogsAndKnowsNoAclsDefect34() {
    JsonNode bucket = STACK.resource("AWS::S3::Bucket").properties();
    assertThat(bucket.has("AccessControl")).isFalse();
    assertThat(bucket.at("/OwnershipControls/Rules/0/ObjectOwnership").asText())
        .isEqualTo("BucketOwnerEnforced");
    assertThat(STACK.at("Code/Bucket/Policy").properties().toString())
        .contains("aws:SecureTransport")
        .doesNotContain("delivery.logs", "logging.s3");
  }
}
