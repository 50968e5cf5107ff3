package io.sqletl.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class S3SettingsTest {

  private static final String PROVIDER = "fs.s3a.aws.credentials.provider";

  @Test
  void theRoleOfAPodIsTheOnlyOne() {
    assertThat(S3Settings.onAws(Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")))
        .containsEntry(
            PROVIDER,
            "software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider");
    assertThat(S3Settings.onAws(Map.of("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://x")))
        .containsEntry(
            PROVIDER, "software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider");
  }

  @Test
  void elsewhereTheUsualChainEndsWithNobody() {
    assertThat(S3Settings.onAws(Map.of()).get(PROVIDER))
        .isEqualTo(
            "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider,"
                + "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");
  }

  @Test
  void theRegionIsThatOfTheEnvironment() {
    assertThat(S3Settings.onAws(Map.of("AWS_REGION", "eu-west-1")))
        .containsEntry("fs.s3a.endpoint.region", "eu-west-1");
    assertThat(S3Settings.onAws(Map.of())).doesNotContainKey("fs.s3a.endpoint.region");
  }
}
