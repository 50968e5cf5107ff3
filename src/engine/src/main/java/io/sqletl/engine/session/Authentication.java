package io.sqletl.engine.session;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * How a stage proves who it is to the store that it reads or writes: a method and its parameters,
 * as Hadoop settings. Those of S3 are for the stage's bucket only.
 */
public final class Authentication {

  private static final String S3A = "s3a://";
  private static final String SIMPLE = "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider";

  private final Method method;
  private final Map<String, String> parameters;

  private Authentication(Method method, Map<String, String> parameters) {
    this.method = method;
    this.parameters = Map.copyOf(parameters);
  }

  /** The methods, each with the parameters that it cannot do without. */
  private enum Method {
    AzureSharedKey("accountName", "signature"),
    AzureSharedAccessSignature("accountName", "container", "token"),
    AzureDataLakeStorageToken("clientID", "refreshToken"),
    AzureDataLakeStorageGen2AccountKey("accountName", "accessKey"),
    AzureDataLakeStorageGen2OAuth("clientID", "secret", "directoryID"),
    AmazonAccessKey("accessKeyID", "secretAccessKey"),
    AmazonAnonymous(),
    AmazonEnvironmentVariable(),
    AmazonIAM(),
    GoogleCloudStorageKeyFile("projectID", "keyFilePath");

    private final List<String> required;

    Method(String... required) {
      this.required = List.of(required);
    }
  }

  /** None: what the session itself is set to counts. */
  public static Authentication none() {
    return new Authentication(null, Map.of());
  }

  /**
   * Reads the object of a job file; an empty one is none.
   *
   * @throws IllegalArgumentException with a message for the person who wrote the job
   */
  public static Authentication of(Map<String, String> keys) {
    if (keys.isEmpty()) {
      return none();
    }
    String name = keys.get("method");
    Method method = methodNamed(name);
    for (String parameter : method.required) {
      if (!keys.containsKey(parameter)) {
        throw new IllegalArgumentException(
            "Authentication method '" + name + "' requires '" + parameter + "' parameter");
      }
    }
    if (keys.getOrDefault("accountName", "").contains("fs.azure")) {
      throw new IllegalArgumentException(
          "Authentication method '" + name + "' wants the account's name alone as 'accountName'");
    }
    Map<String, String> parameters = new LinkedHashMap<>(keys);
    parameters.remove("method");
    Authentication authentication = new Authentication(method, parameters);
    authentication.encryption();
    return authentication;
  }

  private static Method methodNamed(String name) {
    if (name == null) {
      throw new IllegalArgumentException("Authentication needs a 'method'");
    }
    for (Method method : Method.values()) {
      if (method.name().equals(name)) {
        return method;
      }
    }
    throw new IllegalArgumentException("Unable to parse authentication method: '" + name + "'");
  }

  public boolean isNone() {
    return method == null;
  }

  /** The method's name, for a log; empty text for none. */
  public String methodName() {
    return method == null ? "" : method.name();
  }

  /** Sets what the method needs to reach a URI. */
  public void apply(String uri, BiConsumer<String, String> hadoopSetting) {
    hadoopSettings(uri).forEach(hadoopSetting);
  }

  /** Hadoop settings that the method stands for, when reading or writing a URI. */
  public Map<String, String> hadoopSettings(String uri) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (method == null) {
      return settings;
    }
    switch (method) {
      case AzureSharedKey ->
          settings.put(
              "fs.azure.account.key." + get("accountName") + ".blob.core.windows.net",
              get("signature"));
      case AzureSharedAccessSignature ->
          settings.put(
              "fs.azure.sas."
                  + get("container")
                  + "."
                  + get("accountName")
                  + ".blob.core.windows.net",
              get("token"));
      case AzureDataLakeStorageToken -> {
        settings.put("fs.adl.oauth2.access.token.provider.type", "RefreshToken");
        settings.put("fs.adl.oauth2.client.id", get("clientID"));
        settings.put("fs.adl.oauth2.refresh.token", get("refreshToken"));
      }
      case AzureDataLakeStorageGen2AccountKey ->
          settings.put(
              "fs.azure.account.key." + get("accountName") + ".dfs.core.windows.net",
              get("accessKey"));
      case AzureDataLakeStorageGen2OAuth -> {
        settings.put("fs.azure.account.auth.type", "OAuth");
        settings.put(
            "fs.azure.account.oauth.provider.type",
            "org.apache.hadoop.fs.azurebfs.oauth2.ClientCredsTokenProvider");
        settings.put("fs.azure.account.oauth2.client.id", get("clientID"));
        settings.put("fs.azure.account.oauth2.client.secret", get("secret"));
        settings.put(
            "fs.azure.account.oauth2.client.endpoint",
            "https://login.microsoftonline.com/" + get("directoryID") + "/oauth2/token");
      }
      case AmazonAccessKey -> {
        String bucket = bucketPrefix(uri);
        settings.put(bucket + "aws.credentials.provider", SIMPLE);
        settings.put(bucket + "access.key", get("accessKeyID"));
        settings.put(bucket + "secret.key", get("secretAccessKey"));
        putIfGiven(settings, bucket + "endpoint", "endpoint");
        putIfGiven(settings, bucket + "connection.ssl.enabled", "sslEnabled");
      }
      case AmazonAnonymous ->
          settings.put(
              bucketPrefix(uri) + "aws.credentials.provider",
              "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");
      case AmazonEnvironmentVariable ->
          settings.put(
              bucketPrefix(uri) + "aws.credentials.provider",
              "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider");
      case AmazonIAM -> {
        String bucket = bucketPrefix(uri);
        settings.put(
            bucket + "aws.credentials.provider",
            "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider");
        encryption().forEach((name, value) -> settings.put(bucket + name, value));
      }
      case GoogleCloudStorageKeyFile -> {
        settings.put("fs.gs.project.id", get("projectID"));
        settings.put("fs.gs.auth.type", "SERVICE_ACCOUNT_JSON_KEYFILE");
        settings.put("fs.gs.auth.service.account.json.keyfile", get("keyFilePath"));
      }
    }
    return settings;
  }

  /** The combinations of AmazonIAM's parameters that mean something. */
  private Map<String, String> encryption() {
    if (method != Method.AmazonIAM) {
      return Map.of();
    }
    String algorithm = parameters.get("encryptionAlgorithm");
    String kmsArn = parameters.get("kmsArn");
    String customKey = parameters.get("customKey");
    if (algorithm == null && kmsArn == null && customKey == null) {
      return Map.of();
    }
    if ("SSE-S3".equals(algorithm) && kmsArn == null && customKey == null) {
      return Map.of("encryption.algorithm", "AES256");
    }
    if ("SSE-KMS".equals(algorithm) && kmsArn != null && customKey == null) {
      return Map.of("encryption.algorithm", "SSE-KMS", "encryption.key", kmsArn);
    }
    if ("SSE-C".equals(algorithm) && kmsArn == null && customKey != null) {
      return Map.of("encryption.algorithm", "SSE-C", "encryption.key", customKey);
    }
    throw new IllegalArgumentException(
        "Invalid authentication options for AmazonIAM method. SSE-S3 stands alone, SSE-KMS needs"
            + " 'kmsArn' and SSE-C needs 'customKey'");
  }

  private String get(String parameter) {
    return parameters.get(parameter);
  }

  private void putIfGiven(Map<String, String> settings, String name, String parameter) {
    if (parameters.containsKey(parameter)) {
      settings.put(name, get(parameter));
    }
  }

  private static String bucketPrefix(String uri) {
    if (!uri.startsWith(S3A)) {
      return "fs.s3a.";
    }
    return "fs.s3a.bucket." + uri.substring(S3A.length()).split("/", 2)[0] + ".";
  }

  /** The method alone: parameters are secrets. */
  @Override
  public String toString() {
    return methodName();
  }
}
