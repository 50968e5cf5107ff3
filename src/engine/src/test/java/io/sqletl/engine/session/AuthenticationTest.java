package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticationTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AzureDataLakeStorageGen2AccountKey | accountName=acc,accessKey=k | fs.azure.account.key.acc.dfs.core.windows.net | k
          AzureDataLakeStorageGen2OAuth | clientID=c,secret=s,directoryID=d | fs.azure.account.oauth2.client.endpoint.acc.dfs.core.windows.net | https://login.microsoftonline.com/d/oauth2/token
          AmazonAccessKey | accessKeyID=a,secretAccessKey=s | fs.s3a.bucket.b.secret.key | s
          AmazonAccessKey | accessKeyID=a,secretAccessKey=s,endpoint=minio:9000 | fs.s3a.bucket.b.path.style.access | true
          AmazonAccessKey | accessKeyID=a,secretAccessKey=s,encryptionAlgorithm=SSE-C,customKey=c | fs.s3a.bucket.b.encryption.key | c
          AmazonAnonymous | | fs.s3a.bucket.b.aws.credentials.provider | org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider
          AmazonEnvironmentVariable | | fs.s3a.bucket.b.aws.credentials.provider | software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider
          AmazonIAM | encryptionAlgorithm=SSE-KMS,kmsArn=arn | fs.s3a.bucket.b.encryption.key | arn
          GoogleCloudStorageKeyFile | projectID=p,keyFilePath=/k | fs.gs.project.id | p
          """)
  void aMethodIsSettingsOfHadoop(String method, String parameters, String name, String value) {
    String uri =
        method.startsWith("Azure") ? "abfss://con@acc.dfs.core.windows.net/key" : "s3a://b/key";

    assertThat(Authentication.of(keys(method, parameters)).hadoopSettings(uri))
        .containsEntry(name, value);
  }

  @ParameterizedTest
  @CsvSource({"AzureSharedKey", "AzureSharedAccessSignature", "AzureDataLakeStorageToken"})
  void aMethodOfAStoreThatIsGoneIsRefused(String method) {
    assertThatThrownBy(() -> Authentication.of(keys(method, "")))
        .hasMessageStartingWith("Authentication method '" + method + "' is refused: ")
        .hasMessageContaining("use abfss: with AzureDataLakeStorageGen2");
  }

  @Test
  void aParameterThatThereIsNotIsNamed() {
    assertThatThrownBy(() -> Authentication.of(keys("AmazonAnonymous", "accessKey=a")))
        .hasMessage("Authentication method 'AmazonAnonymous' has no parameter 'accessKey'");
  }

  @Test
  void settingsOfS3AreForTheBucketAlone() {
    Authentication authentication =
        Authentication.of(keys("AmazonAccessKey", "accessKeyID=a,secretAccessKey=s"));

    assertThat(authentication.hadoopSettings("s3a://b/key").keySet())
        .allMatch(name -> name.startsWith("fs.s3a.bucket.b."));
  }

  @Test
  void settingsOfAzureAreForTheAccountAlone() {
    Authentication authentication =
        Authentication.of(
            keys("AzureDataLakeStorageGen2OAuth", "clientID=c,secret=s,directoryID=d"));

    assertThat(authentication.hadoopSettings("abfss://c@acc.dfs.core.windows.net/x").keySet())
        .allMatch(name -> name.endsWith(".acc.dfs.core.windows.net"));
  }

  @Test
  void whatIsMissingOrUnknownIsNamed() {
    assertThatThrownBy(() -> Authentication.of(keys("AmazonAccessKey", "accessKeyID=a")))
        .hasMessage("Authentication method 'AmazonAccessKey' requires 'secretAccessKey' parameter");
    assertThatThrownBy(() -> Authentication.of(keys("AmazonKey", "")))
        .hasMessage("Unable to parse authentication method: 'AmazonKey'");
    assertThatThrownBy(() -> Authentication.of(keys("AmazonIAM", "encryptionAlgorithm=SSE-KMS")))
        .hasMessageStartingWith("Invalid authentication options for AmazonIAM method.");
  }

  @Test
  void anEmptyObjectIsNone() {
    assertThat(Authentication.of(Map.of()).isNone()).isTrue();
    assertThat(Authentication.none().hadoopSettings("s3a://b/key")).isEmpty();
  }

  @Test
  void itsTextShowsNoSecret() {
    assertThat(Authentication.of(keys("AmazonAccessKey", "accessKeyID=a,secretAccessKey=s")))
        .hasToString("AmazonAccessKey");
  }

  private static Map<String, String> keys(String method, String parameters) {
    Map<String, String> keys = new HashMap<>();
    keys.put("method", method);
    if (parameters != null && !parameters.isEmpty()) {
      for (String parameter : parameters.split(",")) {
        keys.put(parameter.split("=")[0], parameter.split("=")[1]);
      }
    }
    return keys;
  }
}
