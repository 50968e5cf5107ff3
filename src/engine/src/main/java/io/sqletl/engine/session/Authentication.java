package io.sqletl.engine.session;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a stage proves who it is to the store that it reads or writes: a method and its parameters,
 * as Hadoop settings. They are for the bucket or the account of the stage only.
 */
public final class Authentication {

  private static final Logger LOG = LoggerFactory.getLogger(Authentication.class);
  private static final String S3A = "s3a://";
  private static final String SIMPLE = "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider";

  private final Method method;
  private final Map<String, String> parameters;

  private Authentication(Method method, Map<String, String> parameters) {
    this.method = method;
    this.parameters = Map.copyOf(parameters);
  }

  /** The methods, each with the parameters that it needs, and those that it takes. */
  private enum Method {
    AzureDataLakeStorageGen2AccountKey(List.of("accountName", "accessKey"), List.of()),
    AzureDataLakeStorageGen2OAuth(List.of("clientID", "secret", "directoryID"), List.of()),
    AmazonAccessKey(
        List.of("accessKeyID", "secretAccessKey"),
        List.of("endpoint", "sslEnabled", "encryptionAlgorithm", "kmsArn", "customKey")),
    AmazonAnonymous(List.of(), List.of("endpoint", "sslEnabled")),
    AmazonEnvironmentVariable(List.of(), List.of()),
    AmazonIAM(
        List.of(), List.of("encryptionAlgorithm", "kmsArn", "customKey", "endpoint", "sslEnabled")),
    GoogleCloudStorageKeyFile(List.of("projectID", "keyFilePath"), List.of());

    private final List<String> required;
    private final List<String> optional;

    Method(List<String> required, List<String> optional) {
      this.required = required;
      this.optional = optional;
    }
  }

  /** Methods of stores that are gone, each with what to use instead. */
  private static final Map<String, String> GONE =
      Map.of(
          "AzureSharedKey",
          "Hadoop has given up its connector for wasb:; use abfss: with"
              + " AzureDataLakeStorageGen2AccountKey",
          "AzureSharedAccessSignature",
          "Hadoop has given up its connector for wasb:; use abfss: with"
              + " AzureDataLakeStorageGen2AccountKey or AzureDataLakeStorageGen2OAuth",
          "AzureDataLakeStorageToken",
          "Azure Data Lake Storage Gen1 is closed; use abfss: with"
              + " AzureDataLakeStorageGen2OAuth");

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
    for (String parameter : parameters.keySet()) {
      if (!method.required.contains(parameter) && !method.optional.contains(parameter)) {
        throw new IllegalArgumentException(
            "Authentication method '" + name + "' has no parameter '" + parameter + "'");
      }
    }
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
    if (GONE.containsKey(name)) {
      throw new IllegalArgumentException(
          "Authentication method '" + name + "' is refused: " + GONE.get(name));
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

  /**
   * Sets what the method needs to reach a URI. Hadoop keeps file systems with the credentials of
   * their first use; one that had others is closed.
   *
   * <p>On the local lake, whose keys are made for one run, methods of S3 say nothing unless they
   * name an endpoint of their own.
   */
  public void applyTo(String uri, Configuration hadoop) {
    boolean onLake = hadoop.getBoolean(LakeServer.MARK, false);
    if (onLake && uri.startsWith(S3A) && !parameters.containsKey("endpoint")) {
      return;
    }
    Map<String, String> settings = hadoopSettings(uri);
    boolean same =
        settings.entrySet().stream()
            .allMatch(setting -> setting.getValue().equals(hadoop.get(setting.getKey())));
    if (same) {
      return;
    }
    settings.forEach(hadoop::set);
    try {
      FileSystem kept = FileSystem.get(URI.create(rootOf(uri)), hadoop);
      kept.close();
    } catch (IOException | IllegalArgumentException e) {
      LOG.debug("No file system for {} to forget", uri, e);
    }
  }

  /** Hadoop settings that the method stands for, when reading or writing a URI. */
  public Map<String, String> hadoopSettings(String uri) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (method == null) {
      return settings;
    }
    switch (method) {
      case AzureDataLakeStorageGen2AccountKey -> {
        String account = get("accountName") + ".dfs.core.windows.net";
        settings.put("fs.azure.account.auth.type." + account, "SharedKey");
        settings.put("fs.azure.account.key." + account, get("accessKey"));
      }
      case AzureDataLakeStorageGen2OAuth -> {
        String account = accountSuffix(uri);
        settings.put("fs.azure.account.auth.type" + account, "OAuth");
        settings.put(
            "fs.azure.account.oauth.provider.type" + account,
            "org.apache.hadoop.fs.azurebfs.oauth2.ClientCredsTokenProvider");
        settings.put("fs.azure.account.oauth2.client.id" + account, get("clientID"));
        settings.put("fs.azure.account.oauth2.client.secret" + account, get("secret"));
        settings.put(
            "fs.azure.account.oauth2.client.endpoint" + account,
            "https://login.microsoftonline.com/" + get("directoryID") + "/oauth2/token");
      }
      case AmazonAccessKey -> {
        String bucket = bucketPrefix(uri);
        settings.put(bucket + "aws.credentials.provider", SIMPLE);
        settings.put(bucket + "access.key", get("accessKeyID"));
        settings.put(bucket + "secret.key", get("secretAccessKey"));
      }
      case AmazonAnonymous ->
          settings.put(
              bucketPrefix(uri) + "aws.credentials.provider",
              "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");
      case AmazonEnvironmentVariable ->
          settings.put(
              bucketPrefix(uri) + "aws.credentials.provider",
              "software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider");
      case AmazonIAM ->
          settings.put(
              bucketPrefix(uri) + "aws.credentials.provider",
              "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider");
      case GoogleCloudStorageKeyFile -> {
        // The connector knows settings of a project and a user, not of a bucket
        settings.put("fs.gs.project.id", get("projectID"));
        settings.put("fs.gs.auth.type", "SERVICE_ACCOUNT_JSON_KEYFILE");
        settings.put("fs.gs.auth.service.account.json.keyfile", get("keyFilePath"));
      }
    }
    if (method.name().startsWith("Amazon")) {
      server(bucketPrefix(uri), settings);
      encryption().forEach((name, value) -> settings.put(bucketPrefix(uri) + name, value));
    }
    return settings;
  }

  /** A server that is not Amazon's has buckets in its paths, not in names of hosts. */
  private void server(String bucket, Map<String, String> settings) {
    String endpoint = get("endpoint");
    if (endpoint != null) {
      settings.put(bucket + "endpoint", endpoint);
      if (!endpoint.contains("amazonaws.com")) {
        settings.put(bucket + "path.style.access", "true");
      }
    }
    if (get("sslEnabled") != null) {
      settings.put(bucket + "connection.ssl.enabled", get("sslEnabled"));
    }
  }

  /** The combinations of parameters of encryption that mean something. */
  private Map<String, String> encryption() {
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
        "Invalid authentication options for "
            + method
            + " method. SSE-S3 stands alone, SSE-KMS needs 'kmsArn' and SSE-C needs 'customKey'");
  }

  private String get(String parameter) {
    return parameters.get(parameter);
  }

  /** The account of an address {@code abfss://CONTAINER@ACCOUNT/PATH}, as settings end with it. */
  private static String accountSuffix(String uri) {
    String host = rootOf(uri).replaceFirst("^[^:]*://(?:[^@]*@)?", "");
    return UriScheme.of(uri).startsWith("abfs") && !host.isEmpty() ? "." + host : "";
  }

  /** Scheme and authority alone; keys need not be legal in a URI. */
  private static String rootOf(String uri) {
    return uri.replaceFirst("^([^:/]*://[^/]*).*", "$1");
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
