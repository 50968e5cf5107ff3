package io.sqletl.engine.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Hadoop settings by which S3A reaches Amazon S3. */
public final class S3Settings {

  private static final String SDK = "software.amazon.awssdk.auth.credentials.";

  /** What a person's shell or machine has, then nobody, so that public buckets can be read. */
  private static final String PROVIDERS =
      String.join(
          ",",
          SDK + "DefaultCredentialsProvider",
          "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");

  private S3Settings() {}

  /**
   * By the credentials that this process has.
   *
   * <p>Where a pod has a role, that alone counts: after it the usual chain would try the role of
   * the node, and a mistake in the role would show as a node that may not read.
   *
   * @param environment the process environment
   */
  public static Map<String, String> onAws(Map<String, String> environment) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("fs.s3a.aws.credentials.provider", providers(environment));
    // Without it S3A asks the region of every bucket first
    Optional.ofNullable(environment.get("AWS_REGION"))
        .or(() -> Optional.ofNullable(environment.get("AWS_DEFAULT_REGION")))
        .ifPresent(region -> settings.put("fs.s3a.endpoint.region", region));
    return settings;
  }

  private static String providers(Map<String, String> environment) {
    if (environment.containsKey("AWS_WEB_IDENTITY_TOKEN_FILE")) {
      return SDK + "WebIdentityTokenFileCredentialsProvider";
    }
    if (environment.containsKey("AWS_CONTAINER_CREDENTIALS_FULL_URI")) {
      return SDK + "ContainerCredentialsProvider";
    }
    return PROVIDERS;
  }
}
