package io.sqletl.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The code bucket, the data lake, Athena's workgroup and the password. */
class StorageTest {

  private final Synthesis stack = Synthesis.with();
  private final JsonNode bucket = stack.at("Code/Bucket").properties();

  @Test
  void encryptsTheBucketWithItsOwnKey() {
    JsonNode rule = bucket.at("/BucketEncryption/ServerSideEncryptionConfiguration/0");
    assertThat(rule.at("/ServerSideEncryptionByDefault/SSEAlgorithm").asText())
        .isEqualTo("aws:kms");
    assertThat(Rendered.text(rule.at("/ServerSideEncryptionByDefault/KMSMasterKeyID")))
        .isEqualTo("${CodeKey.Arn}");
    assertThat(rule.path("BucketKeyEnabled").asBoolean()).isTrue();
    assertThat(stack.at("Code/Key").properties().path("EnableKeyRotation").asBoolean()).isTrue();
  }

  @Test
  void servesTheBucketOverTlsOnly() {
    assertThat(
            Statement.ofDocument(
                stack.at("Code/Bucket/Policy").properties().path("PolicyDocument")))
        .anySatisfy(
            statement -> {
              assertThat(statement.effect()).isEqualTo("Deny");
              assertThat(statement.conditions()).isEqualTo("{Bool={aws:SecureTransport=false}}");
              assertThat(statement.resources())
                  .containsExactly("${CodeBucket.Arn}", "${CodeBucket.Arn}/*");
            })
        .anySatisfy(
            statement ->
                assertThat(statement.conditions())
                    .isEqualTo("{NumericLessThan={s3:TlsVersion=1.2}}"));
  }

  @Test
  void keepsVersionsAndKnowsNoAcls() {
    assertThat(bucket.at("/VersioningConfiguration/Status").asText()).isEqualTo("Enabled");
    assertThat(bucket.at("/OwnershipControls/Rules/0/ObjectOwnership").asText())
        .isEqualTo("BucketOwnerEnforced");
    assertThat(bucket.has("AccessControl")).isFalse();
    assertThat(bucket.path("PublicAccessBlockConfiguration"))
        .hasSize(4)
        .allSatisfy(blocked -> assertThat(blocked.asBoolean()).isTrue());
  }

  @Test
  void tidiesUp() {
    JsonNode rules = bucket.at("/LifecycleConfiguration/Rules");
    assertThat(rules.findValuesAsText("Status")).containsOnly("Enabled");
    assertThat(rules.findPath("AbortIncompleteMultipartUpload").path("DaysAfterInitiation").asInt())
        .isEqualTo(7);
    assertThat(rules.findPath("NoncurrentVersionExpiration").path("NoncurrentDays").asInt())
        .isEqualTo(30);
    assertThat(rules.findPath("ExpiredObjectDeleteMarker").asBoolean()).isTrue();
  }

  @Test
  void endsOldEventLogsAndKeepsTheFolderThatTheyAreIn() {
    JsonNode rule =
        java.util.stream.StreamSupport.stream(
                bucket.at("/LifecycleConfiguration/Rules").spliterator(), false)
            .filter(candidate -> candidate.path("Id").asText().equals("EventLogs"))
            .findFirst()
            .orElseThrow();
    assertThat(rule.path("Prefix").asText()).isEqualTo("spark-events/");
    assertThat(rule.path("ExpirationInDays").asInt()).isEqualTo(90);
    assertThat(rule.path("ObjectSizeGreaterThan").asText()).isEqualTo("0");
  }

  @Test
  void outlivesTheStackWithItsKey() {
    for (String path : List.of("Code/Bucket", "Code/Key")) {
      assertThat(stack.at(path).json().path("DeletionPolicy").asText())
          .as(path)
          .isEqualTo("Retain");
    }
    assertThat(stack.template().at("/Outputs/CODEBUCKET/Value").toString())
        .isEqualTo("{\"Ref\":\"" + stack.at("Code/Bucket").id() + "\"}");
  }

  @Test
  void getsTheJobsAndKeepsWhatTheyWrote() {
    List<Synthesis.Resource> uploads = stack.resources("Custom::CDKBucketDeployment");
    assertThat(uploads)
        .allSatisfy(
            upload -> {
              assertThat(Rendered.text(upload.properties().path("DestinationBucketName")))
                  .isEqualTo("${CodeBucket}");
              assertThat(upload.properties().path("Prune").asBoolean(true)).isFalse();
            })
        .extracting(upload -> upload.properties().path("DestinationBucketKeyPrefix").asText())
        .containsExactlyInAnyOrder("app_code", "");
  }

  @Test
  void takesTheCodeBucketForTheDataLakeWhenNoneIsNamed() {
    JsonNode conditions = stack.template().path("Conditions");
    assertThat(conditions.findValues("Fn::Equals").toString())
        .contains("[{\"Ref\":\"datalakebucket\"},\"\"]");
  }

  @Test
  void holdsAthenaToItsOwnFolder() {
    JsonNode workgroup = stack.resource("AWS::Athena::WorkGroup").properties();
    assertThat(Rendered.text(workgroup.path("Name"))).isEqualTo("${AWS::StackName}");
    JsonNode configuration = workgroup.path("WorkGroupConfiguration");
    assertThat(configuration.path("EnforceWorkGroupConfiguration").asBoolean()).isTrue();
    assertThat(Rendered.text(configuration.at("/ResultConfiguration/OutputLocation")))
        .isEqualTo("s3://${CodeBucket}/athena-results/");
    assertThat(
            configuration
                .at("/ResultConfiguration/EncryptionConfiguration/EncryptionOption")
                .asText())
        .isEqualTo("SSE_KMS");
  }

  @Test
  void generatesThePasswordWhereNobodySeesIt() {
    JsonNode secret = stack.at("JupyterPassword/Secret").properties();
    assertThat(secret.has("SecretString")).isFalse();
    assertThat(Rendered.text(secret.at("/GenerateSecretString/SecretStringTemplate")))
        .isEqualTo("{\"username\":\"${jhubuser}\"}");
    assertThat(secret.at("/GenerateSecretString/GenerateStringKey").asText()).isEqualTo("password");
    assertThat(secret.at("/GenerateSecretString/PasswordLength").asInt()).isEqualTo(32);
    assertThat(Rendered.text(secret.path("KmsKeyId"))).isEqualTo("${EksKey.Arn}");
  }
}
