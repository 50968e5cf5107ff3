package io.sqletl.engine.session;

import java.util.LinkedHashMap;
import java.util.Map;

/** Hadoop settings by which S3A reaches Amazon S3. */
public final class S3Settings {

  /**
   * A role of a Kubernetes service account first, then what a person's shell or machine has, then
   * nobody, so that public buckets can be read.
   */
  private static final String PROVIDERS =
      String.join(
          ",",
          "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider",
          "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");

  private S3Settings() {}

  /** The usual chain of AWS credentials. */
  public static Map<String, String> onAws() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("fs.s3a.aws.credentials.provider", PROVIDERS);
    return settings;
  }
}
